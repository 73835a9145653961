//! [`Opaque`]: expressions of SQL types that no Rust type reads. They are operands and arguments, and are not selected.

use super::expr::Expr;
use super::node::Node;
use super::operand::{Fits, Operand};
use super::reads::NeverNull;
use crate::types::{HasEquality, SqlType, Value};
use std::marker::PhantomData;

/// The type of an expression of the SQL type `S`, of which Rust has no value: `interval`.
///
/// `Null` is `bool`, or `Option<bool>` where the expression can be NULL.
pub struct Opaque<S, Null>(PhantomData<fn() -> (S, Null)>);

/// The SQL type of an expression, and whether it can be NULL.
pub trait Typed {
    /// The SQL type.
    type Sql;
    /// `bool`, or `Option<bool>` where it can be NULL.
    type Null: Value;
}

impl<V: Value> Typed for V {
    type Sql = V::Sql;
    type Null = V::Propagate<bool>;
}

impl<S, N: Value> Typed for Opaque<S, N> {
    type Sql = S;
    type Null = N;
}

#[diagnostic::do_not_recommend]
impl<Sql, M, S: Fits<Sql, M>, N: Value, R> Operand<Sql, M> for Expr<Opaque<S, N>, R> {
    type Value = N;
    type Reads = R;

    fn into_operand(self) -> Node {
        self.into_erased()
    }
}

impl<S, N: Value, R> Expr<Opaque<S, N>, R> {
    /// `IS NULL`.
    pub fn is_null(self) -> Expr<bool, NeverNull<R>> {
        Expr::new(Node::Postfix(Box::new(self.into_erased()), "IS NULL"))
    }

    /// `IS NOT NULL`.
    pub fn is_not_null(self) -> Expr<bool, NeverNull<R>> {
        Expr::new(Node::Postfix(Box::new(self.into_erased()), "IS NOT NULL"))
    }

    /// `CAST(.. AS ..)`: to a type that Rust has, `cast::<String>()`.
    pub fn cast<V: Value>(self) -> Expr<N::Propagate<V>, (R, ())> {
        Expr::new(Node::Cast(Box::new(self.into_erased()), V::DATA_TYPE))
    }
}

macro_rules! opaque {
    ($(#[$doc:meta] $name:ident, $sql:literal, $constant:ident;)*) => {$(
        #[$doc]
        pub enum $name {}
        impl HasEquality for $name {}
        impl SqlType for $name {
            const NAME: &'static str = $sql;
            fn pg_type() -> postgres_types::Type {
                postgres_types::Type::$constant
            }
        }
    )*};
}

opaque! {
    /// `interval`: manual, section 8.5.4.
    Interval, "interval", INTERVAL;
}

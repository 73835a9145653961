//! What a select gives when it does not give whole rows.

use super::column::{Column, TableColumn};
use super::expr::Expr;
use super::node::{Node, Output};
use super::scope::{InScope, PartOf};
use crate::types::Value;
use crate::types::cells::Decode;

/// One thing that a select can give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "select columns and expressions"
)]
pub trait Selectable<Scope, Place> {
    /// The Rust type of the result: nullable when a left join may leave the row out.
    type Output: Decode;
    /// Its node.
    fn into_selected(self) -> Node;
}

impl<C, Scope, Place> Selectable<Scope, Place> for Column<C>
where
    C: TableColumn,
    C::Source: PartOf<Scope, Place>,
{
    type Output = <C::Source as PartOf<Scope, Place>>::Seen<C::Value>;

    fn into_selected(self) -> Node {
        self.node()
    }
}

impl<V, S, Scope, Place> Selectable<Scope, (Place,)> for Expr<V, S>
where
    V: Value,
    S: InScope<Scope, Place>,
{
    type Output = V;

    fn into_selected(self) -> Node {
        self.into_node()
    }
}

/// One thing, or a tuple of things, that a select can give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "select a column or expression, or a tuple of at most twelve"
)]
pub trait Selection<Scope, Places> {
    /// The Rust type of a row.
    type Row: Decode;
    /// The outputs.
    fn into_outputs(self) -> Vec<Output>;
}

impl<C, Scope, Place> Selection<Scope, Place> for Column<C>
where
    Self: Selectable<Scope, Place>,
{
    type Row = <Self as Selectable<Scope, Place>>::Output;

    fn into_outputs(self) -> Vec<Output> {
        vec![Output::Node(self.into_selected())]
    }
}

impl<V, S, Scope, Place> Selection<Scope, Place> for Expr<V, S>
where
    Self: Selectable<Scope, Place>,
{
    type Row = <Self as Selectable<Scope, Place>>::Output;

    fn into_outputs(self) -> Vec<Output> {
        vec![Output::Node(self.into_selected())]
    }
}

macro_rules! tuples {
    ($($name:ident $place:ident $value:ident),+) => {
        impl<Scope, $($name: Selectable<Scope, $place>, $place),+> Selection<Scope, ($($place,)+)>
            for ($($name,)+)
        {
            type Row = ($($name::Output,)+);

            fn into_outputs(self) -> Vec<Output> {
                let ($($value,)+) = self;
                vec![$(Output::Node($value.into_selected())),+]
            }
        }
    };
}

tuples!(A PlaceA a);
tuples!(A PlaceA a, B PlaceB b);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h);

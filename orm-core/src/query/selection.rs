//! What a select gives when it does not give whole rows.

use super::alias::{Alias, AliasName, AliasOf, RelationOfAlias};
use super::case::Case;
use super::column::Column;
use super::condition::Condition;
use super::expr::Expr;
use super::expression::Expression;
use super::flatten::Flattened;
use super::from_row::{NamedColumns, Pick};
use super::func::Aggregate;
use super::loaded::RowWith;
use super::node::Output;
use super::operand::Subject as _;
use super::placeholder::Placeholder;
use super::reads::{InScope, RowOf};
use super::related::{IntoRelated, Related, Relation};
use super::relation::{Kind, Many};
use super::scope::{Handle, Nullness, PartOf, Slot, Source};
use crate::types::cells::Decode;

/// One thing that a select can give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "select columns, expressions and tables"
)]
pub trait Selectable<Scope, Place> {
    /// The Rust type of the result: nullable when a join may leave the row out.
    type Output: Decode;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn append_output(self, outputs: &mut Vec<Output>);
}

impl<E: Expression, Scope, Place> Selectable<Scope, (Place,)> for E
where
    E::Reads: InScope<Scope, Place>,
{
    type Output = <<E::Reads as InScope<Scope, Place>>::Null as Nullness>::Apply<E::Value>;
    type Reads = E::Reads;

    fn append_output(self, outputs: &mut Vec<Output>) {
        outputs.push(match E::Subject::AS_TEXT {
            None => Output::Node(self.into_node()),
            Some(text) => Output::Text(self.into_node(), None, text),
        });
    }
}

/// The whole row of a table: `T`, or `Option<T>` where a join may leave it out.
impl<S: Source + PartOf<Scope, Place>, Scope, Place> Selectable<Scope, (Place,)> for Handle<S> {
    type Output = <S::Slot as Slot>::Row;
    type Reads = RowOf<S>;

    fn append_output(self, outputs: &mut Vec<Output>) {
        outputs.push(Output::Source(S::SOURCE, S::COLUMNS));
    }
}

/// The whole row of a table, seen through an alias.
impl<T: NamedColumns, N: AliasName, Scope, Place> Selectable<Scope, (Place,)> for AliasOf<T, N>
where
    Alias<T, N>: PartOf<Scope, Place>,
{
    type Output = <<Alias<T, N> as PartOf<Scope, Place>>::Slot as Slot>::Row;
    type Reads = RowOf<Alias<T, N>>;

    fn append_output(self, outputs: &mut Vec<Output>) {
        outputs.push(Output::Source(N::NAME, T::COLUMNS));
    }
}

/// The rows of a relation to many, as a `Vec`. The one row of another relation is joined: it is columns of the select list.
macro_rules! related {
    ($([$($generics:tt)*] $of:ty;)*) => {$(
        impl<$($generics)*, Scope, Place> Selectable<Scope, (Place,)> for $of
        where
            Self: IntoRelated,
            <$of as IntoRelated>::Parent: PartOf<Scope, Place>,
            <<$of as IntoRelated>::Kind as Kind>::Shape: ManyRows,
            Vec<<$of as IntoRelated>::Row>: Decode,
        {
            type Output = Vec<<$of as IntoRelated>::Row>;
            type Reads = RowOf<<$of as IntoRelated>::Parent>;

            fn append_output(self, outputs: &mut Vec<Output>) {
                outputs.push(Output::Relation(Box::new(self.into_related().nested())));
            }
        }
    )*};
}

related! {
    [R] Relation<R>;
    [A, R] RelationOfAlias<A, R>;
    [R, Row, K, P] Related<R, Row, K, P>;
}

/// The relation gives any number of rows.
#[diagnostic::on_unimplemented(
    message = "a relation to one row is not an element of a select list",
    label = "its row is columns of the list",
    note = "join it, `.join(Session::user)`, and select the table, `User`; or take one value, `Session::user.value(User::name)`"
)]
pub trait ManyRows {}
impl ManyRows for Many {}

/// One thing, or a tuple of things, that a select can give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "select a column, an expression, a table, or a tuple of at most sixteen",
    note = "for more, select into a struct with `#[derive(FromRow)]`",
    note = "a window function is called over a window: `func::row_number().over(func::window())`"
)]
pub trait Selection<Scope, Places> {
    /// The Rust type of a row.
    type Row: Decode;
    /// What the list reads.
    type Reads;
    #[doc(hidden)]
    fn append_to(self, outputs: &mut Vec<Output>);
}

macro_rules! single {
    ($([$($generics:tt)*] $selected:ty $(where $($bound:tt)*)?;)*) => {$(
        impl<Scope, Place, $($generics)*> Selection<Scope, Place> for $selected
        where
            Self: Selectable<Scope, Place>,
            $($($bound)*)?
        {
            type Row = <Self as Selectable<Scope, Place>>::Output;
            type Reads = <Self as Selectable<Scope, Place>>::Reads;

            fn append_to(self, outputs: &mut Vec<Output>) {
                self.append_output(outputs);
            }
        }
    )*};
}

single! {
    [C] Column<C>;
    [V, R] Expr<V, R>;
    [V, R, Rows] Aggregate<V, R, Rows>;
    [V] Placeholder<V>;
    [V, R] Case<V, R>;
    [T] Condition<T>;
    [S] Handle<S>;
    [T, N] AliasOf<T, N>;
    [R] Pick<R>;
    [F] Flattened<F>;
    [R] Relation<R>;
    [A, R] RelationOfAlias<A, R>;
    [R, Row, K, P] Related<R, Row, K, P>;
    [S, Row] RowWith<S, Row>;
}

macro_rules! tuples {
    (@reads $scope:ident) => { () };
    (@reads $scope:ident ($name:ident $place:ident) $($rest:tt)*) => {
        (<$name as Selectable<$scope, $place>>::Reads, tuples!(@reads $scope $($rest)*))
    };
    ($($name:ident $place:ident $value:ident),+) => {
        impl<Scope, $($name: Selectable<Scope, $place>, $place),+> Selection<Scope, ($($place,)+)>
            for ($($name,)+)
        {
            type Row = ($($name::Output,)+);
            type Reads = tuples!(@reads Scope $(($name $place))+);

            fn append_to(self, outputs: &mut Vec<Output>) {
                let ($($value,)+) = self;
                $($value.append_output(outputs);)+
            }
        }
    };
}

tuples!(A PA a);
tuples!(A PA a, B PB b);
tuples!(A PA a, B PB b, C PC c);
tuples!(A PA a, B PB b, C PC c, D PD d);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k, L PL l);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k, L PL l, M PM m);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k, L PL l, M PM m, N PN n);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k, L PL l, M PM m, N PN n, O PO o);
tuples!(A PA a, B PB b, C PC c, D PD d, E PE e, F PF f, G PG g, H PH h, I PI i, J PJ j, K PK k, L PL l, M PM m, N PN n, O PO o, P PP p);

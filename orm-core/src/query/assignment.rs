//! [`Assignment`]: `SET column = value`.

use super::column::TableColumn;
use super::insert::{Place, Values};
use super::node::{Assigned, Node};
use super::operand::{IntoValue, sent_in_column};
use super::reads::{InScope, PerRow};
use super::scope::Required;
use crate::types::Value;
use std::marker::PhantomData;

/// A column of the table `T` and its new value, which reads `Reads`.
#[must_use = "an assignment does nothing until an update uses it"]
pub struct Assignment<T, Reads = ()> {
    pub(crate) column: &'static str,
    pub(crate) node: Node,
    types: PhantomData<fn() -> (T, Reads)>,
}

impl<T, R> Clone for Assignment<T, R> {
    fn clone(&self) -> Self {
        Self::new(self.column, self.node.clone())
    }
}

impl<T, R> std::fmt::Debug for Assignment<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {:?}", self.column, self.node)
    }
}

impl<T, R> Assignment<T, R> {
    pub(crate) fn new(column: &'static str, node: Node) -> Self {
        Self { column, node, types: PhantomData }
    }
}

/// Something that can be put into the column `C`: a value of the field's type, or an expression of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into the column `{C}`",
    label = "not a value of the type of the column `{C}`",
    note = "give a value of the field's type, or an expression of it; `None` needs a field of type `Option<_>`"
)]
pub trait Assign<C> {
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_assigned(self) -> Node;
    #[doc(hidden)]
    fn put_into(self, row: &mut Values);
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, V: IntoValue<C::Value>> Assign<C> for V {
    type Reads = V::Reads;

    fn into_assigned(self) -> Node {
        sent_in_column(self.into_value(), C::DECLARED, C::NAME)
    }

    fn put_into(self, row: &mut Values) {
        let place = Place {
            position: C::POSITION,
            name: C::NAME,
            declared: C::DECLARED,
            array_type: <C::Value as Value>::array_type,
        };
        self.put_value(row, &place);
    }
}

/// One assignment, a tuple, a list, or an `Option` of them; what they read is part of the scope `Scope`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not set columns of table `{T}`",
    label = "not an assignment to columns of `{T}`",
    note = "write `{T}::column.set(value)`, or several in a tuple"
)]
pub trait Assignments<T, Place, Scope = (Required<T>,)> {
    #[doc(hidden)]
    fn append_to(self, list: &mut Assigned);
}

impl<T, R, Scope, Place> Assignments<T, (Place,), Scope> for Assignment<T, R>
where
    R: InScope<Scope, Place> + PerRow,
{
    fn append_to(self, list: &mut Assigned) {
        list.push((self.column, self.node));
    }
}

impl<T, Scope, Place, A: Assignments<T, Place, Scope>> Assignments<T, Place, Scope> for Option<A> {
    fn append_to(self, list: &mut Assigned) {
        if let Some(assignments) = self {
            assignments.append_to(list);
        }
    }
}

impl<T, Scope, Place, A: Assignments<T, Place, Scope>> Assignments<T, Place, Scope> for Vec<A> {
    fn append_to(self, list: &mut Assigned) {
        for assignments in self {
            assignments.append_to(list);
        }
    }
}

macro_rules! tuples {
    ($($name:ident $place:ident $value:ident),+) => {
        impl<T, Scope, $($name: Assignments<T, $place, Scope>, $place),+> Assignments<T, ($($place,)+ ()), Scope>
            for ($($name,)+)
        {
            fn append_to(self, list: &mut Assigned) {
                let ($($value,)+) = self;
                $($value.append_to(list);)+
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
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h, I PlaceI i);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h, I PlaceI i, J PlaceJ j);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h, I PlaceI i, J PlaceJ j, K PlaceK k);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h, I PlaceI i, J PlaceJ j, K PlaceK k, L PlaceL l);

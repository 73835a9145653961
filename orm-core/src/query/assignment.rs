//! [`Assignment`]: `SET column = value`.

use super::column::TableColumn;
use super::expr::IntoValue;
use super::node::Node;
use super::scope::Only;
use std::marker::PhantomData;

/// A column of the table `T` and its new value.
#[must_use = "an assignment does nothing until an update uses it"]
pub struct Assignment<T> {
    pub(crate) column: &'static str,
    pub(crate) node: Node,
    table: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Assignment<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {:?}", self.column, self.node)
    }
}

impl<T> Assignment<T> {
    pub(crate) fn new(column: &'static str, node: Node) -> Self {
        Self { column, node, table: PhantomData }
    }
}

/// Something that can be put into the column `C`: a value of the field's type, or an expression of the
/// column's SQL type over the same table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into the column `{C}`",
    label = "not a value of the type of the column `{C}`",
    note = "give a value of the field's type, or an expression over the same table; `None` needs a field of type `Option<_>`"
)]
pub trait Assign<C> {
    /// Its node.
    fn into_assigned(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, V: IntoValue<C::Value>> Assign<C> for V
where
    V::Sources: Only<C::Source>,
{
    fn into_assigned(self) -> Node {
        self.into_value()
    }
}

/// One assignment, a tuple, a list, or an `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not set columns of table `{T}`",
    label = "not an assignment to columns of `{T}`",
    note = "write `{T}::column.to(value)`, or several in a tuple"
)]
pub trait Assignments<T> {
    /// Adds them to the list.
    fn append_to(self, list: &mut Vec<(&'static str, Node)>);
}

impl<T> Assignments<T> for Assignment<T> {
    fn append_to(self, list: &mut Vec<(&'static str, Node)>) {
        list.push((self.column, self.node));
    }
}

impl<T, A: Assignments<T>> Assignments<T> for Option<A> {
    fn append_to(self, list: &mut Vec<(&'static str, Node)>) {
        if let Some(assignments) = self {
            assignments.append_to(list);
        }
    }
}

impl<T, A: Assignments<T>> Assignments<T> for Vec<A> {
    fn append_to(self, list: &mut Vec<(&'static str, Node)>) {
        for assignments in self {
            assignments.append_to(list);
        }
    }
}

macro_rules! tuples {
    ($($name:ident $value:ident),+) => {
        impl<T, $($name: Assignments<T>),+> Assignments<T> for ($($name,)+) {
            fn append_to(self, list: &mut Vec<(&'static str, Node)>) {
                let ($($value,)+) = self;
                $($value.append_to(list);)+
            }
        }
    };
}

tuples!(A a);
tuples!(A a, B b);
tuples!(A a, B b, C c);
tuples!(A a, B b, C c, D d);
tuples!(A a, B b, C c, D d, E e);
tuples!(A a, B b, C c, D d, E e, F f);
tuples!(A a, B b, C c, D d, E e, F f, G g);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h);

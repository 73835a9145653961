//! Which columns of one row are set, as a type: the proof that every required one is.

use super::super::assignment::Assign;
use super::super::column::{Declared, Same, TableColumn, declared};
use super::super::node::{Field, Node, Param};
use super::super::operand::sent_in_column;
use crate::types::elements::{Written, WrittenValue, put_value, written_at_once};
use crate::types::{DeclaredType, Parameter, Value};
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use postgres_types::Type;
use std::marker::PhantomData;
use std::sync::Arc;

/// The required column `C` is not set yet.
pub struct Missing<C>(PhantomData<C>);
/// The required column is set.
pub enum Set {}

/// `Self`, the state of an insert's required columns, has nothing missing.
#[diagnostic::on_unimplemented(
    message = "an insert must set a required column first: `{Self}`",
    label = "a required column is missing",
    note = "a column may be left out if it has a default, or if its field is an `Option`"
)]
pub trait Provided {}

impl Provided for Set {}
impl Provided for () {}
impl<A: Provided, B: Provided> Provided for (A, B) {}
/// A column that can be NULL is never missing. The derive cannot tell by the word it finds in front of it, `type
/// Maybe<T> = Option<T>`: only the type can.
#[diagnostic::do_not_recommend]
impl<C: TableColumn> Provided for Missing<C> where C::Value: Same<<C::Value as Value>::Nullable> {}

/// `Self`, the state of an insert, after the required column at `Place` is set.
///
/// The state is a balanced tree of pairs, so that the proof that all columns are set is as deep as the logarithm of
/// their number; a place is the list of turns that lead to a leaf.
pub trait SetAt<Place> {
    /// The state afterwards.
    type After;
}

impl<C> SetAt<()> for Missing<C> {
    type After = Set;
}

impl SetAt<()> for Set {
    type After = Self;
}

/// The server makes the value of the `identity` column `C`, which the insert does not set.
pub struct SystemValue<C>(PhantomData<C>);
/// The insert may set it.
pub enum Overriding {}

impl<C> Provided for SystemValue<C> {}
impl Provided for Overriding {}

impl<C> SetAt<()> for SystemValue<C> {
    type After = Overriding;
}

impl SetAt<()> for Overriding {
    type After = Self;
}

/// `Self`, the state of an insert, allows a value for an `identity` column.
pub trait OverridesAt<Place> {}

/// No column is: the bound is there for its message.
#[diagnostic::on_unimplemented(
    message = "the server makes the value of the `identity` column `{Self}`",
    label = "the `identity` column `{Self}` is set",
    note = "call `.overriding_system_value()` before; a column with `#[column(identity = by_default)]` is set without it"
)]
pub trait SetWithoutOverriding {}

impl<C: SetWithoutOverriding> OverridesAt<()> for SystemValue<C> {}
impl OverridesAt<()> for Overriding {}
impl<A: OverridesAt<Place>, B, Place> OverridesAt<(First, Place)> for (A, B) {}
impl<A, B: OverridesAt<Place>, Place> OverridesAt<(Second, Place)> for (A, B) {}

/// The left of two.
pub enum First {}
/// The right of two.
pub enum Second {}

impl<A: SetAt<Place>, B, Place> SetAt<(First, Place)> for (A, B) {
    type After = (A::After, B);
}

impl<A, B: SetAt<Place>, Place> SetAt<(Second, Place)> for (A, B) {
    type After = (A, B::After);
}

/// No column is: the bound is there for its message.
#[diagnostic::on_unimplemented(
    message = "an inserted value cannot read the column `{Self}`",
    label = "reads `{Self}`",
    note = "a row that is inserted is made of values, functions and subqueries; to insert from other rows, insert from a select: `Insert::into(..)`"
)]
pub trait ReadByAnInsert {}

/// `Self`, what a value reads, is nothing: a row that is inserted has no other row to read.
pub trait Constant {}
impl Constant for () {}
impl<C: ReadByAnInsert> Constant for super::super::reads::Of<C> {}
impl<A: Constant, B: Constant> Constant for (A, B) {}
impl<A: Constant, B: Constant> Constant for super::super::reads::LastOf<A, B> {}
impl<A: Constant> Constant for super::super::reads::NeverNull<A> {}

/// How many bytes the values of a row take at first: those of most rows fit.
const ROW: usize = 128;

/// The values of one row, as the builder of a table gathers them.
#[derive(Clone, Default)]
pub struct Values {
    /// Of each value that is written already the position of its column, its length, which is negative for NULL, and its bytes: a
    /// row takes memory once.
    written: BytesMut,
    /// Expressions, and values that are written when the statement runs.
    nodes: Vec<(usize, Node)>,
    /// Whether an `identity` may be among them.
    pub(super) overrides: bool,
}

/// A column, as what is put into a row knows it.
#[derive(Debug)]
pub struct Place {
    /// Its position in the table.
    pub position: usize,
    /// Its name.
    pub name: &'static str,
    /// The type that it is declared with.
    pub declared: Declared,
    /// The type of an array of values of its Rust type.
    pub array_type: fn() -> Option<Type>,
}

/// The length of the position before a value.
const POSITION: usize = 2;

/// A value that is written, with its length, and the position of its column.
pub(super) struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (position, rest) = self.0.split_first_chunk::<POSITION>()?;
        let mut rest = Written(rest);
        let value = rest.next()?;
        self.0 = rest.0;
        Some((usize::from(u16::from_be_bytes(*position)), value))
    }
}

impl Values {
    /// No value yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a value for the column `C`; a second one replaces the first.
    #[must_use]
    pub fn set<C: TableColumn>(mut self, value: impl Assign<C, Reads: Constant>) -> Self {
        value.put_into(&mut self);
        self
    }

    /// Whether the column at a position has a value.
    pub(crate) fn sets(&self, position: usize) -> bool {
        self.positions().any(|set| set == position)
    }

    /// Sets the column at a position.
    pub(crate) fn put(&mut self, position: usize, node: Node) {
        self.remove(position);
        self.nodes.push((position, node));
    }

    /// Writes a value of a column, if it can be written before the statement runs.
    pub(crate) fn write(&mut self, place: &Place, value: &dyn Parameter) -> bool {
        let Some(array) = (place.array_type)() else { return false };
        let array = declared(place.declared).map_or(array, DeclaredType::array);
        let (Some(element), Ok(number)) = (written_at_once(&array), u16::try_from(place.position))
        else {
            return false;
        };
        self.remove(place.position);
        if self.written.is_empty() {
            self.written.reserve(ROW);
        }
        let start = self.written.len();
        self.written.put_u16(number);
        let is_written = put_value(value, element, &mut self.written).is_ok();
        if !is_written {
            self.written.truncate(start);
        }
        is_written
    }

    /// Puts an expression for a column, or a value that is written later.
    pub(crate) fn put_node(&mut self, place: &Place, node: Node) {
        self.remove(place.position);
        self.nodes.push((place.position, sent_in_column(node, place.declared, place.name)));
    }

    fn remove(&mut self, position: usize) {
        self.nodes.retain(|(column, _)| *column != position);
        let mut start = 0;
        for (column, value) in self.records() {
            let end = start + POSITION + value.len();
            if column == position {
                let behind = self.written.split_off(end);
                self.written.truncate(start);
                self.written.extend_from_slice(&behind);
                return;
            }
            start = end;
        }
    }

    /// The values that are written.
    pub(super) fn records(&self) -> Records<'_> {
        Records(&self.written)
    }

    /// The value of a column with its length, if it is written.
    pub(super) fn written(&self, position: usize) -> Option<&[u8]> {
        self.records().find_map(|(column, value)| (column == position).then_some(value))
    }

    /// The expression of a column, or its value that is not written yet.
    pub(super) fn node(&self, position: usize) -> Option<&Node> {
        self.nodes.iter().find_map(|(column, node)| (*column == position).then_some(node))
    }

    /// The positions of the columns that are set.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        let nodes = self.nodes.iter().map(|(position, _)| *position);
        self.records().map(|(position, _)| position).chain(nodes)
    }

    /// All of them as expressions; `fields` are those of the table.
    pub(super) fn into_nodes(self, fields: &[Field]) -> Vec<(usize, Node)> {
        let Self { written, mut nodes, .. } = self;
        let mut written = written.freeze();
        while let Some(position) = written.split_first_chunk::<POSITION>() {
            let position = usize::from(u16::from_be_bytes(*position.0));
            written.advance(POSITION);
            let Some(field) = fields.get(position) else { break };
            let Some(node) = field.split_off(&mut written) else { break };
            nodes.push((position, node));
        }
        nodes
    }
}

impl Field {
    /// A value that is written, with its length.
    pub(super) fn written(&self, value: &[u8]) -> Node {
        self.split_off(&mut Bytes::copy_from_slice(value)).unwrap_or(Node::Default)
    }

    /// The first of the values in `bytes`, which begin behind it then.
    fn split_off(&self, bytes: &mut Bytes) -> Option<Node> {
        let ty = (self.ty)();
        let value = WrittenValue::split_off(bytes, ty.clone(), self.show)?;
        Some(Node::Param(Param::new(Arc::new(value), ty)))
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.records());
        list.entries(&self.nodes).finish()
    }
}

/// What the builder of a table holds: the values set so far, and as a type which required columns they are.
pub struct InsertState<State> {
    values: Values,
    state: PhantomData<fn() -> State>,
}

impl<State> InsertState<State> {
    /// No value yet.
    pub fn new() -> Self {
        Self { values: Values::new(), state: PhantomData }
    }

    /// The same with a value for the column `C`, which leads to the state `After`.
    #[must_use]
    pub fn set<C: TableColumn, After>(
        mut self,
        value: impl Assign<C, Reads: Constant>,
    ) -> InsertState<After> {
        value.put_into(&mut self.values);
        InsertState { values: self.values, state: PhantomData }
    }

    /// The same with a value of the column's own type.
    #[must_use]
    pub fn set_own<C: TableColumn, After>(mut self, value: C::Value) -> InsertState<After> {
        Assign::<C>::put_into(value, &mut self.values);
        InsertState { values: self.values, state: PhantomData }
    }

    /// The same where `identity` columns may be set.
    #[must_use]
    pub fn overriding_system_value<After>(mut self) -> InsertState<After> {
        self.values.overrides = true;
        InsertState { values: self.values, state: PhantomData }
    }

    /// The values.
    pub fn into_values(self) -> Values {
        self.values
    }
}

impl<State> Default for InsertState<State> {
    fn default() -> Self {
        Self::new()
    }
}

impl<State> Clone for InsertState<State> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), state: PhantomData }
    }
}

impl<State> std::fmt::Debug for InsertState<State> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.values.fmt(f)
    }
}

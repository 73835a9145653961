//! One row of a builder: the values of its columns, written as they are set.

use super::super::assignment::Assign;
use super::super::column::{Declared, TableColumn, declared};
use super::super::node::{Field, Node};
use super::super::operand::sent_in_column;
use super::state::Constant;
use crate::types::elements::{Written, put_value, raw, written_at_once};
use crate::types::{DeclaredType, Parameter};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;

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

    /// Hands each to `put` as an expression; `fields` are those of the table.
    pub(super) fn each_node(self, fields: &'static [Field], mut put: impl FnMut(usize, Node)) {
        for (position, value) in self.records() {
            if let Some(field) = fields.get(position) {
                put(position, field.written(value));
            }
        }
        for (position, node) in self.nodes {
            put(position, node);
        }
    }

    /// All of them as expressions.
    pub(super) fn into_nodes(self, fields: &'static [Field]) -> Vec<(usize, Node)> {
        let mut nodes = Vec::new();
        self.each_node(fields, |position, node| nodes.push((position, node)));
        nodes
    }
}

/// A value that is written, with its length, as it is shown.
struct Shown<'a>(&'a [u8], Option<&'a Field>);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(field) => (field.show)(&(field.ty)(), raw(self.0), f),
            None => self.0.fmt(f),
        }
    }
}

impl Values {
    /// Shows the values of columns of which these are the fields.
    pub(super) fn fmt_of(&self, fields: &[Field], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |position: usize| fields.get(position).map_or("?", |field| field.name);
        let written = self.records().map(|(at, value)| (name(at), Shown(value, fields.get(at))));
        let nodes = self.nodes.iter().map(|(position, node)| (name(*position), node));
        f.debug_map().entries(written).entries(nodes).finish()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_of(&[], f)
    }
}

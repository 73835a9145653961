//! Rows as `COPY` takes them (manual, COPY, "Binary Format"): the first row says which columns, the others are written
//! straight into the bytes that are sent.

use super::super::Table;
use super::super::node::{self, ClientValue, Node};
use super::Values;
use super::rows::{Insertable, Rows, made_by_client};
use crate::error::{Error, ErrorKind, Result};
use crate::schema;
use crate::types::Parameter;
use bytes::{BufMut as _, BytesMut};
use postgres_types::{IsNull, Type};

const HINT: &str =
    "COPY has no defaults of single rows: give each row the same columns, or use `Insert::values`";

/// What a value that a row gives is for.
#[derive(Debug, Clone, Copy)]
enum Slot {
    /// The next column of the copy; whether a row that gives none has NULL there.
    Column(bool),
    /// A column that the first row leaves to its default, by its position in the table.
    Default(usize),
    /// The server makes its values.
    System,
}

/// The rows of a copy, after the first of them was seen.
pub(crate) struct CopiedRows {
    rows: Rows,
    first: Vec<Node>,
    pub(crate) columns: Vec<usize>,
    /// The types of the columns.
    pub(crate) types: Vec<Type>,
}

/// Writes rows.
pub(super) struct RowWriter {
    table: &'static schema::Table,
    columns: Vec<usize>,
    types: Vec<Type>,
    slots: Vec<Slot>,
    /// For each column what makes its value where a row gives none.
    makes: Vec<Option<ClientValue>>,
    out: BytesMut,
    /// The slot, and the column, of the next value.
    next: (usize, usize),
    number: u64,
    failure: Option<Error>,
}

impl CopiedRows {
    /// Finds the columns that `row` gives, those that the client makes, and their types.
    ///
    /// # Errors
    /// There is none; a column has a value that only the server knows.
    pub(crate) fn starting_with<R: Insertable>(row: R) -> Result<Self> {
        let table = <R::Table as Table>::TABLE;
        let mut rows = Rows::of([row]);
        let fields = <R::Table as Table>::FIELDS;
        let made_by = |position| super::made_by_client(table, fields, position);
        let (mut columns, mut slots, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for column in std::mem::take(&mut rows.columns) {
            let is_absent = !column.values.absent().is_empty();
            let has_null = is_null_by_default(table, column.position);
            if column.is_system {
                slots.push(Slot::System);
            } else if let Some(make) = made_by(column.position).filter(|_| is_absent) {
                slots.push(Slot::Column(has_null));
                columns.push(column.position);
                first.push(node::made(make));
            } else if is_absent && !has_null {
                slots.push(Slot::Default(column.position));
            } else {
                slots.push(Slot::Column(has_null));
                columns.push(column.position);
                first.extend(column.values.into_typed_nodes());
            }
        }
        if let Some(built) = rows.built.pop() {
            let mut built = built.into_nodes(fields);
            built.sort_by_key(|(position, _)| *position);
            columns.extend(built.iter().map(|(position, _)| *position));
            first.extend(built.into_iter().map(|(_, node)| node));
        }
        let made = made_by_client::<R::Table>(|position| columns.contains(&position));
        columns.extend(made.iter().map(|(position, _)| *position));
        if columns.is_empty() {
            let message = format!("the rows give no column of table \"{}\"", table.name);
            return Err(Error::new(ErrorKind::Query, message)
                .at(Some(&table.name), None)
                .with_hint("COPY takes at least one column; use `Insert::values`"));
        }
        for at in &columns {
            if let (Some(Some(_)), Some(column)) =
                (fields.get(*at).map(|field| field.as_text), table.columns.get(*at))
            {
                return Err(not_copied(table, column));
            }
        }
        let ty = |at: &usize| fields.get(*at).map_or(Type::UNKNOWN, |field| (field.ty)());
        let types = columns.iter().map(ty).collect();
        let writer = RowWriter {
            table,
            columns: columns.clone(),
            types: Vec::new(),
            slots,
            makes: columns.iter().map(|position| made_by(*position)).collect(),
            out: BytesMut::new(),
            next: (0, 0),
            number: 0,
            failure: None,
        };
        rows.copy = Some(Box::new(writer));
        Ok(Self { rows, first, columns, types })
    }

    /// Writes the first row; `types` are those of the columns as the catalog has them.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn write_first(&mut self, types: &[Type], out: &mut BytesMut) -> Result<()> {
        let first = std::mem::take(&mut self.first);
        self.with_writer(out, |writer| {
            writer.types = types.to_vec();
            writer.begin();
            for node in &first {
                writer.write_node(node);
            }
            writer.write_made();
            // The values of each of its slots are there.
            writer.next.0 = writer.slots.len();
        })
    }

    /// Writes a row after the first.
    ///
    /// # Errors
    /// It leaves a column to its default that the first row gives, or the other way round; a value cannot be written.
    pub(crate) fn write<R: Insertable>(&mut self, row: R, out: &mut BytesMut) -> Result<()> {
        if let Some(writer) = &mut self.rows.copy {
            std::mem::swap(&mut writer.out, out);
            writer.begin();
        }
        row.add_to(&mut self.rows);
        let Some(writer) = &mut self.rows.copy else { return Ok(()) };
        writer.write_made();
        std::mem::swap(&mut writer.out, out);
        writer.end()
    }

    fn with_writer(
        &mut self,
        out: &mut BytesMut,
        write: impl FnOnce(&mut RowWriter),
    ) -> Result<()> {
        let Some(writer) = &mut self.rows.copy else { return Ok(()) };
        std::mem::swap(&mut writer.out, out);
        write(writer);
        std::mem::swap(&mut writer.out, out);
        writer.end()
    }
}

/// `COPY` sends the binary format, and nothing is cast in it.
fn not_copied(table: &schema::Table, column: &schema::Column) -> Error {
    let message = format!(
        "column \"{}\".\"{}\" cannot be copied: values of its type {} are sent as texts, and COPY sends the binary format",
        table.name, column.name, column.data_type
    );
    Error::new(ErrorKind::Query, message)
        .at(Some(&table.name), Some(&column.name))
        .with_hint("use `Insert::values`, which takes any number of rows")
}

/// Whether a row that does not give the column has NULL in it.
fn is_null_by_default(table: &schema::Table, position: usize) -> bool {
    table.columns.get(position).is_some_and(|column| {
        column.nullable && column.default.is_none() && column.identity.is_none()
    })
}

impl RowWriter {
    fn begin(&mut self) {
        self.number += 1;
        self.next = (0, 0);
        // A table has at most 1,600 columns.
        self.out.put_i16(i16::try_from(self.columns.len()).unwrap_or(i16::MAX));
    }

    /// The next value of a row, none for the default.
    pub(super) fn put(&mut self, value: Option<&dyn Parameter>) {
        let slot = self.slots.get(self.next.0).copied();
        self.next.0 += 1;
        match (slot, value) {
            (Some(Slot::Column(_)), Some(value)) => self.write(value),
            (Some(Slot::Column(_)), None) if self.make().is_some() => self.write_made_value(),
            (Some(Slot::Column(true)), None) => {
                self.out.put_i32(-1);
                self.next.1 += 1;
            }
            (Some(Slot::Column(false)), None) => {
                let column = self.columns.get(self.next.1).copied();
                self.refuse(column, "has no value, and the first row has one");
            }
            (Some(Slot::Default(column)), Some(_)) => {
                self.refuse(Some(column), "has a value, and the first row has none");
            }
            // Each row of one struct puts as many values.
            (Some(Slot::Default(_)), None) | (Some(Slot::System) | None, _) => {}
        }
    }

    /// A row that a builder made.
    pub(super) fn put_built(&mut self, values: &Values) {
        for index in 0..self.columns.len() {
            let Some(column) = self.columns.get(index).copied() else { return };
            match (values.written(column), values.node(column)) {
                (Some(value), _) => {
                    self.out.put_slice(value);
                    self.next.1 += 1;
                }
                (None, Some(node)) => self.write_node(node),
                (None, None) if self.make().is_some() => self.write_made_value(),
                (None, None) => {
                    self.refuse(Some(column), "has no value, and the first row has one")
                }
            }
        }
        let other = values.positions().find(|position| !self.columns.contains(position));
        if let Some(column) = other {
            self.refuse(Some(column), "has a value, and the first row has none");
        }
    }

    /// The values that the client makes where no row gives them.
    fn write_made(&mut self) {
        for _ in self.next.1..self.columns.len() {
            self.write_made_value();
        }
    }

    /// What makes the value of the next column.
    fn make(&self) -> Option<ClientValue> {
        self.makes.get(self.next.1).copied().flatten()
    }

    fn write_made_value(&mut self) {
        if let Some(make) = self.make() {
            self.write_node(&node::made(make));
        }
    }

    fn write_node(&mut self, node: &Node) {
        match node {
            Node::Param(param) | Node::Typed(param) => self.write(&*param.value),
            _ => {
                let column = self.columns.get(self.next.1).copied();
                self.refuse(column, "is an expression, and COPY takes values");
            }
        }
    }

    /// Writes the value of the next column.
    fn write(&mut self, value: &dyn Parameter) {
        let Some(ty) = self.types.get(self.next.1) else { return };
        let start = self.out.len();
        self.out.put_i32(0);
        let length = match value.write_as(ty, &mut self.out) {
            Ok(IsNull::Yes) => Ok(-1),
            Ok(IsNull::No) => i32::try_from(self.out.len() - start - 4).map_err(Into::into),
            Err(cause) => Err(cause),
        };
        match length {
            Ok(length) => {
                if let Some(place) = self.out.get_mut(start..start + 4) {
                    place.copy_from_slice(&length.to_be_bytes());
                }
            }
            Err(cause) => {
                let column = self.columns.get(self.next.1).copied();
                let what = format!("cannot be written as {ty}: {cause}");
                self.fail(ErrorKind::Conversion, column, &what, |error| error.with_source(cause));
            }
        }
        self.next.1 += 1;
    }

    fn refuse(&mut self, column: Option<usize>, what: &str) {
        let with_hint = |error: Error| error.with_hint(HINT);
        self.fail(ErrorKind::Query, column, what, with_hint);
    }

    /// Keeps the first error of a row.
    fn fail(
        &mut self,
        kind: ErrorKind,
        column: Option<usize>,
        what: &str,
        finish: impl FnOnce(Error) -> Error,
    ) {
        if self.failure.is_some() {
            return;
        }
        let table = &*self.table.name;
        let column = column.and_then(|position| self.table.columns.get(position));
        let name = column.map_or("?", |column| &*column.name);
        let message = format!("column \"{table}\".\"{name}\" of row {} {what}", self.number);
        self.failure = Some(finish(Error::new(kind, message).at(Some(table), Some(name))));
    }

    /// Whether the row is whole.
    fn end(&mut self) -> Result<()> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

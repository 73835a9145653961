//! Rows of a relation of a row that exists: inserted, linked, unlinked. Made by [`Relation::of`].

use super::super::find::{PrimaryKeyValue, PrimaryKeyed};
use super::super::load::Loadable;
use super::super::node::Param;
use super::super::related::{Parent, Relation};
use super::super::relation::{Kind, RelationDefinition};
use super::RowsAlong;
use super::keys::{LinksRows, WrittenRelation};
use super::tree::{Level, Link, Written};
use crate::error::{Error, ErrorKind, Result};
use crate::types::{Failure, Parameter, is_sent_as_text};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::marker::PhantomData;
use std::sync::Arc;

/// A value as it was sent or received: of a key that is carried over.
pub(crate) struct KeyValue {
    pub(crate) bytes: Box<[u8]>,
    /// The type of the column that it comes from.
    pub(crate) ty: Type,
}

impl std::fmt::Debug for KeyValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) if !text.contains(char::is_control) => f.write_str(text),
            _ => write!(f, "{:?}", self.bytes),
        }
    }
}

impl Parameter for KeyValue {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (integer_size(&self.ty), integer_size(ty)) {
            (Some(_), Some(size)) => write_integer(&self.bytes, size, out)?,
            _ if is_sent_as_text(ty) != is_sent_as_text(&self.ty)
                || !have_equal_bytes(&self.ty, ty) =>
            {
                return Err("the columns of the relation are of different types".into());
            }
            _ => out.extend_from_slice(&self.bytes),
        }
        Ok(IsNull::No)
    }
}

fn integer_size(ty: &Type) -> Option<usize> {
    Some(match *ty {
        Type::INT2 => 2,
        Type::INT4 => 4,
        Type::INT8 => 8,
        _ => return None,
    })
}

/// An integer as one of another size: columns that a relation pairs may be `integer` and `bigint`.
fn write_integer(bytes: &[u8], size: usize, out: &mut BytesMut) -> Result<(), Failure> {
    let fill = if bytes.first().is_some_and(|first| first & 0x80 != 0) { 0xff } else { 0 };
    let mut value = [fill; 8];
    for (to, from) in value.iter_mut().rev().zip(bytes.iter().rev()) {
        *to = *from;
    }
    let value = i64::from_be_bytes(value);
    match size {
        2 => out.extend_from_slice(&i16::try_from(value)?.to_be_bytes()),
        4 => out.extend_from_slice(&i32::try_from(value)?.to_be_bytes()),
        _ => out.extend_from_slice(&value.to_be_bytes()),
    }
    Ok(())
}

/// Whether a value of one type is the same bytes as one of the other: of types that PostgreSQL compares.
fn have_equal_bytes(one: &Type, other: &Type) -> bool {
    let differ = [
        Type::FLOAT4,
        Type::FLOAT8,
        Type::DATE,
        Type::TIMESTAMP,
        Type::TIMESTAMPTZ,
        Type::INET,
        Type::CIDR,
    ];
    one == other || !(differ.contains(one) && differ.contains(other))
}

/// The values of a key, in the order of a list of columns.
pub(crate) type Key = Vec<Arc<dyn Parameter>>;

/// A relation of one row. Made by [`Relation::of`].
pub struct OfRow<R> {
    key: Result<Key>,
    types: PhantomData<fn() -> R>,
}

impl<R: WrittenRelation> std::fmt::Debug for OfRow<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OfRow").field(&R::NAME).field(&self.key).finish()
    }
}

/// The value of a column of a row, as it will be sent.
fn value(row: &impl Loadable, table: Written, column: &str) -> Result<Arc<dyn Parameter>> {
    let failed = |why: String| {
        let message =
            format!("column \"{column}\" of a row of table \"{}\": {why}", table.table.name);
        Error::new(ErrorKind::Conversion, message).at(Some(&table.table.name), Some(column))
    };
    let position = table.position(column);
    let found = position.and_then(|at| Some((row.value_at(at)?, table.fields.get(at)?)));
    let (value, field) =
        found.ok_or_else(|| failed("the row does not give its value".to_owned()))?;
    let ty = (field.ty)();
    let mut bytes = BytesMut::new();
    match value.write_as(&ty, &mut bytes).map_err(|cause| failed(cause.to_string()))? {
        IsNull::Yes => Err(failed("it is NULL, and no row can be linked by it".to_owned())),
        IsNull::No => {
            let bytes = bytes.to_vec().into_boxed_slice();
            Ok(Arc::new(KeyValue { bytes, ty }))
        }
    }
}

/// `Self` is a row of the table that has the relation `R`.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is not one of the row `{Self}`",
    label = "a row of another table",
    note = "give a row of the table that has the relation: `User::sessions.of(&user)`"
)]
pub trait HasRelation<R> {}
#[diagnostic::do_not_recommend]
impl<Row: Loadable, R: RelationDefinition<From: Parent<Row::Table, R>>> HasRelation<R> for Row {}

impl<R: WrittenRelation> Relation<R> {
    /// The relation of a row that exists: to insert rows of it, to link rows that exist, and to unlink them.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn sign_in(db: &Db, user: &User, token: &str) -> orm::Result<u64> {
    ///     let session = Session::insert().id("s1").token(token).expires_at(Utc::now());
    ///     User::sessions.of(user).insert([session]).execute(db).await
    /// }
    /// ```
    pub fn of<Row: Loadable + HasRelation<R>>(self, row: &Row) -> OfRow<R>
    where
        R::Key: LinksRows<R>,
    {
        let from = Written::of::<R::From>();
        let key = R::KEYS.iter().map(|(column, _)| value(row, from, column)).collect();
        OfRow { key, types: PhantomData }
    }
}

/// Rows of a relation of a row that exists, to be inserted.
#[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
pub struct InsertOf<Row> {
    pub(crate) key: Result<Key>,
    pub(crate) link: Link,
    pub(crate) level: Level,
    types: PhantomData<fn() -> Row>,
}

impl<Row> std::fmt::Debug for InsertOf<Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("InsertOf").field(&self.link.name).field(&self.level.rows.len()).finish()
    }
}

/// An insert of rows of a relation that gives what was inserted.
#[derive(Debug)]
#[must_use = "an insert does nothing until it is run: `.all(&db)`"]
pub struct ReturningOf<Row> {
    pub(crate) insert: InsertOf<Row>,
}

impl<Row> InsertOf<Row> {
    /// Gives the rows as they were written, in their order, with the rows that were inserted with them.
    pub fn returning_all(self) -> ReturningOf<Row> {
        ReturningOf { insert: self }
    }
}

/// What is done with the links of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Linking {
    /// Those given are linked.
    Connect,
    /// Those given are unlinked.
    Disconnect,
    /// All are unlinked.
    DisconnectAll,
    /// Those given are linked, and no others.
    Set,
}

/// A change of what is linked to a row.
#[must_use = "nothing is linked until it is run: `.execute(&db)`"]
pub struct LinkChange {
    pub(crate) key: Result<Key>,
    pub(crate) link: Link,
    pub(crate) linking: Linking,
    pub(crate) rows: Vec<Vec<Param>>,
}

impl std::fmt::Debug for LinkChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LinkChange").field(&self.link.name).field(&self.linking).finish()
    }
}

impl<R: WrittenRelation> OfRow<R> {
    /// Inserts rows of this relation, alone or with rows of their own relations. The key of the row is carried over.
    pub fn insert<N>(self, rows: N) -> InsertOf<N::Row>
    where
        N: RowsAlong<<R::Kind as Kind>::Shape, R::Key, R::From, R::To>,
    {
        let link = Link::of::<R>();
        let level = Level::of(link.to, rows.into_trees());
        InsertOf { key: self.key, link, level, types: PhantomData }
    }

    fn change<K>(self, linking: Linking, rows: impl IntoIterator<Item = K>) -> LinkChange
    where
        R::To: PrimaryKeyed,
        K: PrimaryKeyValue<<R::To as PrimaryKeyed>::KeyColumns>,
    {
        let rows = rows.into_iter().map(PrimaryKeyValue::into_params).collect();
        LinkChange { key: self.key, link: Link::of::<R>(), linking, rows }
    }

    /// Links rows that exist, by their primary keys: their foreign key is set, or rows of the join table are inserted. One that is
    /// linked stays so.
    pub fn connect<K>(self, rows: impl IntoIterator<Item = K>) -> LinkChange
    where
        R::To: PrimaryKeyed,
        K: PrimaryKeyValue<<R::To as PrimaryKeyed>::KeyColumns>,
    {
        self.change(Linking::Connect, rows)
    }

    /// Unlinks rows, by their primary keys: their foreign key becomes NULL, or the rows of the join table are deleted. One that
    /// is not linked stays as it is.
    pub fn disconnect<K>(self, rows: impl IntoIterator<Item = K>) -> LinkChange
    where
        R::To: PrimaryKeyed,
        K: PrimaryKeyValue<<R::To as PrimaryKeyed>::KeyColumns>,
    {
        self.change(Linking::Disconnect, rows)
    }

    /// Unlinks all rows.
    pub fn disconnect_all(self) -> LinkChange {
        LinkChange {
            key: self.key,
            link: Link::of::<R>(),
            linking: Linking::DisconnectAll,
            rows: Vec::new(),
        }
    }

    /// Links these rows, by their primary keys, and unlinks all others.
    pub fn set<K>(self, rows: impl IntoIterator<Item = K>) -> LinkChange
    where
        R::To: PrimaryKeyed,
        K: PrimaryKeyValue<<R::To as PrimaryKeyed>::KeyColumns>,
    {
        self.change(Linking::Set, rows)
    }
}

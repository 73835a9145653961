//! [`load`]: relations of rows that the program has already, in one query.

use super::Table;
use super::given::{self, GivenColumn};
use super::loaded::{Attach, Loading};
use super::node::{NestedSelect, Output, Select};
use super::related::RelationOf;
use super::scope::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::types::cells::Cells;
use crate::types::nested::Nested;
use crate::types::{Failure, Parameter};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// A row that the program has: of a table with relations, with relations that are loaded or without. Implemented by
/// `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row of a table with relations",
    label = "has no relations to load",
    note = "give rows of a table that has relations, `User` or `UserWith<..>`: a `Vec` of them to `orm::load`, one to `orm::load_one`"
)]
pub trait Loadable: Send + Sync + 'static {
    /// The table.
    type Table: Table;
    #[doc(hidden)]
    fn value_at(&self, position: usize) -> Option<&dyn Parameter>;
}

/// Loads relations of these rows: one query, however many rows and relations there are. The rows stay in their order, and
/// equal keys are sent once. Without rows nothing is sent.
///
/// ```
/// use auth::{Session, User, UserWith};
/// use orm::prelude::*;
/// async fn with_sessions(db: &Db, users: Vec<User>) -> orm::Result<()> {
///     let users: Vec<UserWith<Vec<Session>>> =
///         orm::load(users).with(User::sessions.order_by(Session::expires_at.desc())).all(db).await?;
///     for user in users {
///         println!("{}: {} sessions", user.name, user.sessions.len());
///     }
///     Ok(())
/// }
/// ```
pub fn load<Row: Loadable>(rows: impl IntoIterator<Item = Row>) -> Load<Row> {
    Load::new(rows.into_iter().collect())
}

/// Loads relations of one row, as [`load`] does of many.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// async fn sessions(db: &Db, user: User) -> orm::Result<Vec<Session>> {
///     Ok(orm::load_one(user).with(User::sessions).one(db).await?.sessions)
/// }
/// ```
pub fn load_one<Row: Loadable>(row: Row) -> Load<Row, (), ThisRow> {
    Load::new(vec![row])
}

/// Any number of rows.
pub enum TheseRows {}
/// One row.
pub enum ThisRow {}

/// Rows, and the relations of them that will be loaded. Made by [`load`] and [`load_one`].
#[must_use = "nothing is loaded until it is run: `.all(&db)`"]
pub struct Load<Row, Loaded = (), Rows = TheseRows> {
    pub(crate) rows: Vec<Row>,
    pub(crate) relations: Vec<NestedSelect>,
    pub(crate) loading: Loading,
    types: PhantomData<fn() -> (Loaded, Rows)>,
}

impl<Row, L, Rows> std::fmt::Debug for Load<Row, L, Rows> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let relations: Vec<&str> = self.relations.iter().map(|relation| relation.name).collect();
        f.debug_struct("Load")
            .field("rows", &self.rows.len())
            .field("relations", &relations)
            .finish()
    }
}

/// The relation `R` as one that is loaded, into a `T`.
pub struct Step<R, T>(PhantomData<fn() -> (R, T)>);

/// What is loaded of a row, relation by relation: `()`, or a pair of what is before and a [`Step`].
pub trait Steps<Row> {
    /// What is read of one row.
    type Read: Send;
    /// The row with it.
    type Output;
    #[doc(hidden)]
    fn read(cells: &mut Cells<'_>) -> Result<Self::Read>;
    #[doc(hidden)]
    fn attach(row: Row, read: Self::Read) -> Self::Output;
}

impl<Row> Steps<Row> for () {
    type Read = ();
    type Output = Row;

    fn read(_: &mut Cells<'_>) -> Result<()> {
        Ok(())
    }

    fn attach(row: Row, (): ()) -> Row {
        row
    }
}

impl<Row, Before: Steps<Row>, R, T: Nested> Steps<Row> for (Before, Step<R, T>)
where
    Before::Output: Attach<R, T>,
{
    type Read = (Before::Read, T);
    type Output = <Before::Output as Attach<R, T>>::Output;

    fn read(cells: &mut Cells<'_>) -> Result<Self::Read> {
        Ok((Before::read(cells)?, T::nested(cells)?))
    }

    fn attach(row: Row, (before, last): Self::Read) -> Self::Output {
        Before::attach(row, before).attach(last)
    }
}

impl<Row, L, Rows> Load<Row, L, Rows> {
    fn new(rows: Vec<Row>) -> Self {
        Self { rows, relations: Vec::new(), loading: Loading::Automatic, types: PhantomData }
    }

    /// Loads this relation: a relation of the table of the rows that they do not have yet, filtered, sorted, limited for each
    /// row, or with relations of its own.
    pub fn with<N>(mut self, relation: N) -> Load<Row, (L, Step<N::Relation, N::Loaded>), Rows>
    where
        Row: Loadable,
        N: RelationOf<Row::Table>,
        L: Steps<Row>,
        N::Then<L::Output>: Attach<N::Relation, N::Loaded>,
    {
        self.relations.push(relation.into_nested());
        let Self { rows, relations, loading, .. } = self;
        Load { rows, relations, loading, types: PhantomData }
    }

    /// How the relations are loaded, as [`Query::loading`](super::Query::loading) does it.
    pub fn loading(mut self, loading: Loading) -> Self {
        self.loading = loading;
        self
    }
}

/// A query of relations, and which rows each of its rows is about.
pub(crate) struct LoadQuery {
    pub(crate) select: Select,
    /// For each key that is sent the rows that have it. The first cell of a result row is the number of its key, from 1 on.
    pub(crate) rows: Vec<Vec<usize>>,
}

/// The value of a column of one row.
struct KeyOf<Row> {
    rows: Arc<Vec<Row>>,
    row: usize,
    position: usize,
}

impl<Row: Loadable> KeyOf<Row> {
    fn value(&self) -> Option<&dyn Parameter> {
        self.rows.get(self.row)?.value_at(self.position)
    }
}

impl<Row: Loadable> std::fmt::Debug for KeyOf<Row> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value().fmt(f)
    }
}

impl<Row: Loadable> Parameter for KeyOf<Row> {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self.value() {
            Some(value) => value.write_as(ty, out),
            None => Err("the row does not give the value of this column".into()),
        }
    }
}

/// A column that relations are found by.
struct Key {
    name: &'static str,
    position: usize,
    ty: Type,
    array: Option<Type>,
}

/// The columns that the relations are found by, each once.
fn keys<T: Table>(relations: &[NestedSelect]) -> Result<Vec<Key>> {
    let mut keys: Vec<Key> = Vec::new();
    let names = relations.iter().flat_map(|relation| {
        let keys = relation.keys.iter().map(|(name, _)| *name);
        keys.chain(relation.own_values.iter().map(|(name, _)| *name))
    });
    for name in names {
        if keys.iter().any(|key| key.name == name) {
            continue;
        }
        let position = T::TABLE.columns.iter().position(|column| column.name == name);
        let found = position.and_then(|position| Some((position, T::FIELDS.get(position)?)));
        let Some((position, field)) = found else {
            let message = format!("table \"{}\" has no column \"{name}\"", T::NAME);
            return Err(Error::new(ErrorKind::Query, message).at(Some(T::NAME), Some(name)));
        };
        keys.push(Key { name, position, ty: (field.ty)(), array: (field.array_ty)() });
    }
    Ok(keys)
}

/// For each key that differs from those before it the rows that have it.
fn grouped<Row: Loadable>(rows: &[Row], keys: &[Key]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut value = BytesMut::new();
    for (index, row) in rows.iter().enumerate() {
        // Of a value that cannot be written yet, as its type must be looked up first, equality is not known.
        let bytes = keys.iter().try_fold(Vec::new(), |mut bytes: Vec<u8>, key| {
            value.clear();
            match row.value_at(key.position)?.write_as(&key.ty, &mut value).ok()? {
                IsNull::Yes => bytes.push(0),
                IsNull::No => {
                    bytes.push(1);
                    bytes.extend_from_slice(&value.len().to_le_bytes());
                    bytes.extend_from_slice(&value);
                }
            }
            Some(bytes)
        });
        let group = bytes.map(|bytes| *known.entry(bytes).or_insert(groups.len()));
        match group.and_then(|group| groups.get_mut(group)) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// The column that numbers the keys: one that the table does not have.
fn number_column<T: Table>() -> String {
    let mut name = "number".to_owned();
    while T::TABLE.columns.iter().any(|column| column.name == name) {
        name.push('_');
    }
    name
}

/// The query: `SELECT number, relation, .. FROM (SELECT unnest(..) AS key, .., number) AS parent`.
///
/// The rows of it may come in any order.
pub(crate) fn query<Row: Loadable>(
    rows: &Arc<Vec<Row>>,
    relations: Vec<NestedSelect>,
    loading: Loading,
) -> Result<LoadQuery> {
    let keys = keys::<Row::Table>(&relations)?;
    let groups = grouped(rows, &keys);
    let column = |Key { name, position, ty, array }| {
        let firsts = groups.iter().filter_map(|group| group.first());
        let value = |row: &usize| KeyOf { rows: Arc::clone(rows), row: *row, position };
        GivenColumn { name: Cow::Borrowed(name), values: firsts.map(value).collect(), ty, array }
    };
    let columns = keys.into_iter().map(column).collect();
    let (source, number) = (<Row::Table as Source>::SOURCE, number_column::<Row::Table>());
    let mut select = Select { loading, ..Select::empty() };
    select.outputs.push(Output::Node(given::column(source, number.clone().into())));
    let relations = relations.into_iter().map(|relation| Output::Relation(Box::new(relation)));
    select.outputs.extend(relations);
    select.from = Some(given::keys_of::<Row::Table, _>(columns, groups.len(), number.into()));
    Ok(LoadQuery { select, rows: groups })
}

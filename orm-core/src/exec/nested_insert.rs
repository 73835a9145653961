//! Inserts rows together with rows of their relations: one statement for all rows of one relation, in one transaction.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::exec::links::{joined, link, point};
use crate::exec::row::RawRow;
use crate::exec::run::{changed, each, only};
use crate::exec::transaction::{Transaction, TransactionOptions};
use crate::query::node::{Node, Output, Param, Statement};
use crate::query::{
    AnyRow, FixedValue, InsertOf, InsertTree, InsertTrees, KeyValue, Level, LevelRows, LevelWrite,
    Link, LinkKey, LinkThrough, Provided, ReturningOf, ReturningTree, Side, Table, Written,
};
use crate::types::Parameter;
use crate::types::cells::Cells;
use futures_util::future::BoxFuture;
use std::sync::Arc;

impl<T: Table, S, Row> InsertTree<T, S, Row> {
    /// Inserts the row and the rows of its relations, all or nothing; gives the number of rows that were inserted.
    ///
    /// # Errors
    /// As [`InsertTrees::execute`].
    pub async fn execute(self, executor: &(impl Executor + ?Sized)) -> Result<u64>
    where
        S: Provided,
    {
        self.into_trees().execute(executor).await
    }
}

impl<Row> InsertTrees<Row> {
    /// Inserts the rows and the rows of their relations, all or nothing; gives the number of rows that were inserted. Within
    /// a transaction it is a savepoint of that: run nothing else on it meanwhile.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; a row to be linked that does not exist; no connection.
    /// Nothing is inserted then.
    pub async fn execute(self, executor: &(impl Executor + ?Sized)) -> Result<u64> {
        let level = Level::of(self.table, self.rows);
        let inserted = insert_all(executor.as_dyn(), level, false).await?;
        Ok(inserted.count)
    }
}

impl<Row: 'static> ReturningTree<Row> {
    /// Inserts the row and the rows of its relations, all or nothing, and gives it.
    ///
    /// # Errors
    /// As [`InsertTrees::execute`]; [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`] of [`Insert::trees`] of no row, or
    /// of several, of which nothing is inserted.
    ///
    /// [`Insert::trees`]: crate::query::Insert::trees
    pub async fn one(self, executor: &(impl Executor + ?Sized)) -> Result<Row> {
        let table = &self.trees.table.table.name;
        if self.trees.rows.len() > 1 {
            return only(self.trees.rows, table).map(|_| ()).and(Err(lost(table)));
        }
        only(self.all(executor).await?, table)
    }

    /// Inserts the rows and the rows of their relations, all or nothing, and gives them in their order.
    ///
    /// # Errors
    /// As [`InsertTrees::execute`].
    pub async fn all(self, executor: &(impl Executor + ?Sized)) -> Result<Vec<Row>> {
        let InsertTrees { table, rows, .. } = self.trees;
        let inserted = insert_all(executor.as_dyn(), Level::of(table, rows), true).await?;
        typed(inserted.rows, &table.table.name)
    }
}

impl<Row> InsertOf<Row> {
    /// Inserts the rows and the rows of their relations, all or nothing; gives the number of rows that were inserted.
    ///
    /// # Errors
    /// As [`InsertTrees::execute`].
    pub async fn execute(self, executor: &(impl Executor + ?Sized)) -> Result<u64> {
        let inserted =
            insert_of(executor.as_dyn(), self.key?, self.link, self.level, false).await?;
        Ok(inserted.count)
    }
}

impl<Row: 'static> ReturningOf<Row> {
    /// Inserts the rows and the rows of their relations, all or nothing, and gives them in their order.
    ///
    /// # Errors
    /// As [`InsertTrees::execute`].
    pub async fn all(self, executor: &(impl Executor + ?Sized)) -> Result<Vec<Row>> {
        let InsertOf { key, link, level, .. } = self.insert;
        let inserted = insert_of(executor.as_dyn(), key?, link, level, true).await?;
        typed(inserted.rows, &link.to.table.name)
    }

    /// Inserts one row and the rows of its relations, all or nothing, and gives it.
    ///
    /// # Errors
    /// As [`ReturningTree::one`].
    pub async fn one(self, executor: &(impl Executor + ?Sized)) -> Result<Row> {
        let table = &self.insert.link.to.table.name;
        if self.insert.level.rows.len() > 1 {
            return only(self.insert.level.rows, table).map(|_| ()).and(Err(lost(table)));
        }
        only(self.all(executor).await?, table)
    }
}

fn typed<Row: 'static>(rows: Vec<AnyRow>, table: &str) -> Result<Vec<Row>> {
    let typed = |row: AnyRow| row.downcast::<Row>().map(|row| *row).map_err(|_| lost(table));
    rows.into_iter().map(typed).collect()
}

/// What was given back is not what was inserted.
pub(super) fn lost(table: &str) -> Error {
    let message = format!("a row that was inserted into table \"{table}\" was not given back");
    Error::new(ErrorKind::Conversion, message).at(Some(table), None)
}

/// Runs `work` in a transaction of its own: a savepoint where there is one already.
pub(super) async fn in_transaction<T>(
    executor: &dyn Executor,
    work: impl AsyncFnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let lease = executor.lease().await?;
    let outer = lease.state.depth();
    if lease.state.is_busy() {
        // It would be that of the other statement as well.
        return Err(Error::new(
            ErrorKind::Query,
            "what writes along relations has a transaction or savepoint of its own, and another statement runs in this session",
        )
        .with_hint("run one after the other, or on a `Db`"));
    }
    let transaction = Transaction::begin_on(lease, outer, TransactionOptions::new()).await?;
    transaction.run(async |transaction: &mut Transaction<'_>| work(transaction).await).await
}

/// What was inserted.
#[derive(Default)]
pub(super) struct Inserted {
    /// The rows of the level, where they are asked for.
    rows: Vec<AnyRow>,
    /// For each row of the level its key, as it was asked for.
    keys: Vec<LinkKey>,
    /// How many rows, with those of relations.
    count: u64,
}

async fn insert_all(executor: &dyn Executor, level: Level, returns: bool) -> Result<Inserted> {
    if level.rows.is_empty() {
        return Ok(Inserted::default());
    }
    in_transaction(executor, async |transaction| {
        insert(transaction, level, returns, Vec::new()).await
    })
    .await
}

/// Inserts rows along a relation of a row that has this key.
async fn insert_of(
    executor: &dyn Executor,
    key: LinkKey,
    along: Link,
    mut level: Level,
    returns: bool,
) -> Result<Inserted> {
    if level.rows.is_empty() {
        return Ok(Inserted::default());
    }
    in_transaction(executor, async |transaction| {
        let keys: Vec<LinkKey> = level.rows.iter().map(|_| key.clone()).collect();
        match &along.through {
            None => {
                carry_to_theirs(&along, &mut level, &keys)?;
                insert(transaction, level, returns, Vec::new()).await
            }
            Some(through) => {
                let mut inserted = insert(transaction, level, returns, theirs(through)).await?;
                let others = std::mem::take(&mut inserted.keys);
                inserted.count += link(transaction, &along, through, keys, others).await?;
                Ok(inserted)
            }
        }
    })
    .await
}

/// The columns of the related table that a join table references.
fn theirs(through: &LinkThrough) -> Vec<&'static str> {
    through.keys.iter().map(|(column, _)| *column).collect()
}

/// [`carry`] to related rows.
fn carry_to_theirs<'k>(
    along: &Link,
    level: &mut Level,
    keys: impl IntoIterator<Item = &'k LinkKey>,
) -> Result<()> {
    let theirs = along.keys.iter().map(|(_, column)| *column);
    carry(along, theirs, &(along.their_values)(), level, keys)
}

/// Sets the columns of a relation in each row: to the key of the row with the same index, and to the values that the relation
/// gives.
fn carry<'k>(
    along: &Link,
    columns: impl Iterator<Item = &'static str>,
    values: &[FixedValue],
    level: &mut Level,
    keys: impl IntoIterator<Item = &'k LinkKey>,
) -> Result<()> {
    let table = level.table;
    let place = |column| table.position(column).map(|at| (column, at)).ok_or_else(|| lost(column));
    let columns: Vec<(&str, usize)> = columns.map(place).collect::<Result<_>>()?;
    let fixed = values.iter().map(|(column, _)| place(*column));
    let fixed: Vec<(&str, usize)> = fixed.collect::<Result<_>>()?;
    for (index, (row, key)) in level.rows.iter_mut().zip(keys).enumerate() {
        if let Some((column, _)) = columns.iter().chain(&fixed).find(|(_, at)| row.sets(*at)) {
            let what = format!(
                "is set, where the relation `{}` of table \"{}\" gives it its value",
                along.name, along.from.table.name,
            );
            return Err(of_row(&table, index, column, &what)
                .with_hint("leave the column out: it is carried over"));
        }
        for ((_, position), value) in columns.iter().zip(key) {
            let Some(field) = table.fields.get(*position) else { continue };
            let value = Param::new(Arc::clone(value), (field.ty)());
            row.put(*position, Node::Param(value));
        }
        for ((_, position), (_, value)) in fixed.iter().zip(values) {
            row.put(*position, value.clone());
        }
    }
    Ok(())
}

/// An error about a row that is to be inserted.
fn of_row(table: &Written, index: usize, column: &str, what: &str) -> Error {
    let name = &table.table.name;
    let message = format!("column \"{column}\" of row {} of table \"{name}\" {what}", index + 1);
    Error::new(ErrorKind::Query, message).at(Some(name), Some(column))
}

/// A required column that a row does not set is noticed before anything is sent: of two foreign keys to one table, the types
/// do not tell which is carried over.
fn complete(level: &Level) -> Result<()> {
    let table = &level.table;
    let columns = table.table.columns.iter().zip(table.fields).enumerate();
    let required: Vec<_> =
        columns.filter(|(_, (column, field))| field.required && !column.nullable).collect();
    for (index, row) in level.rows.iter().enumerate() {
        if let Some((_, (column, _))) = required.iter().find(|(at, _)| !row.sets(*at)) {
            return Err(of_row(table, index, &column.name, "is required, and is not set"));
        }
    }
    Ok(())
}

/// Inserts the rows of a level: after those that they belong to, before those that belong to them.
fn insert<'t>(
    transaction: &'t Transaction<'_>,
    mut level: Level,
    returns: bool,
    asked: Vec<&'static str>,
) -> BoxFuture<'t, Result<Inserted>> {
    Box::pin(async move {
        let table = level.table;
        if level.rows.is_empty() {
            return Ok(Inserted::default());
        }
        let writes = std::mem::take(&mut level.writes);
        let mut count = 0;
        // For each write the rows that were inserted, and for each of these the row of this level.
        let mut written: Vec<(Vec<AnyRow>, Vec<usize>)> = Vec::new();
        let mut after: Vec<(usize, LevelWrite)> = Vec::new();
        for (place, write) in writes.into_iter().enumerate() {
            written.push((Vec::new(), Vec::new()));
            if write.link.side != Side::Own {
                after.push((place, write));
                continue;
            }
            let LevelWrite { link, of, rows: LevelRows::Insert(related) } = write else { continue };
            let theirs = link.keys.iter().map(|(_, column)| *column).collect();
            let inserted = insert(transaction, related, returns, theirs).await?;
            let owns = link.keys.iter().map(|(column, _)| *column);
            let keys = in_order(&of, &inserted.keys, level.rows.len());
            carry(&link, owns, &(link.own_values)(), &mut level, keys)?;
            count += inserted.count;
            if let Some(place) = written.get_mut(place) {
                *place = (inserted.rows, of);
            }
        }
        complete(&level)?;

        let columns: Vec<&'static str> = asked
            .iter()
            .copied()
            .chain(after.iter().flat_map(|(_, write)| write.link.keys).map(|(column, _)| *column))
            .collect();
        let rows = std::mem::take(&mut level.rows);
        let own = rows.len();
        let (mut rows, keys) = send(transaction, &table, rows, returns, &columns).await?;
        count += u64::try_from(own).unwrap_or(u64::MAX);

        let mut links = AllLinks::default();
        let mut first = asked.len();
        for (place, LevelWrite { link: along, of, rows: related }) in after {
            let end = first + along.keys.len();
            let part = |index: &usize| Some(keys.get(*index)?.get(first..end)?.to_vec());
            let parents: Option<Vec<LinkKey>> = of.iter().map(part).collect();
            let parents = parents.ok_or_else(|| lost(&table.table.name))?;
            first = end;
            match (related, &along.through) {
                (LevelRows::Insert(mut related), None) => {
                    carry_to_theirs(&along, &mut related, &parents)?;
                    let inserted = insert(transaction, related, returns, Vec::new()).await?;
                    count += inserted.count;
                    if let Some(place) = written.get_mut(place) {
                        *place = (inserted.rows, of);
                    }
                }
                (LevelRows::Insert(rows), Some(through)) => {
                    let inserted = insert(transaction, rows, returns, theirs(through)).await?;
                    count += inserted.count;
                    links.add(along, *through, parents, inserted.keys);
                    if let Some(place) = written.get_mut(place) {
                        *place = (inserted.rows, of);
                    }
                }
                (LevelRows::Connect(keys), None) => {
                    point(transaction, &along, &parents, keys).await?;
                }
                (LevelRows::Connect(keys), Some(through)) => {
                    links.add(along, *through, parents, joined(&along, through, keys)?);
                }
            }
        }
        for Links { along, through, parents, others } in links.0 {
            count += link(transaction, &along, &through, parents, others).await?;
        }
        if returns {
            rows = attached(rows, written, &level, &table)?;
        }
        let asked = |key: LinkKey| key.into_iter().take(asked.len()).collect();
        Ok(Inserted { rows, keys: keys.into_iter().map(asked).collect(), count })
    })
}

/// Rows of a join table: for each the keys of the two rows that it links.
struct Links {
    along: Link,
    through: LinkThrough,
    parents: Vec<LinkKey>,
    others: Vec<LinkKey>,
}

/// The links along each relation, whether the related rows are new or not.
#[derive(Default)]
struct AllLinks(Vec<Links>);

impl AllLinks {
    fn add(
        &mut self,
        along: Link,
        through: LinkThrough,
        parents: Vec<LinkKey>,
        others: Vec<LinkKey>,
    ) {
        match self.0.iter_mut().find(|links| links.along.is(&along)) {
            Some(links) => {
                links.parents.extend(parents);
                links.others.extend(others);
            }
            None => self.0.push(Links { along, through, parents, others }),
        }
    }
}

/// The keys of related rows in the order of the rows that they are for.
fn in_order<'k>(of: &[usize], keys: &'k [LinkKey], rows: usize) -> Vec<&'k LinkKey> {
    let mut ordered: Vec<Option<&LinkKey>> = vec![None; rows];
    for (index, key) in of.iter().zip(keys) {
        if let Some(place) = ordered.get_mut(*index) {
            *place = Some(key);
        }
    }
    ordered.into_iter().flatten().collect()
}

/// The rows with what was inserted along their relations.
fn attached(
    rows: Vec<AnyRow>,
    written: Vec<(Vec<AnyRow>, Vec<usize>)>,
    level: &Level,
    table: &Written,
) -> Result<Vec<AnyRow>> {
    let mut of_rows: Vec<Vec<Vec<AnyRow>>> = Vec::new();
    for (related, of) in written {
        let mut each: Vec<Vec<AnyRow>> = Vec::new();
        each.resize_with(rows.len(), Vec::new);
        for (row, index) in related.into_iter().zip(of) {
            if let Some(place) = each.get_mut(index) {
                place.push(row);
            }
        }
        of_rows.push(each);
    }
    let mut attached = Vec::with_capacity(rows.len());
    for (index, (mut row, attaches)) in rows.into_iter().zip(&level.attached).enumerate() {
        for (place, attach) in attaches {
            let related = of_rows.get_mut(*place).and_then(|each| each.get_mut(index));
            let related = related.map(std::mem::take).unwrap_or_default();
            row = attach(row, related).ok_or_else(|| lost(&table.table.name))?;
        }
        attached.push(row);
    }
    Ok(attached)
}

/// Sends the insert of the rows of one table; gives the rows, where they are asked for, and for each the values of columns.
async fn send(
    transaction: &Transaction<'_>,
    table: &Written,
    rows: Vec<crate::query::Values>,
    returns: bool,
    columns: &[&'static str],
) -> Result<(Vec<AnyRow>, Vec<LinkKey>)> {
    let expected = rows.len();
    let mut node = crate::query::insert_of_built(table.target(), table.fields, rows);
    if returns {
        node.returning.push(Output::Source(table.name, table.columns));
    }
    let mut types = Vec::with_capacity(columns.len());
    for column in columns {
        let field = table.position(column).and_then(|at| table.fields.get(at));
        let field = field.ok_or_else(|| lost(column))?;
        types.push((field.ty)());
        let value = Node::Column { source: table.name, column };
        node.returning.push(match field.as_text {
            None => Output::Node(value),
            Some(text) => Output::Text(value, None, text),
        });
    }
    let mut given = Vec::new();
    let mut keys: Vec<LinkKey> = Vec::new();
    let count = if node.returning.is_empty() {
        changed(transaction, &Statement::Insert(node)).await?
    } else {
        let mut read = |row: RawRow<'_>| {
            let mut cells = Cells::of_row(row.row, row.lookup);
            if returns {
                given.push((table.read)(&mut cells)?);
            }
            let index = keys.len();
            let mut key: LinkKey = Vec::with_capacity(columns.len());
            for (column, ty) in columns.iter().zip(&types) {
                let Some(bytes) = cells.bytes()? else {
                    return Err(of_row(
                        table,
                        index,
                        column,
                        "is NULL, and no row can be linked by it",
                    ));
                };
                let value = KeyValue { bytes: bytes.into(), ty: ty.clone() };
                key.push(Arc::new(value) as Arc<dyn Parameter>);
            }
            keys.push(key);
            Ok(())
        };
        each(transaction, &Statement::Insert(node), &mut read).await?;
        u64::try_from(keys.len()).unwrap_or(u64::MAX)
    };
    if usize::try_from(count) != Ok(expected) {
        // Which of the rows are there cannot be told.
        let name = &table.table.name;
        let message = format!("{count} of {expected} rows were inserted into table \"{name}\"");
        return Err(Error::new(ErrorKind::Database, message).at(Some(name), None).with_hint(
            "a trigger or rule has left rows out: the rows that belong to them have no key",
        ));
    }
    Ok((given, keys))
}

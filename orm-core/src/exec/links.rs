//! Links rows that exist: sets their foreign keys, inserts and deletes rows of join tables.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::exec::nested_insert::{in_transaction, lost};
use crate::exec::row::RawRow;
use crate::exec::run::{changed, each};
use crate::exec::transaction::Transaction;
use crate::query::node::{
    Assigned, Conflict, ConflictTarget, DeleteNode, FromItem, InsertNode, InsertRows, Node, Output,
    Param, Select, Statement, Target, UpdateNode,
};
use crate::query::{
    GivenColumn, Keys, Link, LinkChange, LinkKey, LinkThrough, Linking, Written, add_client_values,
    given, have, made_by_client,
};
use crate::types::cells::Cells;
use crate::types::{Erased, Parameter};
use std::borrow::Cow;
use std::sync::Arc;

impl LinkChange {
    /// Changes the links, all or nothing; gives the number of links that were made or ended.
    ///
    /// # Errors
    /// What the server reports; [`ErrorKind::NotFound`] where a row to be linked does not exist; [`ErrorKind::Query`] where a
    /// foreign key that must become NULL cannot; no connection.
    pub async fn execute(self, executor: &(impl Executor + ?Sized)) -> Result<u64> {
        let Self { key, link, linking, rows } = self;
        let key = key?;
        let rows = distinct(rows);
        let unlinks = match linking {
            Linking::Connect if rows.is_empty() => return Ok(0),
            Linking::Disconnect if rows.is_empty() => return Ok(0),
            Linking::Connect => None,
            Linking::Disconnect => Some(unlink(&link, &key, Some((&rows, true)))?),
            Linking::Set if !rows.is_empty() => Some(unlink(&link, &key, Some((&rows, false)))?),
            Linking::Set | Linking::DisconnectAll => Some(unlink(&link, &key, None)?),
        };
        let links = matches!(linking, Linking::Connect | Linking::Set) && !rows.is_empty();
        match unlinks {
            Some(statement) if !links => changed(executor.as_dyn(), &statement).await,
            unlinks => {
                in_transaction(executor.as_dyn(), async |transaction| {
                    let mut count = 0;
                    if let Some(statement) = unlinks {
                        count += changed(transaction, &statement).await?;
                    }
                    let parents = rows.iter().map(|_| key.clone()).collect();
                    Ok(count + connect(transaction, &link, parents, rows).await?)
                })
                .await
            }
        }
    }
}

/// Each key once.
fn distinct(rows: Vec<Vec<Param>>) -> Vec<Vec<Param>> {
    let mut known = std::collections::HashSet::new();
    rows.into_iter().filter(|key| encoded(key).is_none_or(|bytes| known.insert(bytes))).collect()
}

/// The bytes of a key; none where its type must be looked up before it can be written.
fn encoded(key: &[Param]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for param in key {
        let mut value = bytes::BytesMut::new();
        param.value.write_as(&param.ty, &mut value).ok()?;
        bytes.extend_from_slice(&value.len().to_le_bytes());
        bytes.extend_from_slice(&value);
    }
    Some(bytes)
}

/// The columns of the primary key of a table.
fn primary_key(table: &Written) -> Vec<&'static str> {
    let key = table.table.primary_key.as_ref();
    key.map(|key| key.columns.iter().map(|column| &**column).collect()).unwrap_or_default()
}

/// The values of one column of rows that are sent.
fn sent(
    name: String,
    values: Vec<Arc<dyn Parameter>>,
    table: &Written,
    column: &str,
) -> Result<GivenColumn<Erased>> {
    let field = table.position(column).and_then(|at| table.fields.get(at));
    let field = field.ok_or_else(|| lost(&table.table.name))?;
    Ok(GivenColumn {
        name: Cow::Owned(name),
        values: values.into_iter().map(Erased).collect(),
        ty: (field.ty)(),
        array: (field.array_ty)(),
    })
}

/// The name of the rows that are sent, unless a table has it.
fn name_of_given(tables: &[&str]) -> &'static str {
    if tables.contains(&"given") { "given_rows" } else { "given" }
}

/// Columns of rows that are sent: `key1`, `key2`, ..
fn columns<K: AsRef<[Arc<dyn Parameter>]>>(
    prefix: &str,
    table: &Written,
    names: &[&'static str],
    keys: &[K],
) -> Result<Vec<GivenColumn<Erased>>> {
    let column = |(at, name): (usize, &&'static str)| {
        let values = keys.iter().filter_map(|key| key.as_ref().get(at).cloned()).collect();
        sent(format!("{prefix}{}", at + 1), values, table, name)
    };
    names.iter().enumerate().map(column).collect()
}

fn column(source: &'static str, prefix: &str, at: usize) -> Node {
    given::column(source, Cow::Owned(format!("{prefix}{}", at + 1)))
}

fn equal(left: Node, right: Node) -> Node {
    Node::Binary(Box::new((left, right)), "=")
}

fn own(source: &'static str, column: &'static str) -> Node {
    Node::Column { source, column }
}

const NUMBER: &str = "number";

/// Links rows that exist, by their primary keys, each to the row with the key of the same index.
async fn connect(
    transaction: &Transaction<'_>,
    link: &Link,
    parents: Vec<LinkKey>,
    rows: Vec<Vec<Param>>,
) -> Result<u64> {
    match &link.through {
        None => point(transaction, link, &parents, rows).await,
        Some(through) => {
            let rows = joined(link, through, rows)?;
            self::link(transaction, link, through, parents, rows).await
        }
    }
}

fn values(rows: Vec<Vec<Param>>) -> Vec<LinkKey> {
    rows.into_iter()
        .map(|key| key.into_iter().map(|param| param.value.shared()).collect())
        .collect()
}

/// Of primary keys the columns that a join table references, in its order.
pub(super) fn joined(
    link: &Link,
    through: &LinkThrough,
    rows: Vec<Vec<Param>>,
) -> Result<Vec<LinkKey>> {
    let key = primary_key(&link.to);
    let places = through.keys.iter().map(|(column, _)| key.iter().position(|key| key == column));
    let Some(places) = places.collect::<Option<Vec<usize>>>() else {
        let table = &link.to.table.name;
        let why = format!("does not reference the primary key of table \"{table}\"");
        return Err(not_a_link(link, through, &why));
    };
    let part = |row: LinkKey| places.iter().filter_map(|at| row.get(*at).cloned()).collect();
    Ok(values(rows).into_iter().map(part).collect())
}

/// Sets the foreign keys of rows that exist.
pub(super) async fn point(
    transaction: &Transaction<'_>,
    link: &Link,
    parents: &[LinkKey],
    rows: Vec<Vec<Param>>,
) -> Result<u64> {
    let (rows, key) = (values(rows), primary_key(&link.to));
    if rows.is_empty() {
        return Ok(0);
    }
    let (from, to) = (&link.from, &link.to);
    let source = name_of_given(&[to.name]);
    let owns: Vec<&'static str> = link.keys.iter().map(|(own, _)| *own).collect();
    let mut list = columns("key", to, &key, &rows)?;
    list.extend(columns("value", from, &owns, parents)?);
    let theirs = link.keys.iter().enumerate();
    let mut set: Assigned =
        theirs.map(|(at, (_, theirs))| (*theirs, column(source, "value", at))).collect();
    set.extend((link.their_values)());
    add_client_values(to.table, to.fields, &mut set);
    let filters = key.iter().enumerate();
    let filters =
        filters.map(|(at, name)| equal(own(to.name, name), column(source, "key", at))).collect();
    let node = UpdateNode {
        with: Vec::new(),
        target: to.target(),
        set,
        from: vec![given::source(source, list, rows.len(), Cow::Borrowed(NUMBER))],
        joins: Vec::new(),
        filters,
        returning: vec![Output::Node(given::column(source, Cow::Borrowed(NUMBER)))],
        is_empty: false,
    };
    let mut found = vec![false; rows.len()];
    let mut read = |row: RawRow<'_>| {
        let number: i32 = Cells::of_row(row.row, row.lookup).value()?;
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        if let Some(place) = place.and_then(|place| found.get_mut(place)) {
            *place = true;
        }
        Ok(())
    };
    each(transaction, &Statement::Update(node), &mut read).await?;
    match found.iter().position(|found| !found) {
        None => Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX)),
        Some(missing) => Err(not_found(link, missing, &rows)),
    }
}

fn not_found(link: &Link, index: usize, rows: &[LinkKey]) -> Error {
    let table = &link.to.table.name;
    let key = rows.get(index).map(|key| format!("{key:?}")).unwrap_or_default();
    let message = format!(
        "row {} of those to be linked along relation `{}` is not linked: table \"{table}\" has no row with the key {key}, or it is linked to another row of this insert",
        index + 1,
        link.name,
    );
    Error::new(ErrorKind::NotFound, message).at(Some(table), None)
}

/// Inserts rows of a join table that are not there yet.
pub(super) async fn link(
    transaction: &Transaction<'_>,
    link: &Link,
    through: &LinkThrough,
    parents: Vec<LinkKey>,
    others: Vec<LinkKey>,
) -> Result<u64> {
    if parents.is_empty() {
        return Ok(0);
    }
    let source = name_of_given(&[through.name]);
    let owns: Vec<&'static str> = link.keys.iter().map(|(own, _)| *own).collect();
    let theirs: Vec<&'static str> = through.keys.iter().map(|(theirs, _)| *theirs).collect();
    let mut list = columns("key", &link.from, &owns, &parents)?;
    list.extend(columns("value", &link.to, &theirs, &others)?);
    let of_parent = link.keys.iter().enumerate().map(|(at, (_, joined))| (*joined, "key", at));
    let of_other = through.keys.iter().enumerate().map(|(at, (_, joined))| (*joined, "value", at));
    let mut joined: Vec<(&'static str, &str, usize)> = Vec::new();
    for column in of_parent.chain(of_other) {
        // One column may be a part of both foreign keys.
        if !joined.iter().any(|(name, ..)| *name == column.0) {
            joined.push(column);
        }
    }
    is_join_table(link, through)?;

    let mut select = Select::empty();
    let mut linked = Select::empty();
    linked.from = Some(FromItem::table(through.table, through.name));
    let mut places = Vec::with_capacity(joined.len());
    for (name, prefix, at) in &joined {
        let place = through.table.columns.iter().position(|each| each.name == *name);
        places.push(place.ok_or_else(|| lost(name))?);
        select.outputs.push(Output::Node(column(source, prefix, *at)));
        linked.filters.push(equal(own(through.name, name), column(source, prefix, *at)));
    }
    let columns = through.table.columns.iter().zip(through.fields).enumerate();
    for (place, (declared, field)) in columns {
        if places.contains(&place) {
            continue;
        }
        let Some(make) = made_by_client(through.table, through.fields, place) else {
            if field.required && !declared.nullable {
                return Err(not_a_link(
                    link,
                    through,
                    &format!("requires a value of column \"{}\"", declared.name),
                ));
            }
            continue;
        };
        match make() {
            Node::Param(first) => {
                let others = (1..parents.len()).filter_map(|_| match make() {
                    Node::Param(param) => Some(param.value.shared()),
                    _ => None,
                });
                let values =
                    std::iter::once(first.value.shared()).chain(others).map(Erased).collect();
                let at = list.len();
                list.push(GivenColumn {
                    name: Cow::Owned(format!("made{}", at + 1)),
                    values,
                    ty: (field.ty)(),
                    array: (field.array_ty)(),
                });
                select.outputs.push(Output::Node(column(source, "made", at)));
            }
            expression => select.outputs.push(Output::Node(expression)),
        }
        places.push(place);
    }
    select.from = Some(given::source(source, list, parents.len(), Cow::Borrowed(NUMBER)));
    select.filters.push(Node::Prefix("NOT", Box::new(Node::Exists(Arc::new(linked)))));
    let node = InsertNode {
        with: Vec::new(),
        target: Target { table: through.table, name: through.name },
        columns: places.into(),
        rows: InsertRows::Select(Box::new(select)),
        overriding: None,
        // Another transaction may link them at the same time.
        conflict: Some(Conflict { target: ConflictTarget::Any, update: None }),
        returning: Vec::new(),
        not_made: None,
    };
    changed(transaction, &Statement::Insert(node)).await
}

/// Whether the rows of a table do nothing but link: it references both tables.
fn is_join_table(link: &Link, through: &LinkThrough) -> Result<()> {
    let references = |keys: Keys, to: &Written| {
        through.table.foreign_keys.iter().any(|key| {
            key.references_table == to.table.name
                && key.references_schema == to.table.schema
                && keys.iter().all(|(_, joined)| key.columns.iter().any(|column| column == joined))
        })
    };
    if references(link.keys, &link.from) && references(through.keys, &link.to) {
        return Ok(());
    }
    Err(not_a_link(link, through, "does not reference both tables"))
}

fn not_a_link(link: &Link, through: &LinkThrough, why: &str) -> Error {
    let table = &through.table.name;
    let message = format!(
        "rows cannot be linked along relation `{}`: table \"{table}\", which it goes through, {why}",
        link.name
    );
    Error::new(ErrorKind::Query, message)
        .at(Some(table), None)
        .with_hint("insert rows of that table themselves")
}

/// Ends links of a row: those with these keys, or those with other keys, or all.
fn unlink(link: &Link, parent: &LinkKey, rows: Option<(&[Vec<Param>], bool)>) -> Result<Statement> {
    let (from, to) = (&link.from, &link.to);
    let (name, table) = match &link.through {
        None => (to.name, to.table),
        Some(through) => (through.name, through.table),
    };
    let mut filters = Vec::new();
    for ((owned, theirs), value) in link.keys.iter().zip(parent) {
        let field = from.position(owned).and_then(|at| from.fields.get(at));
        let field = field.ok_or_else(|| lost(owned))?;
        let value = Node::Param(Param::new(Arc::clone(value), (field.ty)()));
        filters.push(equal(own(name, theirs), value));
    }
    if let Some((rows, are_these)) = rows {
        filters.push(among(link, name, rows, are_these)?);
    }
    if let Some(through) = &link.through {
        is_join_table(link, through)?;
        if let Some(condition) = (link.condition)() {
            let mut related = Select::empty();
            related.from = Some(FromItem::table(to.table, to.name));
            let keys = through.keys.iter();
            related.filters = keys
                .map(|(theirs, joined)| equal(own(to.name, theirs), own(through.name, joined)))
                .collect();
            related.filters.push(condition);
            filters.push(Node::Exists(Arc::new(related)));
        }
        return Ok(Statement::Delete(DeleteNode {
            with: Vec::new(),
            target: Target { table, name },
            using: Vec::new(),
            joins: Vec::new(),
            filters: filters.into(),
            returning: Vec::new(),
        }));
    }
    filters.extend(have(to.name, (link.their_values)()));
    filters.extend((link.condition)());
    let mut set = Assigned::None;
    for (_, theirs) in link.keys {
        set.push((*theirs, Node::Constant("NULL")));
        let declared = table.columns.iter().find(|each| each.name == *theirs);
        if declared.is_some_and(|declared| !declared.nullable) {
            let message = format!(
                "rows of relation `{}` cannot be unlinked: column \"{theirs}\" of table \"{}\" cannot be NULL",
                link.name, table.name
            );
            return Err(Error::new(ErrorKind::Query, message)
                .at(Some(&table.name), Some(theirs))
                .with_hint("delete the rows, or link them to another"));
        }
    }
    // Of a row that belongs to none, nothing says to which table it belongs.
    for (theirs, _) in (link.their_values)() {
        if table.column(theirs).is_some_and(|declared| declared.nullable) {
            set.push((theirs, Node::Constant("NULL")));
        }
    }
    add_client_values(to.table, to.fields, &mut set);
    Ok(Statement::Update(UpdateNode {
        with: Vec::new(),
        target: to.target(),
        set,
        from: Vec::new(),
        joins: Vec::new(),
        filters: filters.into(),
        returning: Vec::new(),
        is_empty: false,
    }))
}

/// Whether a row is one of those with these primary keys.
fn among(link: &Link, name: &'static str, rows: &[Vec<Param>], are_these: bool) -> Result<Node> {
    let key = primary_key(&link.to);
    let pairs: Vec<(&'static str, usize)> = match &link.through {
        None => key.iter().enumerate().map(|(at, column)| (*column, at)).collect(),
        Some(through) => {
            let place = |(theirs, joined): &(&str, &'static str)| {
                Some((*joined, key.iter().position(|key| key == theirs)?))
            };
            let places = through.keys.iter().map(place).collect::<Option<Vec<_>>>();
            places.ok_or_else(|| lost(&link.to.table.name))?
        }
    };
    let source = name_of_given(&[name]);
    let mut list = Vec::new();
    let mut these = Select::empty();
    for (place, (column_name, at)) in pairs.into_iter().enumerate() {
        let values = rows.iter().filter_map(|row| row.get(at)).map(|it| it.value.shared());
        let of_key = key.get(at).copied().unwrap_or_default();
        list.push(sent(format!("key{}", place + 1), values.collect(), &link.to, of_key)?);
        these.filters.push(equal(own(name, column_name), column(source, "key", place)));
    }
    these.from = Some(given::source(source, list, rows.len(), Cow::Borrowed(NUMBER)));
    let exists = Node::Exists(Arc::new(these));
    Ok(if are_these { exists } else { Node::Prefix("NOT", Box::new(exists)) })
}

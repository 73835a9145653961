//! Words of the catalog that are read again, until they are those that the server gives back when it is told them.

use super::{ScratchError, canonical, canonicalize_objects, has_expressions};
use crate::catalog::{self, Canonical, Live};
use orm_core::exec::Connection;
use orm_core::schema::{Object, Schema, Table};

/// Reads a live database in words that can be compared with those of `declared`: where a table differs, its
/// expressions are read again as [`canonical`] does.
///
/// # Errors
/// The connection fails.
pub async fn live(connection: &Connection, declared: &Canonical) -> Result<Live, ScratchError> {
    let mut live = catalog::read(connection).await?;
    live.canonical = reread(connection, &live.canonical, declared).await?;
    Ok(live)
}

/// The same in words that this server gives back when it is told them: of the tables that differ from the other's.
///
/// # Errors
/// The connection fails.
pub async fn reread(
    connection: &Connection,
    read: &Canonical,
    other: &Canonical,
) -> Result<Canonical, ScratchError> {
    let differs = |table: &Table| {
        other.schema().table(&table.schema, &table.name).is_some_and(|it| it != table)
    };
    let is_another = |object: &Object| {
        other.schema().object(object.schema(), &object.name()).is_some_and(|it| it != object)
    };
    let read = objects_again(connection, read, is_another).await?;
    tables_again(connection, &read, differs).await
}

/// As [`reread`], also the tables and objects that the other one does not have: they shall be made by these words.
///
/// # Errors
/// The connection fails.
pub async fn settled(
    connection: &Connection,
    read: &Canonical,
    other: &Canonical,
) -> Result<Canonical, ScratchError> {
    let differs = |table: &Table| other.schema().table(&table.schema, &table.name) != Some(table);
    let is_another =
        |object: &Object| other.schema().object(object.schema(), &object.name()) != Some(object);
    let read = objects_again(connection, read, is_another).await?;
    tables_again(connection, &read, differs).await
}

async fn objects_again(
    connection: &Connection,
    read: &Canonical,
    is_asked: impl Fn(&Object) -> bool,
) -> Result<Canonical, ScratchError> {
    let is_asked =
        |object: &Object| canonicalize_objects::has_expressions(object) && is_asked(object);
    let mut objects = read.schema().objects.clone();
    let mut asked: Vec<Object> = objects.iter().filter(|it| is_asked(it)).cloned().collect();
    if asked.is_empty() {
        return Ok(read.clone());
    }
    if !in_temporary(connection, &mut asked).await? {
        // They stand on what is not there yet.
        let all = Schema { objects: objects.clone(), ..Schema::default() };
        match canonical(connection, &all).await {
            Ok(again) => asked = again.schema().objects.clone(),
            Err(ScratchError::Database(error)) => return Err(error.into()),
            // What cannot be built a second time is compared as it stands.
            Err(_) => return Ok(read.clone()),
        }
    }
    for object in &mut objects {
        let is_same = |it: &&Object| {
            (it.schema(), it.name(), it.kind()) == (object.schema(), object.name(), object.kind())
        };
        if let Some(again) = asked.iter().find(is_same) {
            *object = canonicalize_objects::with_words_of(object.clone(), again);
        }
    }
    Ok(read.with_objects(objects))
}

/// `false` where that is not possible.
async fn in_temporary(
    connection: &Connection,
    objects: &mut [Object],
) -> Result<bool, ScratchError> {
    let begin =
        "BEGIN READ WRITE; SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off";
    if let Err(error) = connection.batch_execute(begin).await {
        // A standby writes nothing.
        connection.batch_execute("ROLLBACK").await?;
        return if error.sqlstate().is_some() { Ok(false) } else { Err(error.into()) };
    }
    let settled = canonicalize_objects::settled(connection, objects).await;
    connection.batch_execute("ROLLBACK").await?;
    settled
}

async fn tables_again(
    connection: &Connection,
    read: &Canonical,
    is_asked: impl Fn(&Table) -> bool,
) -> Result<Canonical, ScratchError> {
    let mut words = read.clone();
    let tables = read.schema().tables.iter();
    let tables = tables.filter(|table| has_expressions(table) && is_asked(table)).cloned();
    let all = Schema { tables: tables.collect(), ..Schema::default() };
    if all.tables.is_empty() {
        return Ok(words);
    }
    // First as if all that they stand on were there; then with that.
    let objects = read.schema().objects.clone();
    for all in [all.clone(), Schema { objects, ..all.clone() }] {
        match canonical(connection, &all).await {
            Ok(again) => return Ok(words.with_tables(again)),
            Err(ScratchError::Database(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    // Which of them it was is found by building them one by one.
    for table in all.tables {
        let one = Schema { tables: vec![table], ..Schema::default() };
        match canonical(connection, &one).await {
            Ok(again) => words = words.with_tables(again),
            Err(ScratchError::Database(error)) => return Err(error.into()),
            // A table that cannot be built a second time is compared as it stands.
            Err(_) => {}
        }
    }
    Ok(words)
}

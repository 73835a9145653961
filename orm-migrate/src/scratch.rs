//! Builds a schema for real and takes it back: the server is the judge. Start at [`canonical`] and [`prove`].
//!
//! PostgreSQL gives a default, a check or a predicate back in words of its own, and no list of text rules covers
//! that. So what is declared is created as temporary tables, in a transaction that is rolled back, and read by the
//! same reader as the live database. That takes no lock on any table of the application, and no right but TEMPORARY.

mod batches;
mod canonicalize;
mod canonicalize_objects;
mod cause;
mod database;
mod frozen;
mod locate_error;
mod objects;
mod renamed;
mod run;
mod storageless;
mod temp_table;
mod verify;
mod version;
mod views;

pub use canonicalize::{live, reread, settled};
pub use database::{Left, ScratchDatabase, ScratchServer};
pub use renamed::renamed;
pub use run::{StatementStopped, run};
pub use verify::{Proof, prove};
pub use views::with_views;

use crate::catalog::{self, Canonical, Whose};
use crate::change::ObjectName;

use crate::diff;
use crate::locks::Exceeded;
use crate::privileges;
use orm_core::exec::Connection;
use orm_core::schema::{Column, Index, IndexKey, IndexPart, Schema, Table, Text};
use orm_core::sql::ident::Ident;
use std::collections::{BTreeMap, BTreeSet};
use temp_table::{Alias, Form, parents_first};

/// Why a declared schema could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScratchError {
    /// The server does not accept what is declared.
    #[error("{place}: {source}\nhint: {hint}")]
    Refused {
        /// The table, and the column, constraint or index if that is known.
        place: String,
        /// What to do.
        hint: Text,
        /// What the server said.
        source: orm_core::Error,
    },
    /// What is declared has a constant that is read once, when it is created.
    #[error(
        "{place}: the constant '{word}' is frozen when it is created, so it would be another one each time, and every later row gets that one\nhint: write {instead}, which is computed each time, or the value that is meant; in a check, an index, a generated column or the bound of a partition only a fixed value can stand"
    )]
    Frozen {
        /// The table or object, and what of it.
        place: String,
        /// `now`, `today`, `tomorrow` or `yesterday`.
        word: &'static str,
        /// What to write.
        instead: &'static str,
    },
    /// Something else than what is declared makes the server refuse it.
    #[error(
        "what is declared is created for a moment to be compared, and {cause}: {source}\nhint: {hint}"
    )]
    Server {
        /// What refuses.
        cause: String,
        /// What to do.
        hint: String,
        /// What the server said.
        source: orm_core::Error,
    },
    /// The server is older than what is declared.
    #[error(
        "{place}: {what} exists from PostgreSQL {version} on, and this server is {server}\nhint: {hint}"
    )]
    TooOld {
        /// The column, constraint or index.
        place: String,
        /// What it asks for.
        what: &'static str,
        /// The first version that has it.
        version: i32,
        /// The server's own.
        server: String,
        /// What to do.
        hint: &'static str,
    },
    /// The role may not create temporary tables.
    #[error(
        "the declared tables are compared through temporary tables, and the role {} lacks the right TEMPORARY on the database {}: {source}\nhint: GRANT TEMPORARY ON DATABASE {} TO {}",
        Ident(role),
        Ident(database),
        Ident(database),
        Ident(role)
    )]
    NoTemporary {
        /// The database.
        database: String,
        /// The role that is connected.
        role: String,
        /// What the server said.
        source: orm_core::Error,
    },
    /// Nothing can be created on this server, not even for a moment.
    #[error(
        "the declared tables are compared through temporary tables, which a standby cannot create: {source}\nhint: connect to the primary server"
    )]
    ReadOnly {
        /// What the server said.
        source: orm_core::Error,
    },
    /// The server did not drop a database in time.
    #[error("{0}")]
    Left(Left),
    /// The role may not create databases, and nothing else was named to build in.
    #[error(
        "something must be built on a scratch database, and the role {} may not create databases\nhint: ALTER ROLE {} CREATEDB, or name with --scratch-url a server where the role may, or an empty database of its own",
        Ident(role),
        Ident(role)
    )]
    NoCreateDatabase {
        /// The role that is connected.
        role: String,
    },
    /// The role may not create databases, and the database that was named is in use.
    #[error(
        "the role {} of --scratch-url may not create databases, and the database {} is not empty: it has {example}\nhint: name an empty database, or ALTER ROLE {} CREATEDB",
        Ident(role),
        Ident(database),
        Ident(role)
    )]
    NotEmpty {
        /// The database.
        database: String,
        /// The role that is connected.
        role: String,
        /// Something that is in it.
        example: String,
    },
    /// Another run builds in the database that was named.
    #[error(
        "another run builds in the database {} of --scratch-url\nhint: wait for it, or name another empty database",
        Ident(database)
    )]
    Busy {
        /// The database.
        database: String,
    },
    /// What was built in the database that was named could not be dropped.
    #[error(
        "the database {} of --scratch-url could not be emptied again: {example} stays\nhint: drop it by hand",
        Ident(database)
    )]
    Stays {
        /// The database.
        database: String,
        /// Something that is in it.
        example: String,
    },
    /// What is declared takes more locks in one transaction than the server has room for.
    #[error(transparent)]
    Locks(#[from] Exceeded),
    /// The SQL of a migration cannot be cut into statements.
    #[error("the SQL of the migration: {0}")]
    Script(crate::history::ScriptError),
    /// The SQL of a migration fails where it is tried.
    #[error(
        "the migration fails on a copy of the schema, at line {line}: {source}\nhint: nothing was written"
    )]
    Migration {
        /// The line of its SQL.
        line: usize,
        /// What the server said.
        source: orm_core::Error,
    },
    /// The live schema cannot be built a second time.
    #[error(
        "something has another name, and what that changes is tried on a copy of the schema, which could not be made: {source}\nhint: name with --scratch-url a server that has what the schema stands on"
    )]
    Copy {
        /// What the server said.
        source: orm_core::Error,
    },
    /// The connection failed.
    #[error(transparent)]
    Database(#[from] orm_core::Error),
}

/// What the server makes of a declared schema. Nothing of it stays.
///
/// # Errors
/// The server does not accept a column, default, check or index; the right TEMPORARY is missing.
pub async fn canonical(
    connection: &Connection,
    declared: &Schema,
) -> Result<Canonical, ScratchError> {
    canonical_among(connection, declared, &declared.tables).await
}

/// The same of some tables: `all` are those that they may look at.
async fn canonical_among(
    connection: &Connection,
    declared: &Schema,
    all: &[Table],
) -> Result<Canonical, ScratchError> {
    version::check(connection, declared).await?;
    let mut canonical = build_and_take_back(connection, declared, all, Form::Whole).await?;
    for _ in 0..READINGS_MAX {
        let tables = &canonical.schema().tables;
        // A policy may look into any table.
        let looks = tables.iter().any(|table| !table.policies.is_empty());
        let is_read = |table: &&Table| looks || has_expressions(table);
        let some = Schema {
            tables: tables.iter().filter(is_read).cloned().collect(),
            // What they stand on.
            objects: canonical.schema().objects.clone(),
            ..Schema::default()
        };
        if some.tables.is_empty() {
            break;
        }
        let again = build_and_take_back(connection, &some, all, Form::Whole).await?;
        if again.schema().tables == some.tables {
            break;
        }
        canonical = canonical.with_tables(again);
    }
    Ok(canonical)
}

/// The same, where a live schema is at hand that most of it equals: only what differs from that is built whole.
///
/// # Errors
/// As [`canonical`].
pub async fn canonical_beside(
    connection: &Connection,
    declared: &Schema,
    live: &Canonical,
) -> Result<Canonical, ScratchError> {
    version::check(connection, declared).await?;
    let all = declared.tables.as_slice();
    let mut words = match build_and_take_back(connection, declared, all, Form::Sketch).await {
        Ok(words) => words,
        // Whole, it may be accepted; and if not, it is said better.
        Err(ScratchError::Refused { .. }) => return canonical(connection, declared).await,
        Err(error) => return Err(error),
    };
    let mut others = beside(&words, live);
    for _ in 1..READINGS_MAX {
        // What looks at other tables is built with them.
        if others.is_empty() || !others.iter().all(storageless::is_possible) {
            break;
        }
        let some =
            Schema { tables: others, objects: words.schema().objects.clone(), ..Schema::default() };
        match build_and_take_back(connection, &some, all, Form::Sketch).await {
            Ok(again) => words = words.with_tables(again),
            Err(ScratchError::Refused { .. }) => return canonical(connection, declared).await,
            Err(error) => return Err(error),
        }
        others = beside(&words, live);
    }
    if others.is_empty() {
        return Ok(words);
    }
    if !others.iter().all(storageless::is_possible) {
        return canonical(connection, declared).await;
    }
    let is_other =
        |table: &Table| others.iter().any(|it| ObjectName::of(it) == ObjectName::of(table));
    let tables = declared.tables.iter().filter(|it| is_other(it)).cloned().collect();
    let some = Schema { tables, ..declared.clone() };
    let whole = canonical_among(connection, &some, all).await?;
    Ok(words.with_tables(whole))
}

/// The tables that are not just so in `live`.
fn beside(words: &Canonical, live: &Canonical) -> Vec<Table> {
    let is_there = |it: &Table| live.schema().table(&it.schema, &it.name) == Some(it);
    words.schema().tables.iter().filter(|it| !is_there(it)).cloned().collect()
}

/// How often the server's own words are read again, until they stay. The check `v IN ('a', 'b')` of a `varchar` is
/// said with `(ARRAY['a'::varchar, ..])::text[]`, and that, as a migration or a restored dump gives it back, is said
/// with `ARRAY[('a'::varchar)::text, ..]`. No expression is known that needs more than two readings.
const READINGS_MAX: usize = 3;

fn has_expressions(table: &Table) -> bool {
    let of_column = |column: &Column| column.default.is_some() || column.generated.is_some();
    let of_index = |index: &Index| {
        let is_expression = |part: &IndexPart| matches!(part.key, IndexKey::Expression(_));
        index.predicate.is_some() || index.parts.iter().any(is_expression)
    };
    !table.checks.is_empty()
        || !table.exclusions.is_empty()
        || !table.triggers.is_empty()
        || !table.policies.is_empty()
        || table.partition_by.is_some()
        || table.partition_of.is_some()
        || table.columns.iter().any(of_column)
        || table.indexes.iter().any(of_index)
}

async fn build_and_take_back(
    connection: &Connection,
    declared: &Schema,
    all: &[Table],
    form: Form,
) -> Result<Canonical, ScratchError> {
    let batches = batches::of(connection, declared).await?;
    let [first, more @ ..] = batches.as_slice() else {
        return build_at_once(connection, declared, all, form).await;
    };
    let mut canonical = build_at_once(connection, first, all, form).await?;
    for batch in more {
        let next = build_at_once(connection, batch, all, form).await?;
        canonical = canonical.and_tables(next);
    }
    Ok(canonical.in_order_of(&declared.tables))
}

async fn build_at_once(
    connection: &Connection,
    declared: &Schema,
    all: &[Table],
    form: Form,
) -> Result<Canonical, ScratchError> {
    // What is created is temporary and taken back, so a session whose default is to write nothing is no obstacle.
    match connection.batch_execute("BEGIN READ WRITE").await {
        Err(source) if source.sqlstate() == Some("0A000") => {
            return Err(ScratchError::ReadOnly { source });
        }
        begun => begun?,
    }
    let read = build_and_read(connection, declared, all, form).await;
    // Also when it failed: nothing stays. What went wrong first is what to tell.
    let ended = connection.batch_execute("ROLLBACK").await;
    let read = match read {
        Err(ScratchError::Refused { place, hint, source }) => {
            let hint = privileges::hint(connection, &source).await.map_or(hint, Text::from);
            return Err(ScratchError::Refused { place, hint, source });
        }
        read => read?,
    };
    ended?;
    Ok(read)
}

async fn build_and_read(
    connection: &Connection,
    declared: &Schema,
    all: &[Table],
    form: Form,
) -> Result<Canonical, ScratchError> {
    let objects = objects::build(connection, &declared.objects, all).await?;
    stand_in(connection, declared, all).await?;
    let mut aliases = temp_table::all(&declared.tables, form);
    let order: Vec<usize> = (parents_first(&declared.tables).into_iter())
        .filter_map(|table| declared.tables.iter().position(|it| std::ptr::eq(it, table)))
        .collect();
    // One round trip for all. Only where that fails are they built one by one, to say what it was.
    let all = order.iter().filter_map(|number| aliases.get(*number)).map(Alias::sql);
    if locate_error::keep(connection, &all.collect::<Vec<_>>().join(";\n")).await?.is_some() {
        for number in order {
            if let Some(alias) = aliases.get_mut(number) {
                build_one(connection, number, alias).await?;
            }
        }
    }
    // Read with an empty search_path, so that every name comes qualified; built with the session's own, so that an
    // expression means what it will mean when it runs.
    connection.batch_execute("SET LOCAL search_path = ''").await?;
    let read = catalog::tables(connection, Whose::Session).await?;
    let mut read: BTreeMap<Text, Table> =
        read.tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    let tables = aliases
        .iter()
        .map(|alias| match read.remove(&alias.table.name) {
            Some(table) => {
                let table = alias.restore(table);
                frozen::table(alias.declared, &table)?;
                Ok(table)
            }
            None => Err(lost(alias.declared).into()),
        })
        .collect::<Result<_, ScratchError>>()?;
    Ok(Canonical::of_catalog(Schema {
        tables,
        objects,
        implied_names: declared.implied_names.clone(),
        ..Schema::default()
    }))
}

/// A table that is silently left out would be proposed to be dropped.
fn lost(table: &Table) -> orm_core::Error {
    orm_core::Error::new(
        orm_core::ErrorKind::Database,
        format!("table {} was created, and is not in the catalog", ObjectName::of(table)),
    )
}

/// A policy may look into tables that are yet to come, and a column may hold rows of one: they stand there as they are
/// declared, for the time of this transaction. Temporary tables come last in the path, so that their names mean nothing
/// to it.
async fn stand_in(
    connection: &Connection,
    declared: &Schema,
    all: &[Table],
) -> Result<(), ScratchError> {
    let policies = || declared.tables.iter().flat_map(|table| table.policies.iter());
    if policies().next().is_some() {
        let sql = "SELECT set_config('search_path', CASE trim(p) WHEN '' THEN 'pg_temp' ELSE p || ', pg_temp' END, true) \
                   FROM current_setting('search_path') AS p";
        connection.query::<orm_core::exec::DriverRow>(sql, &[]).await?;
    }
    let texts = policies().flat_map(|it| it.using.iter().chain(it.with_check.iter()));
    let columns = declared.tables.iter().flat_map(|table| table.columns.iter());
    let texts: Vec<&Text> = texts.chain(columns.map(|it| &it.data_type)).collect();
    let words: BTreeSet<&str> = (texts.iter())
        .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')))
        .collect();
    let is_plain = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    objects::stand_in(connection, all, |table| match is_plain(&table.name) {
        true => words.contains(&*table.name),
        false => texts.iter().any(|text| diff::mentions(text, &table.name)),
    })
    .await?;
    Ok(())
}

async fn build_one(
    connection: &Connection,
    number: usize,
    alias: &mut Alias<'_>,
) -> Result<(), ScratchError> {
    let Some(error) = locate_error::keep(connection, &alias.sql()).await? else { return Ok(()) };
    // `CHECK ("user".age > 0)`: an expression that names its own table needs it under that name.
    if error.sqlstate() == Some("42P01") {
        let named = alias.renamed(number);
        if locate_error::keep(connection, &named.sql()).await?.is_none() {
            *alias = named;
            return Ok(());
        }
    }
    Err(locate_error::refused(connection, alias.declared, error).await?)
}

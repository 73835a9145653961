//! Views in the server's words. What a view reads has to be there under its own name, so they are built on a scratch
//! database, together with all tables.

use super::{ScratchDatabase, ScratchError, ScratchServer, frozen, locate_error};
use crate::catalog::{self, Canonical};
use crate::change::ObjectName;
use crate::ddl::object::can_be_altered;
use crate::diff::mentions;
use crate::plan::schema_sql;
use orm_core::exec::Connection;
use orm_core::schema::{Object, Schema, Text, View};
use orm_core::sql::ident::{Ident, Qualified};
use std::collections::BTreeMap;

/// How often the server's own words are read again, until they stay: see `READINGS_MAX` of the tables.
const READINGS_MAX: usize = 3;

/// The declared schema and the live one, with their views in words that can be compared. Without views nothing is done.
///
/// A role that may not create databases has its views read as temporary ones on `connection`, which suffices as long
/// as what they read is there already.
///
/// # Errors
/// The server does not accept a view; neither way is open, and which right is missing.
pub async fn with_views(
    server: Option<&ScratchServer>,
    connection: &Connection,
    declared: Canonical,
    live: Canonical,
) -> Result<(Canonical, Canonical), ScratchError> {
    if declared.schema().objects.iter().all(|it| view(it).is_none()) {
        return Ok((declared, live));
    }
    let database = match server {
        Some(server) => server.database().await,
        None => Err(ScratchError::NoCreateDatabase { role: String::new() }),
    };
    match database {
        Ok(database) => {
            let read = on_database(&database, &declared, &live).await;
            // Also when it failed; what went wrong first is what to tell.
            let closed = database.close().await;
            let read = read?;
            closed?;
            Ok(read)
        }
        Err(missing @ ScratchError::NoCreateDatabase { .. }) => {
            connection.batch_execute("BEGIN READ WRITE").await?;
            let read = as_temporary(connection, &declared).await;
            let ended = connection.batch_execute("ROLLBACK").await;
            match read {
                Ok(words) => {
                    ended?;
                    Ok((in_words(declared, &words), live))
                }
                Err(ScratchError::Refused { .. }) => Err(missing),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

fn view(object: &Object) -> Option<&View> {
    match object {
        Object::View(view) => Some(view),
        _ => None,
    }
}

type ViewTexts = BTreeMap<ObjectName, View>;

fn in_words(schema: Canonical, words: &ViewTexts) -> Canonical {
    let mut schema = schema.schema().clone();
    for object in &mut schema.objects {
        let Some(read) = words.get(&ObjectName::of_object(object)) else { continue };
        if let Object::View(view) = object {
            view.query = read.query.clone();
            view.options = read.options.clone();
            view.indexes = named(read.indexes.to_vec(), &view.indexes).into();
        }
    }
    Canonical::of_catalog(schema)
}

/// What the catalog says of the indexes, which it sorts by name.
fn named(
    mut read: Vec<orm_core::schema::Index>,
    declared: &[orm_core::schema::Index],
) -> Vec<orm_core::schema::Index> {
    if read.len() != declared.len() {
        return declared.to_vec();
    }
    read.sort_by(|a, b| a.name.cmp(&b.name));
    read
}

async fn on_database(
    database: &ScratchDatabase,
    declared: &Canonical,
    live: &Canonical,
) -> Result<(Canonical, Canonical), ScratchError> {
    let connection = database.connect().await?;
    let all = with_what_is_beside(declared.schema(), live.schema());
    if build(&connection, &all).await.is_err() {
        // What goes may have names that something new gets. If that is not it, the same error comes again.
        connection.batch_execute("ROLLBACK").await?;
        build(&connection, declared.schema()).await?;
    }
    let objects = catalog::read(&connection).await?.canonical.schema().objects.clone();
    let mut words: ViewTexts = objects
        .iter()
        .filter_map(|object| Some((ObjectName::of_object(object), view(object)?.clone())))
        .collect();
    for object in &declared.schema().objects {
        if let Some(read) = words.get(&ObjectName::of_object(object)) {
            frozen::object(object, &Object::View(read.clone()))?;
        }
    }
    for _ in 1..READINGS_MAX {
        let again = read_again(&connection, &words).await?;
        let stays = words.iter().all(|(name, view)| again.get(name) == Some(&view.query));
        for (name, view) in &mut words {
            if let Some(query) = again.get(name) {
                view.query = query.clone();
            }
        }
        if stays {
            break;
        }
    }
    let declared = in_words(declared.clone(), &words);
    // A live view that is spelled otherwise may say the same.
    let (mut of_live, live_schema) = (ViewTexts::new(), live.schema());
    for object in &live_schema.objects {
        let name = ObjectName::of_object(object);
        if let (Some(live), Some(read)) = (view(object), words.get(&name))
            && live.query != read.query
            && !reads_another_function(live, declared.schema(), live_schema)
        {
            of_live.insert(name, live.clone());
        }
    }
    let again = read_again(&connection, &of_live).await?;
    of_live.retain(|name, view| match again.get(name) {
        Some(query) => {
            view.query = query.clone();
            true
        }
        None => false,
    });
    connection.close().await;
    Ok((declared, in_words(live.clone(), &of_live)))
}

/// Whether the view calls a function that is made again. The server says the columns of what a function returns, also
/// those that the view does not read: in the words of the one side the other cannot make it.
fn reads_another_function(view: &View, declared: &Schema, live: &Schema) -> bool {
    live.objects.iter().any(|object| {
        let Object::Function(it) = object else { return false };
        mentions(&view.query, &it.name)
            && declared
                .object(object.schema(), &object.name())
                .is_some_and(|declared| !can_be_altered(object, declared))
    })
}

/// The declared schema and, as a view may read anything, what else lives.
fn with_what_is_beside(declared: &Schema, live: &Schema) -> Schema {
    let mut all = declared.clone();
    let is_new = |name: &ObjectName| {
        declared.table(&name.schema, &name.name).is_none()
            && declared.object(&name.schema, &name.name).is_none()
    };
    let tables = live.tables.iter().filter(|it| is_new(&ObjectName::of(it)));
    all.tables.extend(tables.cloned());
    // A view that nobody declares may read columns that are no longer there.
    let objects = live.objects.iter().filter(|it| view(it).is_none());
    all.objects.extend(objects.filter(|it| is_new(&ObjectName::of_object(it))).cloned());
    all
}

/// First all but the views, then these, each to blame for itself.
async fn build(connection: &Connection, all: &Schema) -> Result<(), ScratchError> {
    let (views, others): (Vec<Object>, Vec<Object>) =
        all.objects.iter().cloned().partition(|it| view(it).is_some());
    let (functions, types): (Vec<Object>, Vec<Object>) =
        others.into_iter().partition(|it| matches!(it, Object::Function(_)));
    let whole = |functions: &[Object]| Schema {
        objects: types.iter().chain(functions).cloned().collect(),
        ..all.clone()
    };
    connection.batch_execute("SET check_function_bodies = off; BEGIN").await?;
    // A function may stand between a view and a table. Only where all together fails, it is said what it was.
    if locate_error::keep(connection, &schema_sql(all)).await?.is_none() {
        connection.batch_execute("COMMIT").await?;
        return Ok(());
    }
    // A function may return rows of a view: then it is not needed by one.
    if locate_error::keep(connection, &schema_sql(&whole(&functions))).await?.is_some() {
        connection.batch_execute(&schema_sql(&whole(&[]))).await?;
    }
    for object in crate::plan::in_order(&views) {
        if let Some(source) =
            locate_error::keep(connection, &crate::ddl::object::made(&object).join(";\n")).await?
        {
            let place = format!("{} {}", object.kind(), ObjectName::of_object(&object));
            return Err(locate_error::of_object(connection, place, source).await?);
        }
    }
    connection.batch_execute("COMMIT").await?;
    Ok(())
}

/// What the server says to queries in its own words; nothing of those it does not accept.
async fn read_again(
    connection: &Connection,
    words: &ViewTexts,
) -> Result<BTreeMap<ObjectName, Text>, ScratchError> {
    let mut again = BTreeMap::new();
    connection.batch_execute("BEGIN; SET LOCAL search_path = ''").await?;
    for (number, (name, view)) in words.iter().enumerate() {
        let alias = format!("orm_view_{number}");
        if let Some(query) = read_one(connection, &alias, &view.query).await? {
            again.insert(name.clone(), query);
        }
    }
    connection.batch_execute("ROLLBACK").await?;
    Ok(again)
}

async fn read_one(
    connection: &Connection,
    alias: &str,
    query: &str,
) -> Result<Option<Text>, ScratchError> {
    let sql = format!("CREATE TEMPORARY VIEW {} AS {query}", Ident(alias));
    if locate_error::keep(connection, &sql).await?.is_some() {
        return Ok(None);
    }
    words_of(connection, alias).await
}

/// The query of a temporary view, under an empty `search_path`.
async fn words_of(connection: &Connection, alias: &str) -> Result<Option<Text>, ScratchError> {
    connection.batch_execute("SAVEPOINT words; SET LOCAL search_path = ''").await?;
    let sql = "SELECT rtrim(btrim(pg_get_viewdef(c.oid)), ';') FROM pg_class AS c \
               WHERE c.relname = $1 AND c.relnamespace = pg_my_temp_schema()";
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[&alias]).await?;
    connection.batch_execute("ROLLBACK TO SAVEPOINT words").await?;
    let text = rows.first().and_then(|row| row.try_get::<_, String>(0).ok());
    Ok(text.map(|text| catalog::spelling::settled(&text).into_owned().into()))
}

/// The views as temporary ones where what they read is already there.
async fn as_temporary(
    connection: &Connection,
    declared: &Canonical,
) -> Result<ViewTexts, ScratchError> {
    let mut words = ViewTexts::new();
    for (number, object) in declared.schema().objects.iter().enumerate() {
        let Some(it) = view(object) else { continue };
        let alias = format!("orm_view_{number}");
        let sql = format!("CREATE TEMPORARY VIEW {} AS {}", Ident(&alias), it.query);
        if let Some(source) = locate_error::keep(connection, &sql).await? {
            let place = format!("view {}", Qualified(&it.schema, &it.name));
            return Err(locate_error::of_object(connection, place, source).await?);
        }
        let Some(query) = words_of(connection, &alias).await? else { continue };
        let read = View { query, ..it.clone() };
        frozen::object(object, &Object::View(read.clone()))?;
        words.insert(ObjectName::of_object(object), read);
    }
    Ok(words)
}

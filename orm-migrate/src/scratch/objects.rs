//! Declared objects, created for real within the transaction that is taken back: types, functions, sequences and
//! extensions have no place in the schema of temporary tables. A namesake that lives steps aside by another name, which
//! takes no lock on any table.

use super::{ScratchError, canonicalize_objects, frozen, locate_error};
use crate::catalog;
use crate::ddl;
use crate::ddl::serial::stored_type;
use crate::diff::has_word;
use orm_core::Error;
use orm_core::exec::Connection;
use orm_core::schema::{Column, Composite, Domain, Function, Object, Table};
use orm_core::sql::ident::Qualified;

/// Creates the objects, and gives them back in the server's words. Views are left as they are.
pub(super) async fn build(
    connection: &Connection,
    declared: &[Object],
    tables: &[Table],
) -> Result<Vec<Object>, ScratchError> {
    if declared.is_empty() {
        return Ok(Vec::new());
    }
    let path = search_path(connection).await?;
    connection.batch_execute("SET LOCAL search_path = ''").await?;
    let live = catalog::objects(connection).await?;
    restore(connection, &path).await?;
    connection.batch_execute("SET LOCAL check_function_bodies = off").await?;
    functions_aside(connection, declared, &live).await?;
    let (mut built, mut waiting) = (Vec::with_capacity(declared.len()), Vec::new());
    for (number, object) in crate::plan::in_order(declared).into_iter().enumerate() {
        let there =
            live.iter().find(|it| it.schema() == object.schema() && it.name() == object.name());
        match create(connection, object.clone(), there, number).await {
            Err(ScratchError::Refused { source, .. }) if lacks_something(&source) => {
                waiting.push(object);
            }
            object => built.push(object?),
        }
    }
    // Every table is a type, too: those that are yet to come stand there as they are declared.
    for object in waiting {
        let texts = crate::plan::texts_of_object(&object);
        stand_in(connection, tables, |table| texts.iter().any(|it| has_word(it, &table.name)))
            .await?;
        built.push(create(connection, object, None, 0).await?);
    }
    connection.batch_execute("SET LOCAL search_path = ''").await?;
    let read = catalog::objects(connection).await?;
    let mut objects = Vec::with_capacity(built.len());
    for object in built {
        let words = in_words_of(&read, object.clone());
        frozen::object(&object, &words)?;
        objects.push(words);
    }
    canonicalize_objects::settled(connection, &mut objects).await?;
    restore(connection, &path).await?;
    objects.sort_by(|a, b| (a.schema(), a.name(), a.kind()).cmp(&(b.schema(), b.name(), b.kind())));
    Ok(objects)
}

/// Whether it names a type, table or function that is not there.
fn lacks_something(error: &Error) -> bool {
    matches!(error.sqlstate(), Some("42704" | "42P01" | "42883"))
}

/// Creates those of the declared tables that are wanted and do not exist, with their columns alone, for the time of
/// this transaction. Where that is not allowed, what needs them is refused.
pub(super) async fn stand_in(
    connection: &Connection,
    tables: &[Table],
    is_wanted: impl Fn(&Table) -> bool,
) -> Result<(), Error> {
    for table in tables.iter().filter(|table| is_wanted(table)) {
        let bare = |it: &Column| Column {
            data_type: stored_type(&it.data_type).to_owned().into(),
            collation: it.collation.clone(),
            nullable: true,
            name: it.name.clone(),
            ..Column::new("", "")
        };
        let columns = table.columns.iter().map(bare).collect();
        let columns = Table { columns, ..Table::new("", "") };
        let sql = ddl::create_table(&Qualified(&table.schema, &table.name), &columns);
        let sql = sql.replacen("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1);
        let _refused = locate_error::keep(connection, &sql).await?;
    }
    Ok(())
}

async fn search_path(connection: &Connection) -> Result<String, Error> {
    let rows = connection
        .query::<orm_core::exec::DriverRow>("SELECT current_setting('search_path')", &[])
        .await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}

async fn restore(connection: &Connection, path: &str) -> Result<(), Error> {
    // The empty path is said with an empty name.
    let path = if path.is_empty() { "''" } else { path };
    connection.batch_execute(&format!("SET LOCAL search_path = {path}")).await
}

/// Creates one object; the signature of a function is known afterwards.
async fn create(
    connection: &Connection,
    mut object: Object,
    there: Option<&Object>,
    number: usize,
) -> Result<Object, ScratchError> {
    let aside = match (&object, there) {
        (Object::View(_), _) => return Ok(object),
        // Its options are plain numbers; it only has to be there.
        (Object::Sequence(_) | Object::Namespace(_) | Object::Extension(_), Some(_)) => {
            return Ok(object);
        }
        (Object::Enum(declared), Some(Object::Enum(live))) if declared.values == live.values => {
            return Ok(object);
        }
        (Object::Function(_), _) | (_, None) => String::new(),
        (_, Some(live)) => type_aside(live, number),
    };
    let all: Vec<String> =
        [ddl::object::create(&object)].into_iter().chain(ddl::object::unchecked(&object)).collect();
    let sql = format!("{aside}{}", all.join(";\n"));
    if let Some(source) = locate_error::keep(connection, &sql).await? {
        // A table or a view has its name still, and must not be locked; no text says that it is none of these.
        if matches!(object, Object::Sequence(_)) && source.sqlstate() == Some("42P07") {
            return Ok(object);
        }
        let place = format!("{} {}", object.kind(), ddl::object::name(&object));
        return Err(locate_error::of_object(connection, place, source).await?);
    }
    if let Object::Function(it) = &mut object {
        it.signature = signature(connection, it).await?.into();
    }
    Ok(object)
}

fn type_aside(live: &Object, number: usize) -> String {
    let kind = if matches!(live, Object::Domain(_)) { "DOMAIN" } else { "TYPE" };
    let kind = match live {
        Object::View(_) | Object::Sequence(_) => return String::new(),
        _ => kind,
    };
    format!("ALTER {kind} {} RENAME TO orm_aside_{number};\n", ddl::object::name(live))
}

/// Every live function that has the name of a declared one steps aside: which one is meant is only known when the
/// server has read the arguments.
async fn functions_aside(
    connection: &Connection,
    declared: &[Object],
    live: &[Object],
) -> Result<(), ScratchError> {
    let is_declared = |live: &Function| {
        declared.iter().any(|it| match it {
            Object::Function(it) => it.schema == live.schema && it.name == live.name,
            _ => false,
        })
    };
    for (number, object) in live.iter().enumerate() {
        let Object::Function(it) = object else { continue };
        if !is_declared(it) {
            continue;
        }
        let name = ddl::object::name(object);
        let sql = format!("ALTER ROUTINE {name} RENAME TO orm_aside_{number}");
        if let Some(source) = locate_error::keep(connection, &sql).await? {
            let place = format!("{} {name}", object.kind());
            return Err(locate_error::of_object(connection, place, source).await?);
        }
    }
    Ok(())
}

/// The types of the arguments of the function that was created last.
async fn signature(connection: &Connection, it: &Function) -> Result<String, Error> {
    let sql = "SELECT oidvectortypes(p.proargtypes) FROM pg_proc AS p \
               JOIN pg_namespace AS n ON n.oid = p.pronamespace \
               WHERE n.nspname = $1 AND p.proname = $2 ORDER BY p.oid DESC LIMIT 1";
    let path = search_path(connection).await?;
    connection.batch_execute("SET LOCAL search_path = ''").await?;
    let rows = connection
        .query::<orm_core::exec::DriverRow>(sql, &[&it.schema.as_ref(), &it.name.as_ref()])
        .await?;
    restore(connection, &path).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}

/// What the catalog says of a declared object; its comment is not created, and an extension may leave things open.
fn in_words_of(read: &[Object], declared: Object) -> Object {
    let found =
        read.iter().find(|it| it.schema() == declared.schema() && it.name() == declared.name());
    match (declared, found) {
        (Object::Domain(it), Some(Object::Domain(read))) => {
            Object::Domain(Domain { comment: it.comment, grants: it.grants, ..read.clone() })
        }
        (Object::Composite(it), Some(Object::Composite(read))) => {
            Object::Composite(Composite { comment: it.comment, grants: it.grants, ..read.clone() })
        }
        (Object::Function(it), Some(Object::Function(read))) => {
            Object::Function(Function { comment: it.comment, ..read.clone() })
        }
        (Object::Sequence(mut it), _) => {
            it.options = it.options.without_defaults(&it.data_type);
            Object::Sequence(it)
        }
        (declared, _) => declared,
    }
}

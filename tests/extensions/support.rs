//! A database with an extension, and what `diff` says of tables in it.

use orm::prelude::*;
use orm::schema::{Extension, Object, Schema, Table as DeclaredTable};
use orm_migrate::change::ObjectName;
use orm_migrate::scratch::canonical;
use orm_migrate::{catalog, diff};
use orm_test_support::TestDatabase;

/// An empty database with the extension; none where the server does not have it.
pub(crate) async fn with_extension(name: &str) -> Option<(TestDatabase, Db)> {
    let database = orm_test_support::database().await;
    let db = database.db();
    database.create_extension(name).await.then_some((database, db))
}

/// What differs between the database and these tables as they are declared, with the extension.
pub(crate) async fn differences(
    database: &TestDatabase,
    extension: &'static str,
    tables: &[&DeclaredTable],
) -> Vec<String> {
    let declared = Schema::declared(tables.iter().map(|table| (*table).clone()))
        .and_then(|schema| schema.with_objects([Object::Extension(Extension::new(extension))]))
        .expect("names that do not collide");
    let connection = orm::Connection::connect(&database.config()).await.expect("a session");
    let live = catalog::read(&connection).await.expect("a reading").canonical;
    let wanted = canonical(&connection, &declared).await.expect("tables that can be made");
    let all = ObjectName::all(live.schema()).collect();
    diff::diff(&live, &wanted, &all).iter().map(ToString::to_string).collect()
}

/// Calls `check` with the name of each function that a file of `orm::func` has.
pub(crate) fn each_function(source: &str, check: impl Fn(&str)) {
    let mut count = 0;
    for line in source.lines() {
        let listed =
            line.strip_prefix("    ").filter(|text| !text.starts_with('/') && text.ends_with(';'));
        let Some(name) = line.strip_prefix("pub fn ").or(listed) else { continue };
        let Some((name, _)) = name.split_once(|c: char| !c.is_alphanumeric() && c != '_') else {
            continue;
        };
        if !name.is_empty() {
            check(name);
            count += 1;
        }
    }
    assert!(count > 5, "{count} functions were found");
}

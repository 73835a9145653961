//! Serial columns: optional in an insert, and no difference on a table that was made by hand.

use orm::Insert;
use orm::prelude::*;
use orm::schema::Schema;
use orm_core::exec::Connection;
use orm_migrate::change::ObjectName;
use orm_migrate::{diff, scratch};
use std::collections::BTreeSet;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(schema = "numbered")]
pub(crate) struct Entry {
    #[column(primary_key, serial)]
    id: i64,
    #[column(data_type = "serial")]
    number: i32,
    #[column(serial)]
    small: i16,
    text: String,
}

/// Written out, as the server shows it.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(schema = "numbered")]
pub(crate) struct Written {
    #[column(primary_key, default = sql("nextval('numbered.written_id_seq'::regclass)"))]
    id: i64,
    #[column(default = sql("nextval('numbered.\"written_Number_seq\"')"), name = "Number")]
    number: i32,
}

const BY_HAND: &str = "CREATE SCHEMA numbered;
    CREATE TABLE numbered.entry (id bigserial PRIMARY KEY, number serial NOT NULL, small smallserial, text text NOT NULL);
    CREATE TABLE numbered.written (id bigserial PRIMARY KEY, \"Number\" serial)";

/// What `orm-migrate diff` would compare.
fn declared() -> Schema {
    let schema = orm::registry::declared().expect("names that do not collide");
    let tables = schema.tables.into_iter().filter(|table| table.schema == "numbered").collect();
    let objects = schema.objects.into_iter().filter(|it| it.schema() == "numbered").collect();
    Schema { tables, objects, ..schema }
}

#[tokio::test]
async fn an_insert_may_leave_a_serial_out_or_give_it() {
    let database = orm_test_support::database().await;
    database.execute(BY_HAND).await;
    let db = database.db();
    let insert = Entry::insert().text("a");
    assert_eq!(insert.to_sql(), r#"INSERT INTO "numbered"."entry" ("text") VALUES ($1)"#);
    let first = insert.returning_all().one(&db).await.unwrap();
    assert_eq!((first.id, first.number, first.small), (1, 1, 1));
    let given = Entry::insert().id(70).small(7).text("b").returning_all().one(&db).await.unwrap();
    assert_eq!((given.id, given.number, given.small), (70, 2, 7));
    let both = Insert::values([Written::insert(), Written::insert()]);
    let rows = both.returning_all().all(&db).await.unwrap();
    assert_eq!(rows, [Written { id: 1, number: 1 }, Written { id: 2, number: 2 }]);
}

#[tokio::test]
async fn a_table_that_was_made_with_serials_does_not_differ() {
    let database = orm_test_support::database().await;
    database.execute(BY_HAND).await;
    let connection = Connection::connect(&database.config()).await.expect("a session");
    let declared = declared();
    let goal = scratch::canonical(&connection, &declared).await.expect("a canonical schema");
    let live = scratch::live(&connection, &goal).await.expect("a live schema").canonical;
    let owned: BTreeSet<ObjectName> = ObjectName::all(live.schema()).collect();
    let changes = diff::diff(&live, &goal, &owned);
    assert!(changes.is_empty(), "{changes:?}");
    let types: Vec<&str> = declared
        .tables
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| &*column.data_type))
        .collect();
    assert_eq!(types, ["bigserial", "serial", "smallserial", "text", "bigserial", "serial"]);
    connection.close().await;
}

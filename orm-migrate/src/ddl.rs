//! Changes and tables -> SQL: the one place where DDL is made. Pure. Start at [`schema`].
//!
//! Names quote themselves (`Ident`, `Qualified`); expressions and types are SQL already.

pub mod alter;
mod column;
mod constraint;
mod index;
pub mod object;
pub mod serial;
mod table;

pub use column::column;
pub use constraint::{check, foreign_key, primary_key, unique};
pub use index::index;
pub use table::{comments, create_table};

use orm_core::schema::{DEFAULT_SCHEMA, Schema};
use orm_core::sql::ident::{Ident, Qualified};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A whole schema as SQL: schemas, tables, indexes, foreign keys, comments, in an order that runs.
///
/// ```
/// use orm_core::schema::{Column, Schema, Table};
/// let mut user = Table::new("public", "user");
/// user.columns.to_mut().push(Column::new("id", "bigint"));
/// let schema = Schema::declared([user]).unwrap();
/// assert_eq!(
///     orm_migrate::ddl::schema(&schema),
///     "CREATE TABLE \"public\".\"user\" (\n    \"id\" bigint NOT NULL\n);\n"
/// );
/// ```
pub fn schema(schema: &Schema) -> String {
    let mut sql = String::new();
    let mut add = |statement: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(sql, "{statement};");
    };
    let schemas: BTreeSet<&str> = schema.tables.iter().map(|table| table.schema.as_ref()).collect();
    for name in schemas.into_iter().filter(|name| *name != DEFAULT_SCHEMA) {
        add(create_schema(name));
    }
    for table in &schema.tables {
        add(create_table(&Qualified(&table.schema, &table.name), table));
    }
    for table in &schema.tables {
        for each in table.indexes.iter() {
            add(index(&Qualified(&table.schema, &table.name), each));
        }
    }
    // Last, and each by itself: so tables may reference each other in any circle.
    for table in &schema.tables {
        for key in table.foreign_keys.iter() {
            let table = Qualified(&table.schema, &table.name);
            add(format!("ALTER TABLE {table} ADD {}", foreign_key(key)));
        }
    }
    for table in &schema.tables {
        comments(table).into_iter().for_each(&mut add);
    }
    sql
}

/// `CREATE SCHEMA IF NOT EXISTS ..`.
pub fn create_schema(name: &str) -> String {
    format!("CREATE SCHEMA IF NOT EXISTS {}", Ident(name))
}

/// `"a", "b"`.
fn names(names: &[orm_core::schema::Text]) -> String {
    names.iter().map(|name| Ident(name).to_string()).collect::<Vec<_>>().join(", ")
}

//! [`DeclaredHash`]: what a crate declared, so that it can be compared later without a server.

use super::folder::checksum;
use orm_core::schema::Schema;
use serde::{Deserialize, Serialize};

/// Two hashes of what a crate declares, as its author wrote it.
///
/// Other words may mean the same schema, which only a server can tell. So another hash of all says that something may be
/// different, and another hash of the names that something is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredHash {
    /// Of the names of tables, of their columns and of what else is declared, and of which columns are `NOT NULL`.
    pub names: String,
    /// Of all that is declared.
    pub all: String,
}

impl DeclaredHash {
    /// Of a declared schema; the order in which tables and objects were declared does not count.
    pub fn of(schema: &Schema) -> Self {
        let mut tables: Vec<_> = schema.tables.iter().collect();
        tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        let mut objects: Vec<_> = schema.objects.iter().collect();
        objects.sort_by(|a, b| {
            (a.schema(), a.name(), a.kind()).cmp(&(b.schema(), b.name(), b.kind()))
        });
        let names = tables.iter().map(|table| {
            let columns = table.columns.iter().map(|it| (&it.name, it.nullable));
            (&table.schema, &table.name, columns.collect::<Vec<_>>())
        });
        let names: Vec<_> = names.collect();
        let others: Vec<_> = objects.iter().map(|it| (it.schema(), it.name(), it.kind())).collect();
        // Serialising plain data cannot fail; if it did, no hash would equal another.
        let hash = |json: serde_json::Result<String>| {
            json.map_or_else(|it| it.to_string(), |it| checksum(&it))
        };
        Self {
            names: hash(serde_json::to_string(&(names, others))),
            all: hash(serde_json::to_string(&(&tables, &objects))),
        }
    }
}

//! [`filled`]: which tables have rows.

use orm_core::exec::Connection;
use orm_core::schema::Schema;
use orm_core::sql::ident::Qualified;

/// The tables of `schema` that have at least one row, as SQL writes their names.
///
/// # Errors
/// The connection fails, or a table may not be read.
pub async fn filled(connection: &Connection, schema: &Schema) -> orm_core::Result<Vec<String>> {
    let mut filled = Vec::new();
    for table in &schema.tables {
        let name = Qualified(&table.schema, &table.name).to_string();
        let rows = connection
            .query::<orm_core::exec::DriverRow>(&format!("SELECT FROM {name} LIMIT 1"), &[])
            .await?;
        if !rows.is_empty() {
            filled.push(name);
        }
    }
    Ok(filled)
}

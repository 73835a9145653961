//! [`sizes`]: rows and bytes of tables, in two queries however many tables there are.

use super::cell;
use crate::change::ObjectName;
use crate::plan::{Size, Sizes, Thresholds};
use orm_core::exec::Connection;
use orm_core::sql::ident::Literal;
use std::collections::BTreeSet;
use std::time::Duration;

/// Longer than counting some thousand rows takes, and short enough to ask before each `diff`.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How big these tables are; one that does not exist is left out.
///
/// The rows of a table that has few bytes are counted, up to one more than the threshold: statistics may be old, and
/// are not there before the first `ANALYZE`. Of all others the statistics say how many there are, or nobody does.
///
/// # Errors
/// The connection fails. A table that this role may not read is no error: its rows are just not counted.
pub async fn sizes(
    connection: &Connection,
    tables: &BTreeSet<ObjectName>,
    thresholds: &Thresholds,
) -> orm_core::Result<Sizes> {
    let mut sizes = Sizes::default();
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let rows = connection
        .query::<orm_core::exec::DriverRow>(include_str!("size.sql"), &[&schemas, &names])
        .await?;
    for row in rows {
        let name = ObjectName { schema: cell(&row, 0)?, name: cell(&row, 1)? };
        let estimate: i64 = cell(&row, 2)?;
        let bytes: i64 = cell(&row, 3)?;
        let size = Size {
            rows: u64::try_from(estimate).ok(),
            counted: false,
            bytes: u64::try_from(bytes).ok(),
            partitioned: cell(&row, 4)?,
        };
        sizes.0.insert(name, size);
    }
    count(connection, &mut sizes, thresholds).await?;
    Ok(sizes)
}

async fn count(
    connection: &Connection,
    sizes: &mut Sizes,
    thresholds: &Thresholds,
) -> orm_core::Result<()> {
    let limit = thresholds.rows.saturating_add(1);
    let of = |table: &ObjectName| {
        let text = table.qualified().to_string();
        format!(
            "SELECT {} AS s, {} AS t, count(*) FROM (SELECT FROM {text} LIMIT {limit}) AS r",
            Literal(&table.schema),
            Literal(&table.name),
        )
    };
    let few = |size: &Size| size.bytes.is_some_and(|bytes| bytes <= thresholds.bytes);
    let counted: Vec<String> =
        sizes.0.iter().filter(|(_, size)| few(size)).map(|(table, _)| of(table)).collect();
    if counted.is_empty() {
        return Ok(());
    }
    let sql = counted.join("\nUNION ALL ");
    let asked = super::reading(connection, TIMEOUT, async |connection| {
        connection.query::<orm_core::exec::DriverRow>(&sql, &[]).await
    });
    // A right that is missing, or a table that is locked: the statistics must do.
    let rows = match asked.await {
        Err(error) if error.sqlstate().is_some() => return Ok(()),
        rows => rows?,
    };
    for row in rows {
        let name = ObjectName { schema: cell(&row, 0)?, name: cell(&row, 1)? };
        let count: i64 = cell(&row, 2)?;
        if let Some(size) = sizes.0.get_mut(&name) {
            size.rows = u64::try_from(count).ok();
            size.counted = true;
        }
    }
    Ok(())
}

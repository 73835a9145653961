//! [`used`]: how big an index is, and how often it was read.

use super::cell;
use crate::change::ObjectName;
use orm_core::exec::Connection;

/// Partitions have indexes of their own. The statistics begin at zero when they are reset, and after a crash.
const USED: &str = "SELECT a.number, sum(pg_relation_size(p.relid))::bigint, \
    coalesce(sum(s.idx_scan), 0)::bigint, \
    (SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM pg_stat_database WHERE datname = current_database()) \
    FROM unnest($1::text[]) WITH ORDINALITY AS a (name, number) \
    CROSS JOIN LATERAL (SELECT relid FROM pg_partition_tree(to_regclass(a.name)) \
        UNION SELECT to_regclass(a.name)) AS p (relid) \
    LEFT JOIN pg_stat_all_indexes AS s ON s.indexrelid = p.relid \
    WHERE p.relid IS NOT NULL GROUP BY a.number";

/// Of each of these indexes that is there, in words: `24 KiB, read by 3 scans since 2026-01-31`. An index is in the schema
/// of its table.
///
/// # Errors
/// The connection fails.
pub async fn used(
    connection: &Connection,
    indexes: &[(ObjectName, String)],
) -> orm_core::Result<Vec<Option<String>>> {
    let mut said = vec![None; indexes.len()];
    if indexes.is_empty() {
        return Ok(said);
    }
    let name = |(of, name): &(ObjectName, String)| {
        ObjectName { schema: of.schema.clone(), name: name.clone() }.qualified().to_string()
    };
    let names: Vec<String> = indexes.iter().map(name).collect();
    for row in connection.query::<orm_core::exec::DriverRow>(USED, &[&names]).await? {
        let number: i64 = cell(&row, 0)?;
        let (bytes, scans): (i64, i64) = (cell(&row, 1)?, cell(&row, 2)?);
        let since: Option<&str> = cell(&row, 3)?;
        let size = match u64::try_from(bytes).unwrap_or_default() {
            bytes if bytes < MIB => format!("{} KiB", bytes.div_ceil(1024)),
            bytes => format!("{} MiB", bytes.div_ceil(MIB)),
        };
        let since = since.map_or_else(
            || "since the statistics of this database begin".to_owned(),
            |date| format!("since {date}"),
        );
        let scans = match scans {
            1 => "1 scan".to_owned(),
            scans => format!("{scans} scans"),
        };
        let place = usize::try_from(number - 1).ok().and_then(|place| said.get_mut(place));
        if let Some(place) = place {
            *place = Some(format!("{size}, read by {scans} {since}"));
        }
    }
    Ok(said)
}

const MIB: u64 = 1024 * 1024;

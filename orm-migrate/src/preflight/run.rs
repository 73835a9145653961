//! [`failing`]: asks about rows.

use super::{RowCheck, cell};
use orm_core::exec::Connection;
use std::time::Duration;

/// How long one question may take, unless somebody says otherwise.
pub const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// Rows that make a migration fail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Failing {
    /// How many there are, and what is wrong with them.
    pub sentence: String,
    /// How many.
    pub count: i64,
    /// SQL that shows them.
    pub query: String,
}

/// What was found in the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows that make the migration fail.
    pub failing: Vec<Failing>,
    /// What could not be found out, and why.
    pub unknown: Vec<String>,
    /// What is in order: what no row is or has.
    pub fine: Vec<String>,
}

/// Asks these questions of the database, each for at most `timeout`, and changes nothing.
///
/// # Errors
/// The connection fails. A question that the server refuses or has no time for is no error: it is said in
/// [`Findings::unknown`].
pub async fn failing(
    connection: &Connection,
    checks: &[RowCheck],
    timeout: Duration,
) -> orm_core::Result<Findings> {
    let mut findings = Findings::default();
    for check in checks {
        let asked =
            super::reading(connection, timeout, async |connection| ask(connection, check).await);
        match asked.await {
            Ok(None) => findings.fine.push(check.many.clone()),
            Ok(Some(failing)) => findings.failing.push(failing),
            Err(error) if error.sqlstate().is_some() => {
                findings.unknown.push(format!(
                    "whether {} was not found out: {}",
                    check.many,
                    why(&error, timeout)
                ));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(findings)
}

fn why(error: &orm_core::Error, timeout: Duration) -> String {
    match error.sqlstate() {
        Some("57014") => format!("it could not be checked in time ({} s)", timeout.as_secs_f32()),
        Some("55P03") => "the table is locked".to_owned(),
        _ => error.to_string(),
    }
}

async fn ask(connection: &Connection, check: &RowCheck) -> orm_core::Result<Option<Failing>> {
    if let Some(before) = &check.before {
        connection.batch_execute(before).await?;
    }
    let rows = connection.query::<orm_core::exec::DriverRow>(&check.count, &[]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let count: i64 = cell(row, 0)?;
    if count == 0 {
        return Ok(None);
    }
    let mut query = check.show.clone();
    if let Some(values) = &check.values {
        let rows = connection.query::<orm_core::exec::DriverRow>(values, &[]).await?;
        let values: String = rows.first().map(|row| cell(row, 0)).transpose()?.unwrap_or_default();
        query = query.replace("{values}", &values);
    }
    let what = if count == 1 { &check.one } else { &check.many };
    Ok(Some(Failing { sentence: format!("{count} {what}"), count, query }))
}

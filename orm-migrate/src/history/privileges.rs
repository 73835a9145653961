//! Which right on the ledger is missing.

use super::{HistoryError, Ledger};
use orm_core::exec::Connection;
use orm_core::sql::ident::Ident;

/// The error with the right to give, where a right is what is missing.
pub(super) async fn explained(
    connection: &Connection,
    ledger: &Ledger,
    act: &'static str,
    source: orm_core::Error,
) -> HistoryError {
    if source.sqlstate() != Some("42501") {
        return ledger.failed(act)(source);
    }
    let who =
        "SELECT current_user::text, current_database()::text, to_regnamespace('orm_migrate')::text";
    let Ok(rows) = connection.query::<orm_core::exec::DriverRow>(who, &[]).await else {
        return ledger.failed(act)(source);
    };
    let text = |index| rows.first().and_then(|row| row.try_get::<_, String>(index).ok());
    let (role, database) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
    let to = Ident(&role);
    let grant = match act {
        // Another project's ledger is in it already.
        "create" if text(2).is_some() => {
            format!("GRANT USAGE, CREATE ON SCHEMA orm_migrate TO {to}")
        }
        "create" => format!("GRANT CREATE ON DATABASE {} TO {to}", Ident(&database)),
        "update" => {
            format!("connect as the owner of the table, or make {to} a member of that role")
        }
        _ => format!("GRANT USAGE ON SCHEMA orm_migrate TO {to}; GRANT SELECT ON {ledger} TO {to}"),
    };
    HistoryError::NoRight { act, ledger: ledger.to_string(), role, grant, source }
}

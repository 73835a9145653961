//! What makes the server refuse something that is created for a moment, where that is not what was declared: an event
//! trigger of the database, a lack of memory, space or locks, a statement that was cancelled, a server that stops.

use super::ScratchError;
use orm_core::Error;
use orm_core::exec::Connection;
use orm_core::sql::ident::Ident;

/// An event trigger of the database: its name and its function, as an error's context writes it.
const EVENT_TRIGGERS: &str = "SELECT t.evtname::text, p.proname::text, t.evtfoid::regprocedure::text \
     FROM pg_event_trigger AS t JOIN pg_proc AS p ON p.oid = t.evtfoid WHERE t.evtenabled <> 'D' ORDER BY t.evtname";

/// The error, where its cause is known to be something else than what is declared.
///
/// # Errors
/// The connection fails.
pub(super) async fn other_than_declared(
    connection: &Connection,
    source: Error,
) -> Result<Result<ScratchError, Error>, Error> {
    if let Some((cause, hint)) = of_server(source.sqlstate()) {
        let (cause, hint) = (cause.to_owned(), hint.to_owned());
        return Ok(Ok(ScratchError::Server { cause, hint, source }));
    }
    // What no function has raised, no event trigger has.
    let Some(context) = source.context() else { return Ok(Err(source)) };
    for row in connection.query::<orm_core::exec::DriverRow>(EVENT_TRIGGERS, &[]).await? {
        let cell = |index| row.try_get::<_, String>(index).unwrap_or_default();
        let (trigger, name, function) = (cell(0), cell(1), cell(2));
        if is_within(context, &name, &function) {
            let trigger = Ident(&trigger);
            return Ok(Ok(ScratchError::Server {
                cause: format!(
                    "the event trigger {trigger} of the database (function {function}) refuses it"
                ),
                hint: format!(
                    "have the function let temporary objects pass, those of the schema pg_temp; or, as a superuser, \
                     ALTER EVENT TRIGGER {trigger} DISABLE while orm-migrate runs"
                ),
                source,
            }));
        }
    }
    Ok(Err(source))
}

/// `PL/pgSQL function guard() line 3 at RAISE`, `SQL function "guard" statement 1`, with or without its schema.
fn is_within(context: &str, name: &str, function: &str) -> bool {
    let quoted = Ident(name).to_string();
    context.lines().any(|line| {
        line.split_once("function ").is_some_and(|(_, rest)| {
            let called = rest.split('(').next().unwrap_or_default();
            let called = called.split(" line ").next().unwrap_or_default();
            let called = called.split(" statement ").next().unwrap_or_default();
            let last = called.rsplit('.').next().unwrap_or_default();
            rest.starts_with(function) || last == name || last == quoted
        })
    })
}

/// By SQLSTATE (manual, appendix A).
fn of_server(sqlstate: Option<&str>) -> Option<(&'static str, &'static str)> {
    Some(match sqlstate? {
        "53100" => ("the disk of the server is full", "free space on the server"),
        "53200" => (
            "the server has no memory or no place for locks left",
            "raise max_locks_per_transaction, or give the server more memory",
        ),
        "53300" => {
            ("the server has no connection left", "raise max_connections, or end other sessions")
        }
        "53400" => (
            "a limit in the settings of the server is reached",
            "raise the limit that the server names, such as temp_file_limit",
        ),
        "55P03" => (
            "a lock was not obtained in time",
            "run it again when the session that holds the lock is done, or raise lock_timeout",
        ),
        "57014" => ("the statement was cancelled", "run it again; another session cancelled it"),
        "40001" | "40P01" => ("it met another session's transaction", "run it again"),
        "57P01" | "57P02" | "57P03" | "57P05" => ("the server ends the session", "run it again"),
        "25006" => ("the session may only read", "connect to the primary server"),
        "58030" => ("the server could not use its files", "look at the log of the server"),
        "XX001" | "XX002" => ("the data of the server is damaged", "look at the log of the server"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_function_is_found_in_the_context_of_an_error() {
        let found = |context: &str| is_within(context, "guard", "ops.guard()");
        assert!(found("PL/pgSQL function guard() line 3 at RAISE"));
        assert!(found("PL/pgSQL function ops.guard() line 3 at RAISE"));
        assert!(found("SQL statement \"SELECT 1\"\nPL/pgSQL function \"guard\"() line 3 at RAISE"));
        assert!(found("SQL function \"guard\" statement 1"));
        assert!(!found("PL/pgSQL function safeguard() line 3 at RAISE"));
        assert!(!found("PL/pgSQL function f(guard) line 3 at RAISE"));
    }
}

//! Applies the migrations that are compiled into a program, when it starts. Start at [`apply()`].

use crate::apply::{Applied, ApplyError, Event, Options, apply_all};
use crate::config::Settings;
use crate::history::{Embedded, Ledger};
use orm_core::exec::Db;

/// Applies what the database has not had of the migrations in this program, oldest first.
///
/// For the start of an application: of any number of processes that start at once, one applies, and the others wait
/// until it is done. Takes a session of its own, none of the pool's.
///
/// Which migrations are in the program is decided when it is compiled. Where the folder is there when it runs, and
/// holds others by then, nothing is applied, and the error says which ([`ApplyError::Outdated`]).
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let db = orm_core::exec::Db::from_env().await?;
/// // Without an argument: the folder `migrations` beside Cargo.toml.
/// orm_migrate::apply(&db, orm_migrate::embed_migrations!("tests/apply/migrations")).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// See [`ApplyError`]. What was applied before the error stays applied.
pub async fn apply(db: &Db, migrations: Embedded) -> Result<Vec<Applied>, ApplyError> {
    apply_with(db, migrations, &Options::default(), |_| {}).await
}

/// As [`apply()`], with timeouts, a target, and somebody who is told what happens, for instance a log.
///
/// # Errors
/// As [`apply()`].
pub async fn apply_with(
    db: &Db,
    migrations: Embedded,
    options: &Options,
    observe: impl FnMut(&Event<'_>) + Send,
) -> Result<Vec<Applied>, ApplyError> {
    if options.compare_folder
        && let Some(outdated) = migrations.outdated()?
    {
        return Err(ApplyError::Outdated(outdated));
    }
    let mut options = options.clone();
    if options.ledger.is_none() {
        options.ledger = ledger(&migrations)?;
    }
    apply_all(db.config(), &migrations.migrations()?, &options, observe).await
}

/// The ledger that the settings name, so that the program and the tool write the same one.
fn ledger(migrations: &Embedded) -> Result<Option<Ledger>, ApplyError> {
    let origin = migrations.origin();
    let settings = Settings::of_texts(origin.settings, origin.manifest)
        .map_err(|error| ApplyError::Settings(error.to_string()))?;
    Ok(settings.ledger.map(|name| Ledger::named(&name)).transpose()?)
}

//! [`ScratchServer`] and [`ScratchDatabase`]: where something is built for real, and of which nothing stays.
//!
//! Where the role may create databases, one is created and dropped. Else the database that was named for it is lent,
//! if it is empty, and emptied afterwards. It goes when it is closed, also after a failure, and when its owner is
//! dropped; one that a killed process left behind goes when the next one is made.

use super::ScratchError;
use orm_core::exec::{Config, Connection};
use orm_core::sql::ident::Ident;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const PREFIX: &str = "orm_scratch_";

/// One run at a time builds in a database that is lent: `orm_scra` in ASCII.
const KEY: i64 = 0x6f72_6d5f_7363_7261;

/// How long to wait for another run in a database that is lent.
const LENT_WAIT: &str = "60s";

/// What a process left behind is somebody's work for at most that long.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

const CONTENTS: &str = include_str!("place/contents.sql");

const DEFAULT_RIGHTS: &str = include_str!("place/default_rights.sql");

/// A role whose default is to write nothing may still write where nothing stays.
pub(super) const WRITES: &str = "SET default_transaction_read_only = off";

/// The server on which scratch databases are made.
#[derive(Debug, Clone)]
pub struct ScratchServer {
    config: Config,
    /// Whether somebody named it for this, and may have named an empty database.
    is_given: bool,
}

impl From<&Config> for ScratchServer {
    fn from(config: &Config) -> Self {
        Self::of_target(config)
    }
}

impl ScratchServer {
    /// The server of the database that is worked on. Its own database is never built in.
    pub fn of_target(config: &Config) -> Self {
        Self { config: config.clone(), is_given: false }
    }

    /// The server that was named for it (`--scratch-url`): its role may create databases, or its database is empty.
    pub fn given(config: &Config) -> Self {
        Self { config: config.clone(), is_given: true }
    }

    /// Whether it was named for it, so that it is a mistake when it cannot be used.
    pub fn is_given(&self) -> bool {
        self.is_given
    }

    /// A session in the database that was named, where temporary tables can be made.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn connect(&self) -> Result<Connection, ScratchError> {
        Ok(Connection::open(&self.config).await?)
    }

    /// An empty database.
    ///
    /// # Errors
    /// [`ScratchError::NoCreateDatabase`] and [`ScratchError::NotEmpty`]: which right is missing, and what to do.
    pub async fn database(&self) -> Result<ScratchDatabase, ScratchError> {
        let admin = Connection::open(&self.config).await?;
        admin.batch(WRITES).await?;
        drop_what_was_left_behind(&admin).await?;
        let name = scratch_name();
        let create = format!("CREATE DATABASE {} TEMPLATE template0", Ident(&name));
        match admin.batch(&create).await {
            Ok(()) => {
                let config = self.config.clone().with_database(&name);
                let kind = Kind::Created { name, server: Box::new(self.config.clone()) };
                Ok(ScratchDatabase::new(admin, config, kind))
            }
            Err(error) if error.sqlstate() == Some("42501") && self.is_given => {
                lend(admin, &self.config).await
            }
            Err(error) if error.sqlstate() == Some("42501") => {
                let role = one_text(&admin, "SELECT current_user::text").await?;
                Err(ScratchError::NoCreateDatabase { role })
            }
            Err(error) => Err(error.into()),
        }
    }
}

async fn lend(admin: Connection, config: &Config) -> Result<ScratchDatabase, ScratchError> {
    let role = one_text(&admin, "SELECT current_user::text").await?;
    let database = one_text(&admin, "SELECT current_database()::text").await?;
    let lock = format!("SET lock_timeout = '{LENT_WAIT}'; SELECT pg_advisory_lock({KEY})");
    match admin.batch(&lock).await {
        Err(error) if error.sqlstate() == Some("55P03") => {
            return Err(ScratchError::Busy { database });
        }
        locked => locked?,
    }
    if let Some((kind, name)) =
        contents(&admin, &[]).await?.into_iter().find(|(kind, _)| kind != "extension")
    {
        return Err(ScratchError::NotEmpty { database, role, example: format!("{kind} {name}") });
    }
    let extensions = contents(&admin, &[]).await?.into_iter().map(|(_, name)| name).collect();
    Ok(ScratchDatabase::new(admin, config.clone(), Kind::Lent { extensions }))
}

/// An empty database to build in. [`close`](Self::close) it.
#[derive(Debug)]
pub struct ScratchDatabase {
    /// Keeps the advisory lock of a database that is lent. None once it is gone.
    admin: Option<Connection>,
    config: Config,
    kind: Kind,
    /// The sessions that were opened in it.
    sessions: Mutex<Vec<i32>>,
}

#[derive(Debug, Clone)]
enum Kind {
    Created {
        name: String,
        server: Box<Config>,
    },
    /// With the extensions that were there before.
    Lent {
        extensions: Vec<String>,
    },
}

impl ScratchDatabase {
    fn new(admin: Connection, config: Config, kind: Kind) -> Self {
        Self { admin: Some(admin), config, kind, sessions: Mutex::default() }
    }

    /// Whether it was lent: then there is no second one meanwhile.
    pub fn is_lent(&self) -> bool {
        matches!(self.kind, Kind::Lent { .. })
    }

    /// A session in it.
    ///
    /// # Errors
    /// The server lets this role into other databases only.
    pub async fn connect(&self) -> Result<Connection, ScratchError> {
        let connection = Connection::open(&self.config).await?;
        connection.batch(WRITES).await?;
        let rows = connection.rows("SELECT pg_backend_pid()", &[]).await?;
        let process: Option<i32> = rows.first().and_then(|row| row.try_get(0).ok());
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).extend(process);
        Ok(connection)
    }

    /// Drops it, or empties what was lent, and ends every session in it.
    ///
    /// # Errors
    /// Something of it stays.
    pub async fn close(mut self) -> Result<(), ScratchError> {
        // While it is being cleared it is still ours: this future may be dropped, too.
        let gone = match &self.admin {
            Some(admin) => self.kind.clear(admin, self.sessions()).await,
            None => Ok(()),
        };
        if let Some(admin) = self.admin.take() {
            admin.close().await;
        }
        gone
    }

    fn sessions(&self) -> Vec<i32> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for ScratchDatabase {
    /// Where the future that owned it was dropped. Best effort: what stays goes when the next one is made.
    fn drop(&mut self) {
        let Some(admin) = self.admin.take() else { return };
        // The lock of a database that is lent must be free for the session that empties it.
        drop(admin);
        let (kind, config, sessions) = (self.kind.clone(), self.config.clone(), self.sessions());
        let clear = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let config = match &kind {
                    Kind::Created { server, .. } => &**server,
                    Kind::Lent { .. } => &config,
                };
                let admin = Connection::open(config).await.ok()?;
                kind.clear(&admin, sessions).await.ok()?;
                admin.close().await;
                Some(())
            })
        };
        // A runtime that is going down runs no task to its end; a thread does.
        let _cleared = std::thread::spawn(clear).join();
    }
}

impl Kind {
    async fn clear(&self, admin: &Connection, sessions: Vec<i32>) -> Result<(), ScratchError> {
        match self {
            Self::Created { name, .. } => {
                let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", Ident(name));
                Ok(admin.batch(&drop).await?)
            }
            Self::Lent { extensions } => {
                for process in sessions {
                    admin.rows("SELECT pg_terminate_backend($1)", &[&process]).await?;
                }
                empty(admin, extensions).await
            }
        }
    }
}

/// Drops what is there. Other orders may be needed where one thing stands on another, so it goes on while fewer stay.
async fn empty(admin: &Connection, extensions: &[String]) -> Result<(), ScratchError> {
    // A session that was just ended may hold its locks for a moment.
    admin.batch("SET lock_timeout = '10s'").await?;
    for row in admin.rows(DEFAULT_RIGHTS, &[]).await? {
        admin.batch(&row.try_get::<_, String>(0).unwrap_or_default()).await?;
    }
    let mut before = usize::MAX;
    loop {
        let left = contents(admin, extensions).await?;
        let Some((kind, name)) = left.first() else { return Ok(()) };
        if left.len() >= before {
            let database = one_text(admin, "SELECT current_database()::text").await?;
            return Err(ScratchError::Stays { database, example: format!("{kind} {name}") });
        }
        before = left.len();
        for (kind, name) in &left {
            // What cannot go yet is counted above.
            let _later = admin.batch(&format!("DROP {kind} IF EXISTS {name} CASCADE")).await;
        }
    }
}

/// What there is, each as its kind and its name in SQL.
async fn contents(
    connection: &Connection,
    extensions: &[String],
) -> Result<Vec<(String, String)>, ScratchError> {
    let rows = connection.rows(CONTENTS, &[&extensions]).await?;
    Ok(rows.iter().filter_map(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?))).collect())
}

async fn one_text(connection: &Connection, sql: &str) -> Result<String, ScratchError> {
    let rows = connection.rows(sql, &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}

/// Drops the scratch databases of processes that were killed: those of this role, made long ago, that nobody uses.
async fn drop_what_was_left_behind(admin: &Connection) -> Result<(), ScratchError> {
    let sql = "SELECT datname::text FROM pg_database \
               WHERE starts_with(datname, $1) AND datdba = current_user::regrole";
    for row in admin.rows(sql, &[&PREFIX]).await? {
        let name: String = row.try_get(0).unwrap_or_default();
        if age(&name).is_some_and(|age| age > LEFT_BEHIND) {
            // Without FORCE: one that is in use stays. Another process may be dropping it, too.
            let _dropped = admin.batch(&format!("DROP DATABASE IF EXISTS {}", Ident(&name))).await;
        }
    }
    Ok(())
}

/// `orm_scratch_<process>_<nanoseconds since 1970>_<count>`.
fn scratch_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    format!("{PREFIX}{}_{nanos}_{count}", std::process::id())
}

/// How long ago the database was made, by its name.
fn age(name: &str) -> Option<Duration> {
    let mut parts = name.strip_prefix(PREFIX)?.split('_');
    let (_process, nanos) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse().ok()?);
    parts.next()?.parse::<u32>().ok().filter(|_| parts.next().is_none())?;
    (UNIX_EPOCH + Duration::from_nanos(nanos)).elapsed().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_age() {
        assert!(age(&scratch_name()).is_some_and(|age| age < Duration::from_secs(60)));
        assert!(age("orm_scratch_1_1000_0").is_some_and(|age| age > LEFT_BEHIND));
        for other in ["orm_scratch_mine", "orm_scratch_1_x_0", "orm_scratch_1_1_0_0", "shop"] {
            assert_eq!(age(other), None, "{other}");
        }
    }
}

//! [`ScratchServer`] and [`ScratchDatabase`]: where something is built for real, and of which nothing stays.
//!
//! Where the role may create databases, one is created and dropped. Else the database that was named for it is lent,
//! if it is empty, and emptied afterwards. It goes when it is closed, also after a failure, and when its owner is
//! dropped; one that a killed process left behind, or that the server did not drop in time, goes when the next one is
//! made. Whose session has ended is known by an advisory lock, which that session held.
//!
//! To create a database takes many times as long as to empty one, and to drop one makes the server write out all that
//! it holds in memory (manual, section 30.5). So a server keeps one that was closed, if it is again as it was when it
//! was new, for the next who asks.

mod cleanup;
mod gone;

pub use gone::Left;

use super::ScratchError;
use crate::session;
use cleanup::{contents, empty};
use gone::{HURRIED, Limit, PATIENT};
use orm_core::exec::{Config, Connection};
use orm_core::sql::ident::Ident;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

const PREFIX: &str = "orm_scratch_";

/// One run at a time builds in a database that is lent: `orm_scra` in ASCII.
const KEY: i64 = 0x6f72_6d5f_7363_7261;

/// How long to wait for another run in a database that is lent.
const LENT_WAIT: &str = "60s";

/// To drop more than that takes longer than another database.
const EMPTIED_MAX: usize = 50;

/// A role whose default is to write nothing may still write where nothing stays.
pub(super) const WRITES: &str = "SET default_transaction_read_only = off";

/// The server on which scratch databases are made.
#[derive(Debug, Clone)]
pub struct ScratchServer {
    config: Config,
    /// Whether somebody named it for this, and may have named an empty database.
    is_given: bool,
    shared: Arc<Shared>,
}

/// What all clones of a server have in common.
#[derive(Debug, Default)]
struct Shared {
    /// A database that was closed, and waits for the next who asks.
    spare: Mutex<Option<ScratchDatabase>>,
    /// The databases that could not be dropped.
    left: Mutex<Vec<Left>>,
}

impl From<&Config> for ScratchServer {
    fn from(config: &Config) -> Self {
        Self::of_target(config)
    }
}

impl ScratchServer {
    /// The server of the database that is worked on. Its own database is never built in.
    pub fn of_target(config: &Config) -> Self {
        Self { config: config.clone(), is_given: false, shared: Arc::default() }
    }

    /// The server that was named for it (`--scratch-url`): its role may create databases, or its database is empty.
    pub fn given(config: &Config) -> Self {
        Self { config: config.clone(), is_given: true, shared: Arc::default() }
    }

    /// Whether it was named for it, so that it is a mistake when it cannot be used.
    pub fn is_given(&self) -> bool {
        self.is_given
    }

    /// Whether it is the same one, named the same way.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is_given == other.is_given && self.config == other.config
    }

    /// A session in the database that was named, where temporary tables can be made.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn connect(&self) -> Result<Connection, ScratchError> {
        Ok(session::open(&self.config).await?)
    }

    /// An empty database.
    ///
    /// # Errors
    /// [`ScratchError::NoCreateDatabase`] and [`ScratchError::NotEmpty`]: which right is missing, and what to do.
    pub async fn database(&self) -> Result<ScratchDatabase, ScratchError> {
        let spare = lock(&self.shared.spare).take();
        if let Some(spare) = spare
            && spare.is_there().await
        {
            return Ok(spare);
        }
        let admin = session::open(&self.config).await?;
        admin.batch_execute(WRITES).await?;
        gone::drop_what_was_left_behind(&admin).await?;
        let name = scratch_name();
        gone::mark_as_ours(&admin, &name).await?;
        let create = format!("CREATE DATABASE {} TEMPLATE template0", Ident(&name));
        match admin.batch_execute(&create).await {
            Ok(()) => {
                take_over_path(&admin, &name).await?;
                let config = self.config.clone().with_database(&name);
                let kind = DatabaseKind::Created { name, server: Box::new(self.config.clone()) };
                let mut database = ScratchDatabase::new(admin, config, kind);
                database.server = Arc::downgrade(&self.shared);
                Ok(database)
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

    /// Drops what it kept. That also happens with the last of its clones, but then nobody hears of what fails.
    ///
    /// # Errors
    /// A database that was lent is not empty again. One that could not be dropped is in [`left`](Self::left).
    pub async fn close(&self) -> Result<(), ScratchError> {
        self.close_within(PATIENT).await
    }

    /// As [`close`](Self::close), after a signal: without waiting for a server that does not answer at once.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub async fn close_hurried(&self) -> Result<(), ScratchError> {
        self.close_within(HURRIED).await
    }

    async fn close_within(&self, limit: Limit) -> Result<(), ScratchError> {
        let spare = lock(&self.shared.spare).take();
        match spare {
            Some(spare) => spare.end(limit).await,
            None => Ok(()),
        }
    }

    /// The databases that stay on the server, since it did not drop them in time. The next run tries it again.
    pub fn left(&self) -> Vec<Left> {
        lock(&self.shared.left).clone()
    }
}

/// A new database has no settings of its own, and SQL that names no schema must mean there what it means in the database
/// that is worked on.
async fn take_over_path(admin: &Connection, name: &str) -> Result<(), ScratchError> {
    let for_this_role =
        format!("ALTER ROLE SESSION_USER IN DATABASE {} SET search_path FROM CURRENT", Ident(name));
    match admin.batch_execute(&for_this_role).await {
        // The role has become another one, which may not change the settings of the first.
        Err(error) if error.sqlstate() == Some("42501") => {
            let for_all = format!("ALTER DATABASE {} SET search_path FROM CURRENT", Ident(name));
            Ok(admin.batch_execute(&for_all).await?)
        }
        set => Ok(set?),
    }
}

async fn lend(admin: Connection, config: &Config) -> Result<ScratchDatabase, ScratchError> {
    let role = one_text(&admin, "SELECT current_user::text").await?;
    let database = one_text(&admin, "SELECT current_database()::text").await?;
    let lock = format!("SET lock_timeout = '{LENT_WAIT}'; SELECT pg_advisory_lock({KEY})");
    match admin.batch_execute(&lock).await {
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
    Ok(ScratchDatabase::new(admin, config.clone(), DatabaseKind::Lent { extensions }))
}

/// An empty database to build in. [`close`](Self::close) it.
#[derive(Debug)]
pub struct ScratchDatabase {
    /// Keeps the advisory lock of a database that is lent. None once it is gone.
    admin: Option<Connection>,
    config: Config,
    kind: DatabaseKind,
    /// The sessions that were opened in it.
    sessions: Mutex<Vec<i32>>,
    /// What it was like when it was new.
    blank: OnceLock<String>,
    /// Where it may stay, and where it is noted that it could not be dropped.
    server: Weak<Shared>,
}

#[derive(Debug, Clone)]
enum DatabaseKind {
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
    fn new(admin: Connection, config: Config, kind: DatabaseKind) -> Self {
        Self {
            admin: Some(admin),
            config,
            kind,
            sessions: Mutex::default(),
            blank: OnceLock::new(),
            server: Weak::new(),
        }
    }

    /// Whether it was lent: then there is no second one meanwhile.
    pub fn is_lent(&self) -> bool {
        matches!(self.kind, DatabaseKind::Lent { .. })
    }

    /// A session in it.
    ///
    /// # Errors
    /// The server lets this role into other databases only.
    pub async fn connect(&self) -> Result<Connection, ScratchError> {
        let connection = session::open(&self.config).await?;
        connection.batch_execute(WRITES).await?;
        let rows =
            connection.query::<orm_core::exec::DriverRow>("SELECT pg_backend_pid()", &[]).await?;
        let process: Option<i32> = rows.first().and_then(|row| row.try_get(0).ok());
        lock(&self.sessions).extend(process);
        if self.blank.get().is_none() && self.server.strong_count() > 0 {
            let _first = self.blank.set(cleanup::blank(&connection).await?);
        }
        Ok(connection)
    }

    /// Ends every session in it, and gives it back: to its server, where that is still there and this is again as it
    /// was when it was new; else it is dropped, and what was lent is emptied. The server has half a minute for that: a
    /// database that stays is noted in [`ScratchServer::left`].
    ///
    /// # Errors
    /// Something stays in what was lent; a database stays, and its server is gone, where that would be noted.
    pub async fn close(self) -> Result<(), ScratchError> {
        if let Some(server) = self.server.upgrade()
            && self.is_new_again().await
        {
            let second = match &mut *lock(&server.spare) {
                none @ None => none.replace(self),
                Some(_) => Some(self),
            };
            return match second {
                Some(second) => second.end(PATIENT).await,
                None => Ok(()),
            };
        }
        self.end(PATIENT).await
    }

    /// Empties it, and says whether nothing tells it from a new one. What fails here is no harm: then it is dropped.
    async fn is_new_again(&self) -> bool {
        let (Some(admin), Some(blank)) = (&self.admin, self.blank.get()) else { return false };
        let sessions = std::mem::take(&mut *lock(&self.sessions));
        for process in sessions {
            if admin
                .query::<orm_core::exec::DriverRow>("SELECT pg_terminate_backend($1)", &[&process])
                .await
                .is_err()
            {
                return false;
            }
        }
        let Ok(inside) = self.connect().await else { return false };
        let is_new = match contents(&inside, &[]).await {
            Ok(left) if left.len() <= EMPTIED_MAX => {
                empty(&inside, &[]).await.is_ok()
                    && cleanup::blank(&inside).await.is_ok_and(|it| it == *blank)
            }
            _ => false,
        };
        inside.close().await;
        lock(&self.sessions).clear();
        is_new
    }

    /// Somebody may have dropped it, or the server may have been started again.
    async fn is_there(&self) -> bool {
        let (Some(admin), DatabaseKind::Created { name, .. }) = (&self.admin, &self.kind) else {
            return false;
        };
        let rows = admin
            .query::<orm_core::exec::DriverRow>(
                "SELECT FROM pg_database WHERE datname = $1",
                &[name],
            )
            .await;
        rows.is_ok_and(|rows| !rows.is_empty())
    }

    async fn end(mut self, limit: Limit) -> Result<(), ScratchError> {
        // While it is being cleared it is still ours: this future may be dropped, too.
        let gone = match &self.admin {
            Some(admin) => self.kind.clear(admin, self.sessions(), limit).await,
            None => Ok(()),
        };
        if let Some(admin) = self.admin.take() {
            match &gone {
                // It may be in the middle of a statement, and would wait for its end.
                Err(ScratchError::Left(_)) => drop(admin),
                _ => admin.close().await,
            }
        }
        self.noted(gone)
    }

    /// That a database stays is no failure of what was done in it.
    fn noted(&self, gone: Result<(), ScratchError>) -> Result<(), ScratchError> {
        match (gone, self.server.upgrade()) {
            (Err(ScratchError::Left(left)), Some(server)) => {
                lock(&server.left).push(left);
                Ok(())
            }
            (gone, _) => gone,
        }
    }

    fn sessions(&self) -> Vec<i32> {
        lock(&self.sessions).clone()
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
            let cleared = runtime.block_on(async {
                let config = match &kind {
                    DatabaseKind::Created { server, .. } => &**server,
                    DatabaseKind::Lent { .. } => &config,
                };
                // Whoever dropped the future wants to end.
                let clear =
                    async { kind.clear(&session::open(config).await?, sessions, HURRIED).await };
                match tokio::time::timeout(HURRIED.of(&kind), clear).await {
                    Ok(cleared) => cleared,
                    Err(_) => kind.stays("the server gave no answer"),
                }
            });
            // The driver's task, which may wait for the server, ends with it.
            runtime.shutdown_background();
            Some(cleared)
        };
        // A runtime that is going down runs no task to its end; a thread does.
        let cleared = std::thread::spawn(clear).join();
        // What else failed is not reported: there is no caller any more.
        let _noted = cleared.ok().flatten().map(|cleared| self.noted(cleared));
    }
}

impl DatabaseKind {
    async fn clear(
        &self,
        admin: &Connection,
        sessions: Vec<i32>,
        limit: Limit,
    ) -> Result<(), ScratchError> {
        match self {
            Self::Created { name, .. } => gone::drop_database(admin, name, limit).await,
            Self::Lent { extensions } => {
                for process in sessions {
                    admin
                        .query::<orm_core::exec::DriverRow>(
                            "SELECT pg_terminate_backend($1)",
                            &[&process],
                        )
                        .await?;
                }
                empty(admin, extensions).await
            }
        }
    }

    /// That what there is stays.
    fn stays(&self, why: &str) -> Result<(), ScratchError> {
        match self {
            Self::Created { name, .. } => Err(gone::left(name, why)),
            Self::Lent { .. } => Ok(()),
        }
    }
}

async fn one_text(connection: &Connection, sql: &str) -> Result<String, ScratchError> {
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `orm_scratch_<process>_<nanoseconds since 1970>_<count>`.
fn scratch_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    format!("{PREFIX}{}_{nanos}_{count}", std::process::id())
}

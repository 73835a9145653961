//! [`TestDatabase`]: a database of its own for each test, on one server for the process.

use super::{Data, DevdbError, Server};
use orm_core::exec::{Config, Connection};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// A database for one test. It goes with the server, or is dropped when the server is not ours.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
    /// Where it must be dropped.
    foreign: Option<String>,
}

impl TestDatabase {
    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(url) = self.foreign.take() {
            // Best effort: a database that stays behind harms nobody.
            let _dropped =
                run(&url, format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name));
        }
    }
}

/// An empty database on a server of this process, which is started by the first call.
///
/// `ORM_TEST_URL` names another server to use, by the URL of a role that may create databases. `ORM_TEST_FOLDER` names the folder
/// that ours is in, which may be one in memory, such as `/dev/shm`: a database takes 8 MB of it until the process ends.
///
/// # Errors
/// There is no server, or it refuses.
pub fn test_database() -> Result<TestDatabase, DevdbError> {
    create(None)
}

/// A copy of another test database, to which nobody may be connected.
///
/// # Errors
/// As [`test_database`]; somebody is connected to the other one.
pub fn test_database_like(template: &TestDatabase) -> Result<TestDatabase, DevdbError> {
    create(Some(template.name()))
}

fn create(template: Option<&str>) -> Result<TestDatabase, DevdbError> {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{count}", std::process::id());
    let place = place(&name)?;
    let template = template.unwrap_or("template0");
    let strategy = if place.copies_files { " STRATEGY file_copy" } else { "" };
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"{strategy}");
    run(&place.admin, sql).map_err(|source| DevdbError::Create { name: name.clone(), source })?;
    let foreign = place.foreign.then_some(place.admin);
    Ok(TestDatabase { name, url: place.url, foreign })
}

struct Where {
    admin: String,
    url: String,
    foreign: bool,
    copies_files: bool,
}

fn place(name: &str) -> Result<Where, DevdbError> {
    if let Ok(admin) = std::env::var("ORM_TEST_URL") {
        let url = with_database(&admin, name);
        return Ok(Where { admin, url, foreign: true, copies_files: false });
    }
    static SERVER: Mutex<Option<Server>> = Mutex::new(None);
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    let server = match &mut *server {
        Some(server) => server,
        none => none.insert(Server::start(Data::Throwaway)?),
    };
    Ok(Where {
        admin: server.socket_url("postgres"),
        url: server.socket_url(name),
        foreign: false,
        copies_files: server.copies_files(),
    })
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) =
        url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let start = base.find("://").map_or(0, |scheme| scheme + 3);
    let end =
        base.get(start..).and_then(|rest| rest.find('/')).map_or(base.len(), |slash| start + slash);
    let head = base.get(..end).unwrap_or(base);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{head}/{name}{query}")
}

/// Runs SQL from a place that may be inside an async runtime, or not.
fn run(url: &str, sql: String) -> orm_core::Result<()> {
    let config = Config::from_url(url)?;
    let failed =
        |message: &str| orm_core::Error::new(orm_core::ErrorKind::Connect, message.to_owned());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&error.to_string()))?;
        runtime.block_on(async {
            let connection = Connection::connect(&config).await?;
            connection.batch_execute(&sql).await
        })
    })
    .join()
    .map_err(|_| failed("the thread that talks to the server ended early"))?
}

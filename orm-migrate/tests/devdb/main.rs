//! A private PostgreSQL: starts, gives databases, ends.

use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::{
    Data, DevdbError, Server, kept_folder, test_database, test_database_like,
};

async fn number(url: &str, sql: &str) -> i64 {
    let connection = Connection::connect(&Config::from_url(url).unwrap()).await.unwrap();
    connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.unwrap()[0].get(0)
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, other) = (test_database().unwrap(), test_database().unwrap());
    let connection = Connection::connect(&Config::from_url(one.url()).unwrap()).await.unwrap();
    connection.batch_execute("CREATE TABLE t (a int)").await.unwrap();
    drop(connection);
    let tables = "SELECT count(*) FROM pg_class WHERE relname = 't'";
    assert_eq!((number(one.url(), tables).await, number(other.url(), tables).await), (1, 0));
    let copy = test_database_like(&one).unwrap();
    assert_eq!(number(copy.url(), tables).await, 1);
}

#[tokio::test]
async fn kept_data_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    // Somebody else must be able to reach the data when the tests run as root.
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let data = Data::Kept(folder.path().join("data"));
    let server = Server::start(data.clone()).unwrap();
    let url = server.url("postgres");
    let connection = Connection::connect(&Config::from_url(&url).unwrap()).await.unwrap();
    connection.batch_execute("CREATE TABLE t AS SELECT 7::bigint AS a").await.unwrap();
    drop(connection);
    let second = Server::start(data.clone()).unwrap_err();
    assert!(
        matches!(&second, DevdbError::AlreadyRunning { url: Some(it), .. } if *it == url),
        "{second}"
    );
    drop(server);
    let server = Server::start(data).unwrap();
    assert_eq!(number(&server.url("postgres"), "SELECT a FROM t").await, 7);
}

#[test]
fn a_folder_that_is_closed_to_the_server_is_refused_by_name_and_not_proposed() {
    // A temporary folder is closed to others, as `/root` is: that matters only where the server runs as another.
    let closed = tempfile::tempdir().unwrap();
    let data = closed.path().join("data");
    let started = Server::start(Data::Kept(data.clone()));
    let proposed = kept_folder(closed.path()).unwrap();
    if proposed == closed.path().join(".orm/postgres") {
        assert!(started.is_ok(), "{started:?}");
        return;
    }
    assert!(proposed.starts_with("/var/lib/orm"), "{}", proposed.display());
    let error = started.unwrap_err();
    assert!(matches!(&error, DevdbError::Closed { path } if *path == data), "{error}");
    assert!(!data.exists(), "an empty folder stays behind");
}

#[test]
fn a_folder_without_binaries_is_named() {
    // Not through the environment: other tests of this process read it too.
    let error = DevdbError::NoBinaries { looked_at: "PATH".into(), hint: "install it".into() };
    assert!(error.to_string().starts_with("no PostgreSQL server was found"));
}

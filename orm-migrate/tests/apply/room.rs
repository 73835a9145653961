//! A server with room for few locks: what takes more is built in parts, or stopped with the setting that it needs.

use super::draft;
use orm_core::exec::{Config, Connection};
use orm_core::schema::{Column, Schema, Table};
use orm_migrate::apply::{ApplyError, Options, apply};
use orm_migrate::devdb::{Data, Server};
use orm_migrate::history::Folder;
use orm_migrate::scratch::{self, Proof};

/// Room for 200 locks of all sessions together; what PostgreSQL keeps in reserve comes on top of that.
const SMALL: &str =
    "ALTER SYSTEM SET max_locks_per_transaction = 10; ALTER SYSTEM SET max_connections = 20;
    ALTER SYSTEM SET max_prepared_transactions = 0";

struct Small {
    server: Server,
    _place: tempfile::TempDir,
}

impl Small {
    async fn start() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        // The server runs as another account where the tests run as root.
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(place.path(), all).expect("rights");
        let data = || Data::Kept(place.path().join("data"));
        let server = Server::start(data()).expect("a server");
        let config = Config::from_url(&server.url("postgres")).expect("a URL");
        let connection = Connection::connect(&config).await.expect("a session");
        for statement in SMALL.split(';') {
            connection.batch_execute(statement).await.expect("a setting");
        }
        connection.close().await;
        drop(server);
        Self { server: Server::start(data()).expect("a server"), _place: place }
    }

    fn config(&self) -> Config {
        Config::from_url(&self.server.url("postgres")).expect("a URL")
    }
}

#[tokio::test]
async fn what_takes_more_locks_than_there_is_room_for_is_built_in_parts_or_stopped_with_the_number()
{
    let small = Small::start().await;
    let config = small.config();
    let connection = Connection::connect(&config).await.expect("a session");

    // Declared tables, as temporary ones: in parts.
    let table = |number: usize| {
        let mut table = Table::new("public", "t");
        table.name = format!("t{number}").into();
        table.columns.to_mut().push(Column::new("a", "text"));
        table
    };
    let declared = Schema::declared((0..300).map(table)).expect("a schema");
    let canonical = scratch::canonical(&connection, &declared).await.expect("room");
    assert_eq!(canonical.schema().tables.len(), 300);
    let names: Vec<_> = canonical.schema().tables.iter().map(|it| &it.name).collect();
    assert_eq!(names, declared.tables.iter().map(|it| &it.name).collect::<Vec<_>>());

    // A copy of a schema, on a database of its own: in parts too. A migration is one transaction, and is stopped.
    let server = scratch::ScratchServer::of_target(&config);
    let proof = scratch::prove(server.clone(), &canonical, "SELECT 1", &canonical).await;
    assert_eq!(proof.expect("room"), Proof::Holds);
    let up: String = (0..300).map(|it| format!("CREATE TABLE u{it} (a text);\n")).collect();
    let error = scratch::prove(server.clone(), &canonical, &up, &canonical).await;
    let said = error.expect_err("no room").to_string();
    assert!(said.contains("max_locks_per_transaction"), "{said}");
    server.close().await.expect("nothing stays");

    // `apply`: nothing is done, and the setting is named with a number that is enough.
    let place = tempfile::tempdir().expect("a folder");
    let folder = Folder::at(place.path().join("migrations"));
    folder.write(&draft(0, &up)).expect("a migration");
    let error = apply(&config, &folder, &Options::default(), |_| {}).await.expect_err("no room");
    assert!(matches!(error, ApplyError::Locks { .. }), "{error}");
    let said = error.to_string();
    for part in [
        "statement 101 of 300",
        "room for 200 of all sessions together (max_locks_per_transaction = 10)",
        "nothing of this migration was kept",
        "-- orm:segment transaction",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let needed = said.split("max_locks_per_transaction = ").nth(2).expect("a number");
    let needed: usize = needed.split(' ').next().expect("a number").parse().expect("a number");
    assert!((45..=200).contains(&needed), "{said}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let rows = connection.query::<orm_core::exec::DriverRow>(tables, &[]).await.expect("rows");
    assert_eq!(rows[0].get::<_, i64>(0), 0);

    // One statement that takes too many: the server's own error, with what to do.
    let many = "DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE format('CREATE TABLE v%s (a text)', i); END LOOP; END $$";
    let error = connection.batch_execute(many).await.expect_err("no room");
    assert_eq!(error.sqlstate(), Some("53200"), "{error}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("raise max_locks_per_transaction"), "{hint}");
    // The error comes before the transaction has ended: its locks go with it.
    connection.batch_execute("SELECT 1").await.expect("an answer after the end");

    // Divided, it runs.
    let segments: Vec<String> =
        (0..300).map(|it| format!("CREATE TABLE u{it} (a text);\n")).collect();
    let up: Vec<String> = segments.chunks(40).map(|some| some.concat()).collect();
    let migration = folder.read().expect("a migration").remove(0);
    std::fs::write(migration.up_path(), up.join("-- orm:segment transaction\n")).expect("written");
    apply(&config, &folder, &Options::default(), |_| {}).await.expect("room for each");
}

//! Scratch databases: made, lent, and gone whatever happens.

use crate::Case;
use orm_core::exec::{Config, Connection};
use orm_migrate::catalog;
use orm_migrate::scratch::{ScratchDatabase, ScratchError, ScratchServer};
use std::collections::BTreeSet;
use std::time::Duration;

/// A database of a role that owns it and may do nothing else.
struct Owned {
    case: Case,
    config: Config,
    role: String,
}

impl Owned {
    async fn new() -> Self {
        let case = Case::new().await;
        let role = format!("owner_{}", case.database.name());
        case.run(&format!("CREATE ROLE \"{role}\" LOGIN NOCREATEDB")).await;
        case.run(&format!("ALTER DATABASE \"{}\" OWNER TO \"{role}\"", case.database.name())).await;
        let url = case.database.url();
        let config = Config::builder().url(url).user(&role).build().expect("settings");
        Self { case, config, role }
    }

    async fn done(self) {
        let role = &self.role;
        self.case.run(&format!("REASSIGN OWNED BY \"{role}\" TO CURRENT_USER")).await;
        self.case.run(&format!("DROP ROLE \"{role}\"")).await;
    }
}

/// One of each kind of thing that a migration makes.
const ZOO: &str = "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('ok'); CREATE DOMAIN d AS int; \
    CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (subtype = int); \
    CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b serial, m s.mood, d d); \
    CREATE TABLE s.b (a int REFERENCES a); CREATE VIEW v AS SELECT * FROM a; \
    CREATE MATERIALIZED VIEW mv AS SELECT * FROM v; CREATE SEQUENCE q; \
    CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; \
    CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
    CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION t(); \
    CREATE STATISTICS st ON id, b FROM a; CREATE COLLATION c FROM \"C\"; \
    CREATE AGGREGATE agg(int) (SFUNC = int4pl, STYPE = int); \
    CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); \
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC; \
    CREATE TABLE parts (id int) PARTITION BY RANGE (id); \
    CREATE TABLE part PARTITION OF parts DEFAULT";

#[tokio::test]
async fn an_empty_database_is_lent_and_emptied() {
    let owned = Owned::new().await;
    for _ in 0..2 {
        let database = ScratchServer::given(&owned.config).database().await.expect("a database");
        database.connect().await.expect("a session").batch_execute(ZOO).await.expect("it runs");
        database.close().await.expect("it is emptied");
    }
    assert!(owned.case.read().await.unmanaged.is_empty());
    // The schema itself is as it was: others' rights are on it.
    owned.case.run("CREATE TABLE public.theirs ()").await;
    let refused = ScratchServer::given(&owned.config).database().await.expect_err("refused");
    assert!(matches!(refused, ScratchError::NotEmpty { .. }), "{refused}");
    for part in ["table public.theirs", "CREATEDB", &owned.role, owned.case.database.name()] {
        assert!(refused.to_string().contains(part), "{refused}");
    }
    assert_eq!(owned.case.read().await.canonical.schema().tables.len(), 1);
    // The database of the target itself is never built in.
    let refused = ScratchServer::of_target(&owned.config).database().await.expect_err("refused");
    assert!(matches!(refused, ScratchError::NoCreateDatabase { .. }), "{refused}");
    owned.done().await;
}

#[tokio::test]
async fn what_is_lent_is_emptied_also_when_its_owner_is_dropped() {
    let owned = Owned::new().await;
    let database = ScratchServer::given(&owned.config).database().await.expect("a database");
    let connection = database.connect().await.expect("a session");
    // A session that is still at work is ended.
    connection.batch_execute(&format!("{ZOO}; BEGIN; LOCK TABLE a")).await.expect("it runs");
    drop(database);
    assert!(owned.case.read().await.canonical.schema().tables.is_empty());
    assert!(owned.case.read().await.unmanaged.is_empty());
    owned.done().await;
}

#[tokio::test]
async fn a_database_that_was_made_is_dropped_also_with_its_owner() {
    let case = Case::new().await;
    let database = ScratchServer::of_target(&case.config()).database().await.expect("a database");
    let connection = database.connect().await.expect("a session");
    let rows = connection
        .query::<orm_core::exec::DriverRow>("SELECT current_database()::text", &[])
        .await
        .expect("rows");
    let name: String = rows[0].get(0);
    assert!(name.starts_with("orm_scratch_"), "{name}");
    drop(database);
    let rows = case
        .connection
        .query::<orm_core::exec::DriverRow>("SELECT FROM pg_database WHERE datname = $1", &[&name])
        .await;
    assert!(rows.expect("rows").is_empty());
}

async fn name_of(database: &ScratchDatabase) -> String {
    let connection = database.connect().await.expect("a session");
    let rows = connection
        .query::<orm_core::exec::DriverRow>("SELECT current_database()::text", &[])
        .await
        .expect("rows");
    rows[0].get(0)
}

#[tokio::test]
async fn what_is_again_as_it_was_when_it_was_new_is_kept_for_the_next() {
    let case = Case::new().await;
    let is_there = async |name: &String| {
        let sql = "SELECT FROM pg_database WHERE datname = $1";
        !case
            .connection
            .query::<orm_core::exec::DriverRow>(sql, &[name])
            .await
            .expect("rows")
            .is_empty()
    };
    let server = ScratchServer::of_target(&case.config());
    let database = server.database().await.expect("a database");
    let kept = name_of(&database).await;
    // Also from within: an open transaction is ended.
    let connection = database.connect().await.expect("a session");
    connection.batch_execute(&format!("{ZOO}; CREATE EXTENSION citext")).await.expect("it runs");
    connection.batch_execute("BEGIN; LOCK TABLE a").await.expect("it runs");
    database.close().await.expect("it is given back");

    let database = server.database().await.expect("a database");
    assert_eq!(name_of(&database).await, kept);
    let second = server.clone().database().await.expect("a second one");
    let other = name_of(&second).await;
    assert_ne!(other, kept);
    let connection = database.connect().await.expect("a session");
    let read = catalog::read(&connection).await.expect("a reading");
    assert!(read.canonical.schema().tables.is_empty() && read.unmanaged.is_empty());
    assert_eq!(read.canonical.schema().objects, []);
    connection.close().await;
    for database in [database, second] {
        database.close().await.expect("it is given back");
    }
    assert!(is_there(&kept).await && !is_there(&other).await);
    drop(server);
    assert!(!is_there(&kept).await);
}

#[tokio::test]
async fn what_bears_a_trace_is_dropped() {
    let case = Case::new().await;
    let server = ScratchServer::of_target(&case.config());
    let mut names = BTreeSet::new();
    let traces = [
        "DROP SCHEMA public",
        "DROP SCHEMA public; CREATE SCHEMA public",
        "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
        "COMMENT ON SCHEMA public IS 'theirs'",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM PUBLIC",
        "ALTER FUNCTION pg_catalog.now() SET search_path = ''",
        "GRANT SELECT (rolname) ON pg_catalog.pg_authid TO PUBLIC",
        "DROP EXTENSION plpgsql",
        "SELECT lo_create(0)",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = a', current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO PUBLIC', current_database()); END $$",
        "CREATE CAST (int AS point) WITH INOUT",
        "CREATE PUBLICATION p",
        "CREATE FOREIGN DATA WRAPPER w",
    ];
    let mut last = "";
    for trace in traces {
        let database = server.database().await.expect("a database");
        assert!(names.insert(name_of(&database).await), "not dropped after: {last}");
        last = trace;
        let connection = database.connect().await.expect("a session");
        connection.batch_execute(trace).await.unwrap_or_else(|error| panic!("{trace}: {error:#}"));
        connection.close().await;
        database.close().await.expect("dropped");
    }
    let sql = "SELECT FROM pg_database WHERE datname::text = ANY ($1)";
    let names: Vec<String> = names.into_iter().collect();
    assert!(
        case.connection
            .query::<orm_core::exec::DriverRow>(sql, &[&names])
            .await
            .expect("rows")
            .is_empty()
    );
    server.close().await.expect("nothing is left");
}

#[tokio::test]
async fn one_that_somebody_dropped_is_made_again() {
    let case = Case::new().await;
    let server = ScratchServer::of_target(&case.config());
    let database = server.database().await.expect("a database");
    let name = name_of(&database).await;
    database.close().await.expect("it is given back");
    case.run(&format!("DROP DATABASE \"{name}\"")).await;
    let database = server.database().await.expect("a database");
    assert_ne!(name_of(&database).await, name);
    database.close().await.expect("it is given back");
    server.close().await.expect("it is dropped");
}

#[tokio::test]
async fn what_a_killed_process_left_behind_goes_when_the_next_is_made() {
    let case = Case::new().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    let of_process = |process: u32| format!("orm_scratch_{process}_{}_0", now.as_nanos());
    let (dead, in_use) = (of_process(1), of_process(2));
    let theirs = format!("orm_scratch_{}_mine", case.database.name());
    let another = of_process(3);
    let role = format!("another_{}", case.database.name());
    case.run(&format!("CREATE ROLE \"{role}\"")).await;
    // The session that has made one is there.
    case.run(&format!("SELECT pg_advisory_lock(x'6f726d73'::int, hashtext('{in_use}'))")).await;
    for name in [&dead, &in_use, &theirs, &another] {
        case.run(&format!("CREATE DATABASE \"{name}\"")).await;
    }
    case.run(&format!("ALTER DATABASE \"{another}\" OWNER TO \"{role}\"")).await;
    // Somebody who looks into the one that is left behind does not keep it.
    let looks = Connection::connect(&case.config().with_database(&dead)).await.expect("a session");
    let server = ScratchServer::of_target(&case.config());
    server.database().await.expect("a database").close().await.expect("dropped");
    let sql = "SELECT datname::text FROM pg_database WHERE datname::text = ANY ($1) ORDER BY 1";
    let names = vec![dead, in_use.clone(), theirs.clone(), another.clone()];
    let rows =
        case.connection.query::<orm_core::exec::DriverRow>(sql, &[&names]).await.expect("rows");
    let left: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let mut expected = vec![in_use, theirs, another];
    expected.sort();
    assert_eq!(left, expected);
    drop(looks);
    for name in expected {
        case.run(&format!("DROP DATABASE \"{name}\"")).await;
    }
    case.run(&format!("DROP ROLE \"{role}\"")).await;
    Connection::connect(&case.config()).await.expect("a session").close().await;
}

/// What keeps a server from dropping a database, and what ends it: a session elsewhere that holds its lock, and a
/// subscription, with which a database cannot be dropped.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_dropped_is_named_and_goes_later() {
    let case = Case::new().await;
    let subscribed = "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE)";
    for (is_locked, why) in [(true, "lock timeout"), (false, "subscription")] {
        let server = ScratchServer::of_target(&case.config());
        let database = server.database().await.expect("a database");
        let name = name_of(&database).await;
        let inside = database.connect().await.expect("a session");
        let trace = if is_locked { "CREATE CAST (int AS point) WITH INOUT" } else { subscribed };
        inside.batch_execute(trace).await.expect("a trace, with which it is not kept");
        inside.close().await;
        let other = Connection::connect(&case.config()).await.expect("a session");
        if is_locked {
            other
                .batch_execute(&format!("BEGIN; COMMENT ON DATABASE \"{name}\" IS 'held'"))
                .await
                .expect("held");
        }
        let begun = std::time::Instant::now();
        database.close().await.expect("what was done in it was done");
        assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
        let left = server.left();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0].database, name);
        let said = left[0].to_string();
        for part in [why, &name, &format!("DROP DATABASE \"{name}\" WITH (FORCE)")] {
            assert!(said.contains(part), "{part}: {said}");
        }
        // The next one does not wait for it for long, and drops it as soon as that is possible.
        let next = ScratchServer::of_target(&case.config());
        let begun = std::time::Instant::now();
        let database = next.database().await.expect("a database");
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        database.close().await.expect("closed");
        next.close().await.expect("closed");
        assert!(is_there(&case, &name).await);
        if is_locked {
            other.batch_execute("ROLLBACK").await.expect("free");
        } else {
            let inside = Connection::connect(&case.config().with_database(&name)).await;
            inside.expect("a session").batch_execute("DROP SUBSCRIPTION s").await.expect("gone");
        }
        let next = ScratchServer::of_target(&case.config());
        next.database().await.expect("a database").close().await.expect("closed");
        next.close().await.expect("closed");
        assert!(!is_there(&case, &name).await);
    }
}

async fn is_there(case: &Case, name: &str) -> bool {
    let sql = "SELECT FROM pg_database WHERE datname::text = $1";
    !case
        .connection
        .query::<orm_core::exec::DriverRow>(sql, &[&name])
        .await
        .expect("rows")
        .is_empty()
}

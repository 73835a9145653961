use crate::server::{Fixture, Proxy, Server};
use orm_core::ErrorKind;
use orm_core::exec::{Cache, ConfigBuilder, Db, Executor};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Tries to connect: the kind and message of what goes wrong. The password is in none of it.
#[track_caller]
fn check(config: ConfigBuilder, kind: ErrorKind, message: &str) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let error = config.password("s3cr3t").connect().await.expect_err("no way in");
        assert_eq!(error.to_string(), message, "{place}");
        assert_eq!(error.kind(), kind, "{place}");
        assert!(error.hint().is_some(), "{place}: no hint");
        let mut whole = format!("{error:#}{error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(deeper) = cause {
            whole += &format!("{deeper}{deeper:?}");
            cause = deeper.source();
        }
        assert!(!whole.contains("s3cr3t"), "{place}: {whole}");
    }
}

fn somewhere(host: &str, port: u16) -> ConfigBuilder {
    orm_core::exec::Config::builder().host(host).port(port).user("ada").database("shop")
}

#[tokio::test]
async fn a_refused_connection_names_the_server() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let message = format!("could not connect to 127.0.0.1:{port}: connection refused");
    check(somewhere("127.0.0.1", port), ErrorKind::Connect, &message).await;
    let message = "could not connect to /nowhere/.s.PGSQL.5432: there is no such socket";
    check(somewhere("/nowhere", 5432), ErrorKind::Connect, message).await;
}

#[tokio::test]
async fn an_unknown_host_is_named() {
    let message = "could not connect to no-such-host.invalid:5432: the host \"no-such-host.invalid\" is not known";
    check(somewhere("no-such-host.invalid", 5432), ErrorKind::Connect, message).await;
}

#[tokio::test]
async fn a_wrong_password_names_user_and_database() {
    let fixture = Fixture::new().await;
    fixture
        .witness
        .batch_execute("DO $$ BEGIN CREATE ROLE needs_password LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN END $$")
        .await
        .expect("a role");
    let (name, port) = (&fixture.name, Server::plain().port);
    let message = format!(
        "could not connect to database \"{name}\" on 127.0.0.1:{port} as user \"needs_password\": \
         password authentication failed for user \"needs_password\""
    );
    check(fixture.config().user("needs_password"), ErrorKind::Authentication, &message).await;
    fixture
        .config()
        .user("needs_password")
        .password("right")
        .connect()
        .await
        .expect("the right one");
    let error = fixture.config().user("needs_password").connect().await.expect_err("none given");
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(
        error.to_string(),
        format!(
            "could not connect to 127.0.0.1:{port}: the server asks for a password, and none was given"
        )
    );
}

#[tokio::test]
async fn a_user_or_database_that_the_server_does_not_let_in_is_named() {
    let fixture = Fixture::new().await;
    let (name, port) = (&fixture.name, Server::plain().port);
    let message = format!(
        "could not connect to database \"{name}\" on 127.0.0.1:{port} as user \"nobody_there\": \
         role \"nobody_there\" does not exist"
    );
    check(fixture.config().user("nobody_there"), ErrorKind::Authentication, &message).await;
    let message = format!(
        "could not connect to database \"nothing\" on 127.0.0.1:{port} as user \"postgres\": \
         database \"nothing\" does not exist"
    );
    check(fixture.config().database("nothing"), ErrorKind::Authentication, &message).await;
    let error = fixture.config().user("locked_out").connect().await.expect_err("pg_hba.conf");
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Authentication, Some("28000")));
}

#[tokio::test]
async fn too_many_connections_are_explained() {
    let fixture = Fixture::new().await;
    let user = format!("only_one_{}", fixture.name);
    fixture
        .witness
        .batch_execute(&format!("CREATE ROLE {user} LOGIN CONNECTION LIMIT 1"))
        .await
        .expect("a role");
    let (name, port) = (&fixture.name, Server::plain().port);
    let _first = fixture.config().user(&user).connect().await.expect("the first");
    let message = format!(
        "could not connect to database \"{name}\" on 127.0.0.1:{port} as user \"{user}\": \
         too many connections for role \"{user}\""
    );
    let config = fixture.config().user(&user).acquire_timeout(Duration::from_millis(200));
    check(config, ErrorKind::Connect, &message).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_after_connect_timeout() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let message = format!("could not connect to 127.0.0.1:{port}: no answer in 200ms");
    let config = somewhere("127.0.0.1", port).connect_timeout(Duration::from_millis(200));
    check(config, ErrorKind::Connect, &message).await;
}

#[tokio::test]
async fn what_does_not_speak_the_protocol_is_not_taken_for_a_server() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = other.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = other.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(
                &mut stream,
                b"HTTP/1.1 400 Bad Request\r\n\r\n",
            )
            .await;
        }
    });
    let error = somewhere("127.0.0.1", port).connect().await.expect_err("no server");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(
        error.to_string().starts_with(&format!("could not connect to 127.0.0.1:{port}: ")),
        "{error}"
    );
}

#[tokio::test]
async fn the_next_server_is_tried_when_one_is_down_but_not_when_it_refuses_the_user() {
    let fixture = Fixture::new().await;
    let (name, port) = (&fixture.name, Server::plain().port);
    let url = format!("postgres://postgres@127.0.0.1:1,127.0.0.1:{port}/{name}?sslmode=disable");
    Db::connect(&url).await.expect("the second");
    let error = Db::connect("postgres://u@127.0.0.1:1,127.0.0.1:2/x?sslmode=disable")
        .await
        .expect_err("none");
    assert_eq!(
        error.to_string(),
        "none of 2 servers let us in: could not connect to 127.0.0.1:1: connection refused; \
         could not connect to 127.0.0.1:2: connection refused"
    );
    let url =
        format!("postgres://nobody_there@127.0.0.1:{port},127.0.0.1:1/{name}?sslmode=disable");
    assert_eq!(Db::connect(&url).await.expect_err("no user").kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn a_failed_statement_says_what_where_and_what_to_do() {
    let fixture = Fixture::new().await;
    fixture
        .witness
        .batch_execute(
            "CREATE TABLE \"user\" (id text PRIMARY KEY, age int NOT NULL CHECK (age > 0)); \
             CREATE TABLE session (user_id text CONSTRAINT session_user_id_fk REFERENCES \"user\"); \
             INSERT INTO \"user\" VALUES ('ada', 36); INSERT INTO session VALUES ('ada'); \
             CREATE ROLE stranger LOGIN",
        )
        .await
        .expect("tables");
    let db = fixture.db().await;
    let stranger = fixture.config().user("stranger").connect().await.expect("let in");
    for (db, sql, kind, message) in [
        (
            &db,
            "INSERT INTO \"session\" (user_id) VALUES ('eve')",
            ErrorKind::ForeignKeyViolation,
            "could not insert into \"session\": no \"user\" with user_id = eve (constraint session_user_id_fk)",
        ),
        (
            &db,
            "DELETE FROM \"public\".\"user\"",
            ErrorKind::ForeignKeyViolation,
            "could not delete from \"user\": rows of \"session\" still refer to id = ada (constraint session_user_id_fk)",
        ),
        (
            &db,
            "INSERT INTO \"user\" VALUES ('ada', 1)",
            ErrorKind::UniqueViolation,
            "could not insert into \"user\": there is already a row with id = ada (constraint user_pkey)",
        ),
        (
            &db,
            "UPDATE \"user\" SET age = NULL",
            ErrorKind::NotNullViolation,
            "could not update \"user\": null value in column \"age\" of relation \"user\" violates not-null constraint",
        ),
        (
            &db,
            "UPDATE \"user\" SET age = 0",
            ErrorKind::CheckViolation,
            "could not update \"user\": new row for relation \"user\" violates check constraint \"user_age_check\"",
        ),
        (
            &stranger,
            "SELECT * FROM session",
            ErrorKind::PermissionDenied,
            "permission denied for table session",
        ),
        (&db, "SELECT * FROM team", ErrorKind::Database, "relation \"team\" does not exist"),
        (&db, "SELECT named FROM session", ErrorKind::Database, "column \"named\" does not exist"),
    ] {
        let error =
            db.connection().await.expect("a connection").execute(sql, &[]).await.expect_err(sql);
        assert_eq!((error.to_string().as_str(), error.kind()), (message, kind));
        // SQL by hand may name what no migration makes: then the server's words are all there is to say.
        let ours_to_explain = kind != ErrorKind::Database;
        assert_eq!(error.hint().is_some(), ours_to_explain, "{message}: {error:#}");
        assert_eq!(error.sql(), Some(sql));
    }
    let error = db
        .connection()
        .await
        .expect("one")
        .batch_execute("SET statement_timeout = 1; SELECT pg_sleep(9)")
        .await;
    assert_eq!(error.expect_err("cancelled").kind(), ErrorKind::Cancelled);
    fixture
        .witness
        .batch_execute("DROP OWNED BY stranger; DROP ROLE stranger")
        .await
        .unwrap_or_default();
}

#[tokio::test]
async fn forty_callers_of_a_server_with_three_connections_all_get_their_turn() {
    let fixture = Fixture::new().await;
    let user = format!("only_three_{}", fixture.name);
    let role = format!("CREATE ROLE {user} LOGIN CONNECTION LIMIT 3");
    fixture.witness.batch_execute(&role).await.expect("a role");
    let config = fixture.config().user(&user).max_connections(10);
    let db = config.acquire_timeout(Duration::from_secs(30)).connect().await.expect("the first");
    let callers: Vec<_> = (0..40)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let lease = db.lease().await?;
                lease.execute("SELECT pg_sleep(0.02)", &[], Cache::Unnamed).await
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("no panic").expect("its turn"), 1);
    }
}

#[tokio::test]
async fn a_server_that_is_starting_is_waited_for() {
    let mut data = PathBuf::new();
    let server = Server::start_until("entering standby mode", |folder| {
        data = folder.to_owned();
        std::fs::write(folder.join("standby.signal"), "").expect("a file");
        "hot_standby=off".to_owned()
    });
    let config = || server.config("postgres");
    let begun = Instant::now();
    let limit = Duration::from_millis(300);
    let error = config().acquire_timeout(limit).connect().await.expect_err("not ready");
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Connect, Some("57P03")));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let waiting = tokio::spawn(config().acquire_timeout(Duration::from_secs(60)).connect());
    tokio::time::sleep(Duration::from_millis(300)).await;
    Server::promote(&data);
    waiting.await.expect("no panic").expect("it has started");
}

#[tokio::test]
async fn a_server_that_restarts_is_waited_for_and_one_that_never_was_there_is_not() {
    let fixture = Fixture::new().await;
    let server = Server::plain().port;
    let proxy = Proxy::start(server).await;
    let port = proxy.port;
    let config = || fixture.config().port(port).max_connections(1);
    let db = config().connect().await.expect("a database");
    proxy.end().await;
    let begun = Instant::now();
    let error = config().connect().await.expect_err("refused");
    assert!(error.to_string().ends_with("connection refused"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5), "a wrong port is no reason to wait");
    let again = tokio::spawn({
        let db = db.clone();
        async move {
            let connection = db.connection().await?;
            match connection.batch_execute("SELECT 1").await {
                // The session of before.
                Err(error) if error.kind() == ErrorKind::Closed => {
                    drop(connection);
                    db.connection().await?.batch_execute("SELECT 1").await
                }
                answer => answer,
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let _proxy = Proxy::start_at(port, server).await;
    again.await.expect("no panic").expect("it is there again");
}

#[tokio::test]
async fn an_unmet_target_session_attrs_is_reported_as_such() {
    let fixture = Fixture::new().await;
    let (name, port) = (&fixture.name, Server::plain().port);
    for (wanted, server, options) in [
        ("read-write", "does not accept writes", "&options=-c%20default_transaction_read_only=on"),
        ("read-only", "accepts writes", ""),
    ] {
        let url = format!(
            "postgres://postgres@127.0.0.1:{port}/{name}?sslmode=disable&target_session_attrs={wanted}{options}"
        );
        let error = Db::connect(&url).await.expect_err("unmet");
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(
            error.to_string(),
            format!(
                "could not connect to 127.0.0.1:{port}: the server {server}, and target_session_attrs is {wanted}"
            )
        );
    }
}

#[tokio::test]
async fn after_a_primary_stopped_accepting_writes_the_pool_moves_to_the_next_server() {
    let servers = [Server::start(|_| String::new()), Server::start(|_| String::new())];
    let mut admins = Vec::new();
    for server in &servers {
        let config = server.config("postgres").build().expect("settings");
        let admin = orm_core::exec::Connection::connect(&config).await.expect("a connection");
        admin.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
        admins.push(admin);
    }
    let [first, second] = servers.each_ref().map(|server| server.port);
    let url = format!(
        "postgres://postgres@127.0.0.1:{first},127.0.0.1:{second}/postgres?sslmode=disable\
         &target_session_attrs=read-write"
    );
    let db = Db::connect(&url).await.expect("the first server");
    let insert = || async {
        let lease = db.lease().await?;
        lease.execute("INSERT INTO t VALUES (1)", &[], Cache::Named).await
    };
    // Several sessions on the first server.
    let all = (0..5).map(|_| insert());
    for inserted in futures_util::future::join_all(all).await {
        inserted.expect("inserted");
    }
    let demote = "ALTER SYSTEM SET default_transaction_read_only = on";
    admins[0].batch_execute(demote).await.expect("a setting");
    admins[0].batch_execute("SELECT pg_reload_conf()").await.expect("read");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut errors = Vec::new();
    for _ in 0..40 {
        if let Err(error) = insert().await {
            errors.push(error);
        }
    }
    assert!(errors.len() <= 1, "{} of 40: {:?}", errors.len(), errors);
    for error in &errors {
        assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::ServerReadOnly, Some("25006")));
    }
    let rows = admins[1]
        .query::<orm_core::exec::DriverRow>("SELECT count(*) FROM t", &[])
        .await
        .expect("a row");
    assert!(rows[0].get::<_, i64>(0) >= 39, "on the second server");
}

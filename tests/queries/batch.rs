//! Several statements in one round trip: what they give, how often the server is waited for, and what fails.

use crate::fixture::people;
use auth::{Session, Team, User};
use orm::prelude::*;
use orm::{Config, ErrorKind, Insert, batch};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixStream};

/// Forwards to that socket, and counts how often the client sent something after the server had answered: round trips.
async fn counted(server: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let trips = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&trips);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = UnixStream::connect(&server).await.expect("the server");
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let (mut sent, mut answered) = ([0; 65_536], [0; 65_536]);
                let mut has_answered = true;
                loop {
                    tokio::select! {
                        biased;
                        Ok(length @ 1..) = client.read(&mut sent) => {
                            if std::mem::take(&mut has_answered) {
                                count.fetch_add(1, Ordering::Relaxed);
                            }
                            server.write_all(&sent[..length]).await.expect("written");
                        }
                        Ok(length @ 1..) = server.read(&mut answered) => {
                            // What was sent together has arrived together by now.
                            tokio::time::sleep(Duration::from_millis(5)).await;
                            has_answered = true;
                            if client.write_all(&answered[..length]).await.is_err() {
                                return;
                            }
                        }
                        else => return,
                    }
                }
            });
        }
    });
    (port, trips)
}

#[tokio::test]
async fn a_batch_gives_what_each_of_its_statements_gives() {
    let (_database, db) = people().await;
    let (ada, tokens, renamed, ids, gone): (Vec<User>, Vec<String>, u64, Vec<String>, u64) = batch(
        &db,
        (
            User::query().filter(User::id.eq("ada")),
            Session::query().order_by(Session::id.asc()).select(Session::token),
            User::update().set(User::name.set("Alan")).filter(User::id.eq("alan")),
            User::insert()
                .id("bob")
                .name("Bob")
                .email("bob@example.com")
                .build()
                .returning(User::id),
            Team::delete().filter(Team::id.eq("t1")),
        ),
    )
    .await
    .unwrap();
    assert_eq!(ada[0].email, "ada@example.com");
    assert_eq!(tokens, ["token of s1", "token of s2", "token of s3"]);
    assert_eq!((renamed, gone), (1, 1));
    assert_eq!(ids, ["bob"]);
    assert_eq!(User::query().count(&db).await.unwrap(), 4);
}

#[tokio::test]
async fn a_list_of_any_length_is_a_batch_too() {
    let (_database, db) = people().await;
    let names = |id: &str| User::query().filter(User::id.eq(id)).select(User::name);
    let ids = ["ada", "alan", "grace", "nobody"];
    let queries: Vec<_> = ids.iter().cycle().take(200).map(|id| names(id)).collect();
    let found = batch(&db, queries).await.unwrap();
    assert_eq!(found.len(), 200);
    assert_eq!(
        found[197..],
        [vec!["Alan Turing".to_owned()], vec!["Grace Hopper".to_owned()], vec![]]
    );
    let none: Vec<Vec<String>> =
        batch(&db, [names("ada")].into_iter().take(0).collect::<Vec<_>>()).await.unwrap();
    assert!(none.is_empty());
    let nobody =
        [User::insert().id("x").name("x").email("x")].into_iter().take(0).collect::<Vec<_>>();
    // Batches within a batch, and an insert of no rows, for which nothing is sent.
    let nested = batch(&db, ((names("ada"), names("alan")), vec![Insert::<User>::values(nobody)]));
    assert_eq!(
        nested.await.unwrap(),
        ((vec!["Ada Lovelace".to_owned()], vec!["Alan Turing".to_owned()]), vec![0])
    );
}

#[tokio::test]
async fn a_batch_is_one_round_trip() {
    let (database, _) = people().await;
    // `postgresql:///name?host=folder&port=1&user=postgres`
    let (start, parameters) = database.url().split_once('?').expect("a URL with parameters");
    let name = start.rsplit('/').next().expect("a name");
    let of = |key: &str| {
        let mut pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == key).expect("a parameter").1.replace("%2F", "/")
    };
    let (port, trips) = counted(format!("{}/.s.PGSQL.{}", of("host"), of("port"))).await;
    let url = format!("postgresql://{}@127.0.0.1:{port}/{name}?sslmode=disable", of("user"));
    let db =
        Db::connect_lazy(Config::builder().url(&url).max_connections(1).build().unwrap()).unwrap();
    let queries = || {
        (
            User::query().filter(User::id.eq("ada")),
            Session::query().filter(Session::user_id.eq("ada")),
            User::update().set(User::name.set("Ada")).filter(User::id.eq("ada")),
            Team::query(),
        )
    };
    let mut taken = Vec::new();
    for _ in 0..3 {
        let before = trips.load(Ordering::Relaxed);
        let (users, sessions, changed, teams) = batch(&db, queries()).await.unwrap();
        assert_eq!((users.len(), sessions.len(), changed, teams.len()), (1, 2, 1, 2));
        taken.push(trips.load(Ordering::Relaxed) - before);
    }
    assert_eq!(taken[1..], [1, 1], "{taken:?}");
    // One after the other they are four.
    let (users, sessions, update, teams) = queries();
    let before = trips.load(Ordering::Relaxed);
    users.all(&db).await.unwrap();
    sessions.all(&db).await.unwrap();
    update.execute(&db).await.unwrap();
    teams.all(&db).await.unwrap();
    assert_eq!(trips.load(Ordering::Relaxed) - before, 4);
    // In a transaction too.
    let tx = db.begin().await.unwrap();
    let before = trips.load(Ordering::Relaxed);
    batch(&tx, queries()).await.unwrap();
    assert_eq!(trips.load(Ordering::Relaxed) - before, 1);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_statement_of_a_batch_that_fails_is_its_error_and_the_session_is_fit_for_use() {
    let (database, _) = people().await;
    let db =
        Db::connect_lazy(Config::builder().url(database.url()).max_connections(1).build().unwrap())
            .unwrap();
    let twice = || User::insert().id("ada").name("Ada").email("other@example.com");
    let bob = || User::insert().id("bob").name("Bob").email("bob@example.com");
    // Outside of a transaction each is permanent by itself.
    let error = batch(&db, (User::query(), twice(), bob())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert_eq!(User::query().count(&db).await.unwrap(), 4);
    // In one, the error is that of the statement which failed, not of those after it.
    User::delete().filter(User::id.eq("bob")).execute(&db).await.unwrap();
    for first in [true, false] {
        let tx = db.begin().await.unwrap();
        let error = match first {
            true => batch(&tx, (twice(), bob(), User::query())).await.unwrap_err(),
            false => batch(&tx, vec![bob(), twice(), twice()]).await.unwrap_err(),
        };
        assert_eq!(error.kind(), ErrorKind::UniqueViolation);
        tx.rollback().await.unwrap();
    }
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

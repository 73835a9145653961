//! Every feature through a real PgBouncer: each version at hand, session and transaction mode, `pgbouncer=true`.

use crate::custom::{Email, Mood, Person, Pet, database, empty, full, insert};
use orm::prelude::*;
use orm::{Config, Isolation, TransactionOptions};
use orm_test_support::{PgBouncer, PoolMode};

/// A pooler with two connections to the server of that database: what a session leaves on one is missed on the other.
fn each_pooler(test: &str, server_url: &str) -> Vec<(PgBouncer, PoolMode)> {
    let programs = PgBouncer::programs(test);
    let modes = programs.iter().flat_map(|program| PoolMode::ALL.map(|mode| (program, mode)));
    // Each client of session mode keeps a connection of the server.
    let size = |mode| if mode == PoolMode::Session { 8 } else { 2 };
    modes
        .map(|(program, mode)| (PgBouncer::start(program, server_url, mode, size(mode), &[]), mode))
        .collect()
}

fn pooled(pooler: &PgBouncer, server_url: &str, parameters: &str) -> Db {
    let url = format!("{}?{parameters}", pooler.url_like(server_url));
    Db::connect_lazy(Config::builder().url(&url).max_connections(4).build().unwrap()).unwrap()
}

/// The prepared statements on the connections that the pooler has to the server.
async fn prepared(db: &Db) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..4 {
        let session = db.connection().await.unwrap();
        let rows = session
            .query::<orm::DriverRow>("SELECT statement FROM pg_prepared_statements", &[])
            .await
            .unwrap();
        found.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    found
}

async fn every_feature(db: &Db) {
    for person in [full(), empty()] {
        assert_eq!(insert(person.clone()).returning_all().one(db).await.unwrap(), person);
    }
    let pet = |id| Pet::insert().id(id).mood(Mood::Sad).person_id(1);
    orm::Insert::values([pet(1), pet(2)]).execute(db).await.unwrap();
    let with_pets = Person::query().with(Person::pets).order_by(Person::id.asc());
    let with_pets = with_pets.all(db).await.unwrap();
    assert_eq!(with_pets[0].address, full().address);
    assert_eq!(with_pets[0].pets.len(), 2);
    let pets = Pet::query().with(Pet::person).order_by(Pet::id.asc()).all(db).await.unwrap();
    assert_eq!(pets[1].person, full());
    let found = Person::query()
        .filter(Person::mood.is_in([Mood::Happy, Mood::Sad]))
        .filter(Person::moods.eq(full().moods))
        .filter(Person::email.eq(full().email))
        .filter(Person::address.eq(full().address))
        .filter(Person::addresses.eq(full().addresses));
    assert_eq!(found.one(db).await.unwrap(), full());
    assert_eq!(Person::query().filter(Person::mood.eq(Mood::Ok)).count(db).await.unwrap(), 1);
    let upsert = insert(full()).on_conflict(Person::id).do_update(Person::mood.set(Mood::Sad));
    assert_eq!(upsert.returning_all().one(db).await.unwrap().mood, Mood::Sad);
    let options = TransactionOptions::new().isolation(Isolation::Serializable);
    let work = async |tx: &mut orm::Transaction<'_>| {
        let update = Person::update().set(Person::moods.set(vec![Mood::Ok]));
        update.filter(Person::id.eq(1)).execute(tx).await?;
        let inner = tx.begin().await?;
        Person::delete().all_rows().execute(&inner).await.unwrap_err();
        inner.rollback().await?;
        assert_eq!(Person::query().count(tx).await?, 2);
        Ok(())
    };
    let done: orm::Result<()> = db.transaction_with(options, work).await;
    done.unwrap();
    let session = db.connection().await.unwrap();
    let email = Email("ada@example.com".to_owned());
    let sql =
        "SELECT id FROM person WHERE email = $1 AND id = $2 AND mood = $3 AND maybe_email = $4";
    let none: Option<String> = None;
    let rows =
        session.query::<orm::DriverRow>(sql, &[&email, &1_i64, &Mood::Sad, &"a@b"]).await.unwrap();
    assert_eq!(rows[0].get::<_, i64>(0), 1);
    let sql = "SELECT mood, $1::text FROM person WHERE id = 1";
    let rows = session.query::<orm::DriverRow>(sql, &[&none]).await.unwrap();
    assert_eq!(rows[0].get::<_, Mood>(0), Mood::Sad);
    assert_eq!(rows[0].get::<_, Option<String>>(1), None);
    drop(session);
    Pet::delete().filter(Pet::mood.eq(Mood::Sad)).execute(db).await.unwrap();
}

#[tokio::test]
async fn every_feature_works_through_a_pooler_and_leaves_no_prepared_statement() {
    let (server, _) = database().await;
    for (pooler, mode) in each_pooler("every feature", server.url()) {
        server.execute("TRUNCATE person CASCADE").await;
        let db = pooled(&pooler, server.url(), "pgbouncer=true");
        every_feature(&db).await;
        // Four clients share two connections.
        let reading = || Person::query().order_by(Person::id.asc()).all(&db);
        for _ in 0..5 {
            let (a, b, c, d) = tokio::join!(reading(), reading(), reading(), reading());
            for people in [a, b, c, d] {
                assert_eq!(people.unwrap().len(), 2, "{:?} {mode:?}", pooler.version());
            }
        }
        assert_eq!(prepared(&db).await, Vec::<String>::new(), "{:?} {mode:?}", pooler.version());
    }
}

#[tokio::test]
async fn a_pooler_that_loses_prepared_statements_has_an_error_that_names_the_setting() {
    let (server, _) = database().await;
    for program in PgBouncer::programs("prepared statements that are lost") {
        let settings: &[(&str, &str)] =
            if program.ends_with("pgbouncer") { &[] } else { &[("max_prepared_statements", "0")] };
        let pooler = PgBouncer::start(&program, server.url(), PoolMode::Transaction, 2, settings);
        let db = pooled(&pooler, server.url(), "");
        Person::query().all(&db).await.unwrap();
        let mut hints = Vec::new();
        let mut clients = [db.connection().await.unwrap(), db.connection().await.unwrap()];
        for _ in 0..6 {
            // Who begins first gets the connection that was used last: each has the other's after this.
            clients.reverse();
            let [one, other] = &mut clients;
            for tx in [one.begin().await.unwrap(), other.begin().await.unwrap()] {
                if let Err(error) = Person::query().all(&tx).await {
                    hints.push(format!("{error}: {:?}", error.hint()));
                }
                let _undone = tx.rollback().await;
            }
        }
        let is_named = |hint: &String| hint.contains("pgbouncer=true");
        assert!(hints.iter().any(is_named), "{:?}: {hints:?}", pooler.version());
    }
}

#[tokio::test]
async fn a_startup_parameter_that_a_pooler_refuses_has_an_error_that_names_its_setting() {
    let (server, _) = database().await;
    for (pooler, _) in each_pooler("options in the URL", server.url()) {
        let options = "pgbouncer=true&options=-c%20work_mem%3D1MB";
        let Err(error) = pooled(&pooler, server.url(), options).connection().await else {
            continue;
        };
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("ignore_startup_parameters"), "{error}: {hint}");
    }
}

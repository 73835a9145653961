//! A migration drops a type and creates it again while the program runs.

use crate::custom::{Mood, Person, Pet, database, full, insert};
use orm::prelude::*;
use orm::{Config, ErrorKind};
use orm_test_support::TestDatabase;

/// As a migration changes the labels of an enum: it creates another one and converts the columns.
const RECREATE_MOOD: &str = "\
    ALTER TABLE person ALTER mood DROP DEFAULT; \
    ALTER TYPE \"Address\" RENAME TO \"OldAddress\"; ALTER TYPE mood RENAME TO old_mood; \
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy', 'bored'); \
    CREATE TYPE \"Address\" AS (street text, postal_code integer, mood mood, contact email, numbers bigint[]); \
    ALTER TABLE pet ALTER mood TYPE mood USING mood::text::mood; \
    ALTER TABLE person ALTER mood TYPE mood USING mood::text::mood, \
        ALTER maybe_mood TYPE mood USING maybe_mood::text::mood, \
        ALTER moods TYPE mood[] USING moods::text[]::mood[], \
        ALTER maybe_moods TYPE mood[] USING maybe_moods::text[]::mood[], \
        ALTER address TYPE \"Address\" USING address::text::\"Address\", \
        ALTER maybe_address TYPE \"Address\" USING maybe_address::text::\"Address\", \
        ALTER addresses TYPE \"Address\"[] USING addresses::text[]::\"Address\"[]; \
    DROP TYPE \"OldAddress\"; DROP TYPE old_mood; ALTER TABLE person ALTER mood SET DEFAULT 'ok'";

const RECREATE_EMAIL: &str = "\
    ALTER TYPE \"Address\" DROP ATTRIBUTE contact, DROP ATTRIBUTE numbers; \
    ALTER DOMAIN email RENAME TO old_email; CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%'); \
    ALTER TABLE person ALTER email TYPE email, ALTER maybe_email TYPE email, \
        ALTER emails TYPE email[] USING emails::text[]::email[]; \
    ALTER TYPE \"Address\" ADD ATTRIBUTE contact email, ADD ATTRIBUTE numbers bigint[]; DROP DOMAIN old_email; \
    UPDATE person SET address.numbers = '{}', maybe_address.numbers = '{}', addresses = '{}'";

/// What a program runs again and again.
async fn use_types(db: &Db, id: i64) -> orm::Result<()> {
    insert(Person { id, ..full() }).execute(db).await?;
    Pet::insert().id(id).mood(Mood::Sad).person_id(id).execute(db).await?;
    Pet::query().filter(Pet::mood.eq(Mood::Sad)).all(db).await?;
    Person::query().filter(Person::mood.is_in([Mood::Happy])).count(db).await?;
    Person::query().filter(Person::moods.eq(vec![Mood::Ok])).count(db).await?;
    Person::query().filter(Person::emails.eq(full().emails)).count(db).await?;
    Person::query().filter(Person::address.eq(full().address)).count(db).await?;
    Person::query().select((Person::mood, Person::moods)).all(db).await?;
    Person::update().set(Person::mood.set(Mood::Happy)).all_rows().execute(db).await?;
    Person::query().with(Person::pets).all(db).await?;
    Ok(())
}

/// A database whose program has run everything, over one connection, and then the migration.
async fn migrated(migration: &str, parameters: &str) -> (TestDatabase, Db) {
    let (database, _) = database().await;
    let mark = if database.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{mark}{parameters}", database.url());
    let db =
        Db::connect_lazy(Config::builder().url(&url).max_connections(1).build().unwrap()).unwrap();
    use_types(&db, 1).await.unwrap();
    use_types(&db, 2).await.unwrap();
    database.execute(migration).await;
    (database, db)
}

#[tokio::test]
async fn every_statement_works_again_after_a_type_was_recreated() {
    for parameters in ["", "pgbouncer=true"] {
        for migration in [RECREATE_MOOD, RECREATE_EMAIL] {
            let (_database, db) = migrated(migration, parameters).await;
            for id in 3..6 {
                if let Err(error) = use_types(&db, id).await {
                    panic!("{id} {parameters} {migration}: {error}\n{:?}", error.sql());
                }
            }
        }
    }
}

#[tokio::test]
async fn in_a_transaction_a_recreated_type_is_an_error_that_says_to_run_it_again() {
    let (_database, db) = migrated(RECREATE_MOOD, "").await;
    let work = async |id: i64| {
        db.transaction(async |tx| {
            Pet::insert().id(id).mood(Mood::Sad).person_id(1).execute(&tx).await.map(drop)
        })
        .await
    };
    let error = work(10).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StatementInvalidated, "{error}");
    assert!(error.is_retryable());
    assert!(error.hint().unwrap().contains("run the whole transaction again"), "{error}");
    work(10).await.unwrap();
}

#[tokio::test]
async fn an_attribute_that_another_of_its_type_replaces_is_an_error_and_not_its_value() {
    for parameters in ["", "pgbouncer=true"] {
        let replace = "ALTER TYPE \"Address\" DROP ATTRIBUTE numbers; \
                       ALTER TYPE \"Address\" ADD ATTRIBUTE amounts bigint[]; \
                       UPDATE person SET address.amounts = '{7}', maybe_address.amounts = '{7}'";
        let (database, db) = migrated("SELECT 1", parameters).await;
        // The connection and its statements stay as they are.
        database.execute(replace).await;
        let read = Person::query().select(Person::address).all(&db).await.unwrap_err();
        assert_eq!(read.kind(), ErrorKind::Conversion, "{read}");
        assert!(read.to_string().contains("amounts"), "{read}");
        let again = Person::query().select(Person::address).all(&db).await.unwrap_err();
        assert!(again.to_string().contains("amounts"), "{again}");
        let nested = Pet::query().with(Pet::person).all(&db).await.unwrap_err();
        assert!(nested.to_string().contains("amounts"), "{nested}");
        let written = insert(Person { id: 9, ..full() }).execute(&db).await.unwrap_err();
        assert!(written.to_string().contains("amounts"), "{written}");
    }
}

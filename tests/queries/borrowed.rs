//! Rows that are read one by one without copying their texts.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;
use orm::{Error, ErrorKind};

#[tokio::test]
async fn texts_are_borrowed_and_the_rest_is_itself() {
    let (_database, db) = people().await;
    let query = User::query().order_by(User::id.asc()).select((
        User::name,
        User::image,
        User::email_verified,
        User::created_at,
    ));
    let mut seen = Vec::new();
    let read = |(name, image, verified, created): (&str, Option<&str>, bool, DateTime<Utc>)| {
        seen.push(format!("{} {image:?} {verified} {}", &name[..3], created <= Utc::now()));
        Ok(())
    };
    query.for_each(&db, read).await.unwrap();
    assert_eq!(seen, ["Ada None false true", "Ala None false true", "Gra None false true"]);
}

#[tokio::test]
async fn one_column_is_borrowed_too() {
    let (_database, db) = people().await;
    let mut letters = 0;
    let tokens = Session::query().select(Session::token);
    let count = |token: &str| {
        letters += token.len();
        Ok(())
    };
    tokens.for_each(&db, count).await.unwrap();
    assert_eq!(letters, 3 * "token of s1".len());
    let mut gone = Vec::new();
    let deleted = Session::delete().filter(Session::user_id.eq("ada")).returning(Session::id);
    let keep = |id: &str| {
        gone.push(id.to_owned());
        Ok(())
    };
    deleted.for_each(&db, keep).await.unwrap();
    gone.sort();
    assert_eq!(gone, ["s1", "s2"]);
}

#[tokio::test]
async fn an_error_of_the_reader_is_the_end() {
    let (_database, db) = people().await;
    let mut count = 0;
    let error = User::query()
        .select(User::id)
        .for_each(&db, |_| {
            count += 1;
            Err(Error::new(ErrorKind::Conversion, "enough"))
        })
        .await
        .unwrap_err();
    assert_eq!((error.to_string().as_str(), count), ("enough", 1));
    // The pool goes on.
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn a_column_of_another_type_is_an_error_and_no_panic() {
    let (database, db) = people().await;
    database.execute("ALTER TABLE \"user\" ALTER COLUMN image TYPE int USING 7").await;
    let error = User::query().select(User::image).for_each(&db, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert!(error.to_string().contains("\"image\""), "{error}");
}

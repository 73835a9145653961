//! Row locks, seen from a second connection.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;
use orm::{ErrorKind, for_key_share, for_no_key_update, for_share, for_update};

#[tokio::test]
async fn a_locked_row_is_skipped_or_refused_on_another_connection() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    let locked = User::query().find("ada").for_update();
    assert!(locked.to_sql().text.ends_with(r#"WHERE "user"."id" = $1 FOR UPDATE"#));
    locked.one(&tx).await.unwrap();

    let other = db.begin().await.unwrap();
    let free =
        User::query().order_by(User::id.asc()).select(User::id).lock(for_update().skip_locked());
    assert!(free.to_sql().text.ends_with(r#"ORDER BY "user"."id" FOR UPDATE SKIP LOCKED"#));
    assert_eq!(free.all(&other).await.unwrap(), ["alan", "grace"]);
    other.rollback().await.unwrap();

    let other = db.begin().await.unwrap();
    let refused = User::query().find("ada").lock(for_share().nowait());
    assert!(refused.to_sql().text.ends_with(" FOR SHARE NOWAIT"));
    assert_eq!(refused.one(&other).await.unwrap_err().kind(), ErrorKind::LockTimeout);
    other.rollback().await.unwrap();
    tx.commit().await.unwrap();
    let other = db.begin().await.unwrap();
    User::query().find("ada").lock(for_share().nowait()).one(&other).await.unwrap();
}

#[tokio::test]
async fn weak_locks_go_together_and_strong_ones_do_not() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    let key_share = User::query().find("ada").for_key_share();
    assert!(key_share.to_sql().text.ends_with(" FOR KEY SHARE"));
    key_share.one(&tx).await.unwrap();
    let no_key = User::query().find("ada").lock(for_no_key_update().nowait());
    assert!(no_key.to_sql().text.ends_with(" FOR NO KEY UPDATE NOWAIT"));
    let other = db.begin().await.unwrap();
    no_key.one(&other).await.unwrap();
    let third = db.begin().await.unwrap();
    User::query().find("ada").lock(for_key_share().nowait()).one(&third).await.unwrap();
    let shared = User::query().find("ada").lock(for_share().nowait()).one(&third).await;
    assert_eq!(shared.unwrap_err().kind(), ErrorKind::LockTimeout);
}

#[tokio::test]
async fn only_the_rows_of_named_sources_are_locked() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .order_by((User::id.asc(), Session::id.asc()))
        .select((User::id, Session::id))
        .lock(for_update().of(User));
    assert!(query.to_sql().text.ends_with(r#" FOR UPDATE OF "user""#));
    assert_eq!(query.all(&tx).await.unwrap().len(), 4);
    let other = db.begin().await.unwrap();
    let sessions = Session::query().for_update().all(&other).await.unwrap();
    assert_eq!(sessions.len(), 3);
    let users = User::query().select(User::id).lock(for_update().skip_locked());
    assert_eq!(users.all(&other).await.unwrap(), [""; 0]);
    let both = Session::query()
        .inner_join(User, Session::user)
        .select(Session::id)
        .lock(for_share().of(Session).of(User).skip_locked())
        .lock(for_key_share().of(User).skip_locked());
    assert!(both.to_sql().text.ends_with(
        r#" FOR SHARE OF "session", "user" SKIP LOCKED FOR KEY SHARE OF "user" SKIP LOCKED"#
    ));
    both.all(&other).await.unwrap();
}

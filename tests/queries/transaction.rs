//! Transactions: every query runs on the pool, a connection or a transaction alike.

use crate::fixture::people;
use auth::User;
use orm::prelude::*;

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let (_database, db) = people().await;
    {
        let tx = db.begin().await.unwrap();
        User::delete().all_rows().execute(&tx).await.unwrap();
        assert_eq!(User::query().count(&tx).await.unwrap(), 0);
    }
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn a_transaction_that_is_committed_stays() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    User::delete().filter(User::id.eq("alan")).execute(&tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(User::query().count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn a_closure_that_fails_is_rolled_back() {
    let (_database, db) = people().await;
    let result: orm::Result<()> = db
        .transaction(async |tx| {
            User::delete().filter(User::id.eq("ada")).execute(tx).await?;
            User::query().filter(User::id.eq("nobody")).one(tx).await?;
            Ok(())
        })
        .await;
    assert!(result.is_err());
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn one_connection_runs_every_query() {
    let (_database, db) = people().await;
    let connection = db.connection().await.unwrap();
    assert_eq!(User::query().count(&connection).await.unwrap(), 3);
    let users = auth::queries::active_sessions(&connection, crate::fixture::noon()).await.unwrap();
    assert_eq!(users.len(), 2);
}

async fn work(db: Db, id: String) -> orm::Result<String> {
    User::insert().id(&id).name(&id).email(&id).execute(&db).await?;
    User::update().set(User::name.set("done")).filter(User::id.eq(&id)).execute(&db).await?;
    let user = User::query().filter(User::id.eq(&id)).with(User::sessions).one(&db).await?;
    db.transaction(async |tx| User::query().count(tx).await).await?;
    Ok(user.name.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_run_in_tasks_on_any_thread() {
    let (_database, db) = people().await;
    let tasks = (0..8).map(|number| tokio::spawn(work(db.clone(), format!("task {number}"))));
    for task in tasks.collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap().unwrap(), "done");
    }
    assert_eq!(User::query().count(&db).await.unwrap(), 11);
}

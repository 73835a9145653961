//! Right, full and cross joins, joins along relations, self joins, sixteen sources, samples.

use crate::fixture::people;
use auth::{Account, Member, Organization, Session, Team, User};
use orm::prelude::*;

#[tokio::test]
async fn a_right_join_keeps_the_rows_of_its_source() {
    let (_database, db) = people().await;
    let query =
        Account::query().right_join(User, Account::user_id.eq(User::id)).order_by(User::id.asc());
    assert!(
        query
            .to_sql()
            .text
            .contains(r#"FROM "account" RIGHT JOIN "user" ON "account"."user_id" = "user"."id""#)
    );
    let rows: Vec<(Option<Account>, User)> = query.clone().all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(a, u)| (a.is_some(), u.id.as_str())).collect();
    assert_eq!(found, [(true, "ada"), (false, "alan"), (false, "grace")]);
    let rows: Vec<(Option<String>, String)> =
        query.select((Account::id, User::id)).all(&db).await.unwrap();
    assert_eq!(rows[1], (None, "alan".to_owned()));
}

#[tokio::test]
async fn a_full_join_keeps_the_rows_of_both() {
    let (_database, db) = people().await;
    let query = Account::query()
        .full_join(Session, Account::id.eq(Session::id))
        .order_by((Account::id.asc(), Session::id.asc()));
    let rows: Vec<(Option<Account>, Option<Session>)> = query.all(&db).await.unwrap();
    assert_eq!(rows.len(), 4);
    assert!(rows[0].0.is_some() && rows[0].1.is_none());
    assert!(rows[3].0.is_none() && rows[3].1.is_some());
}

#[tokio::test]
async fn a_cross_join_combines_all_rows() {
    let (_database, db) = people().await;
    let query = User::query().cross_join(Organization);
    assert!(query.to_sql().text.ends_with(r#"FROM "user" CROSS JOIN "organization""#));
    let rows: Vec<(User, Organization)> = query.all(&db).await.unwrap();
    assert_eq!(rows.len(), 6);
}

#[tokio::test]
async fn relations_lead_from_any_source_in_any_join() {
    let (_database, db) = people().await;
    let rows: Vec<(Member, User, Organization, Option<Session>)> = Member::query()
        .join(Member::user)
        .inner_join(Organization, Member::organization)
        .left_join(Session, User::sessions)
        .order_by((User::id.asc(), Session::id.asc()))
        .all(&db)
        .await
        .unwrap();
    let found: Vec<_> =
        rows.iter().map(|row| (row.1.id.as_str(), row.3.as_ref().unwrap().id.as_str())).collect();
    assert_eq!(found, [("ada", "s1"), ("ada", "s2"), ("grace", "s3")]);
    let rows: Vec<(Option<Session>, User)> =
        Session::query().right_join(User, Session::user).all(&db).await.unwrap();
    assert_eq!(rows.len(), 4);
    let other = orm::alias!(User, "owner");
    let query = Session::query().inner_join(other, Session::user).filter(other.name.like("G%"));
    assert!(
        query
            .to_sql()
            .text
            .contains(r#"INNER JOIN "user" AS "owner" ON "owner"."id" = "session"."user_id""#)
    );
    assert_eq!(query.count(&db).await.unwrap(), 1);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "joins_employee")]
struct Employee {
    #[column(primary_key)]
    id: i32,
    name: String,
    #[column(references = Employee::id, relation = manager)]
    manager_id: Option<i32>,
}

#[tokio::test]
async fn a_table_is_joined_with_itself() {
    let database = orm_test_support::database().await;
    database.create(&[Employee::TABLE]).await;
    let db = database.db();
    for (id, name, manager) in [(1, "Ada", None), (2, "Grace", Some(1)), (3, "Alan", Some(2))] {
        Employee::insert().id(id).name(name).manager_id(manager).execute(&db).await.unwrap();
    }
    let (manager, head) = (orm::alias!(Employee, "manager"), orm::alias!(Employee, "head"));
    let query = Employee::query()
        .left_join(manager, Employee::manager)
        .left_join(head, head.id.eq(manager.manager_id))
        .order_by(Employee::id.asc())
        .select((Employee::name, manager.name, head.name));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "joins_employee"."name", "manager"."name", "head"."name" FROM "joins_employee" "#,
            r#"LEFT JOIN "joins_employee" AS "manager" ON "manager"."id" = "joins_employee"."manager_id" "#,
            r#"LEFT JOIN "joins_employee" AS "head" ON "head"."id" = "manager"."manager_id" "#,
            r#"ORDER BY "joins_employee"."id""#
        )
    );
    let rows: Vec<(String, Option<String>, Option<String>)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("Ada".to_owned(), None, None));
    assert_eq!(rows[2], ("Alan".to_owned(), Some("Grace".to_owned()), Some("Ada".to_owned())));
}

#[tokio::test]
async fn sixteen_sources_are_joined() {
    let (_database, db) = people().await;
    macro_rules! joined {
        ($query:expr, $($name:ident $text:literal)+) => {{
            $(let $name = orm::alias!(Team, $text);)+
            ($query$(.inner_join($name, $name.id.eq(Team::id)))+, ($($name,)+))
        }};
    }
    let (query, others) = joined!(
        Team::query(),
        a "a" b "b" c "c" d "d" e "e" f "f" g "g" h "h" i "i" j "j" k "k" l "l" m "m" n "n" o "o"
    );
    let last = others.14;
    let query = query.filter(last.name.eq("Research")).select((Team::id, last.id));
    assert_eq!(query.all(&db).await.unwrap(), [("t1".into(), "t1".into())]);
}

#[tokio::test]
async fn a_sample_of_a_table_is_read() {
    let (_database, db) = people().await;
    let query = User::query().sample_rows(100.0);
    assert!(query.to_sql().text.ends_with(r#"FROM "user" TABLESAMPLE BERNOULLI ($1)"#));
    assert_eq!(query.count(&db).await.unwrap(), 3);
    assert_eq!(User::query().sample_pages(0.0).all(&db).await.unwrap(), []);
}

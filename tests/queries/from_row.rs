//! Structs of the user's own for a select list.

use crate::fixture::people;
use auth::{Member, Session, Team, User};
use orm::func;
use orm::prelude::*;

#[derive(FromRow, Debug, PartialEq)]
pub(crate) struct Membership {
    pub(crate) user_id: String,
    #[column(name = "organizationCount")]
    pub(crate) organizations: i64,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = User)]
struct UserName {
    id: String,
    name: String,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Session)]
struct Token {
    id: String,
    token: String,
}

#[derive(FromRow, Debug, PartialEq)]
struct Latest {
    user_id: String,
    session: Option<String>,
}

#[derive(FromRow, Debug, PartialEq)]
struct UserAndSession {
    #[column(nested)]
    user: User,
    #[column(nested)]
    session: Option<Session>,
    #[column(nested)]
    token: Option<Token>,
    is_new: Option<bool>,
    #[column(nested)]
    name: UserName,
}

#[tokio::test]
async fn a_select_list_fills_a_struct_by_name() {
    let (_database, db) = people().await;
    let query = User::query()
        .inner_join(Member, Member::user_id.eq(User::id))
        .group_by(User::id)
        .order_by(User::id.desc())
        // The fields are written in any order.
        .select(MembershipSelect { organizations: func::count(Member::id), user_id: User::id });
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "user"."id" AS "user_id", count("member"."id") AS "organizationCount" FROM "user" "#,
            r#"INNER JOIN "member" ON "member"."user_id" = "user"."id" GROUP BY "user"."id" ORDER BY "user"."id" DESC"#
        )
    );
    let rows: Vec<Membership> = query.all(&db).await.unwrap();
    let of = |user: &str| Membership { user_id: user.to_owned(), organizations: 1 };
    assert_eq!(rows, [of("grace"), of("ada")]);
}

#[tokio::test]
async fn an_option_takes_what_may_be_null_and_what_may_not() {
    let (_database, db) = people().await;
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id).and(Session::id.ne("s2")))
        .order_by(User::id.asc());
    let rows = query.clone().select(LatestSelect { user_id: User::id, session: Session::id });
    let rows = rows.all(&db).await.unwrap();
    assert_eq!(rows[1], Latest { user_id: "alan".to_owned(), session: None });
    let rows = query.select(LatestSelect { user_id: User::id, session: User::id }).all(&db).await;
    assert_eq!(rows.unwrap()[1].session.as_deref(), Some("alan"));
}

#[tokio::test]
async fn columns_of_a_table_are_picked_by_name() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::id.eq("ada")).select_as::<UserName>();
    assert_eq!(
        query.to_sql(),
        r#"SELECT "user"."id", "user"."name" FROM "user" WHERE "user"."id" = $1"#
    );
    let ada = UserName { id: "ada".to_owned(), name: "Ada Lovelace".to_owned() };
    assert_eq!(query.one(&db).await.unwrap(), ada);
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.ne("ada"))
        .order_by(User::id.asc())
        .select((orm::pick::<UserName>(), orm::pick::<Token>()));
    let rows: Vec<(UserName, Option<Token>)> = query.all(&db).await.unwrap();
    assert_eq!((rows[0].0.id.as_str(), &rows[0].1), ("alan", &None));
    assert_eq!(rows[1].1.as_ref().unwrap().token, "token of s3");
}

#[tokio::test]
async fn tables_and_structs_are_nested() {
    let (_database, db) = people().await;
    let rows = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.ne("ada"))
        .order_by(User::id.asc())
        .select(UserAndSessionSelect {
            user: User,
            session: Session,
            token: orm::pick::<Token>(),
            is_new: Session::user_agent.is_null().and(Session::id.eq("s3")),
            name: UserNameSelect { id: User::id, name: func::lower(User::name) },
        })
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].user.id.as_str(), &rows[0].session, &rows[0].token),
        ("alan", &None, &None)
    );
    assert_eq!((rows[0].is_new, rows[0].name.name.as_str()), (None, "alan turing"));
    assert_eq!(rows[1].session.as_ref().unwrap().id, "s3");
    assert_eq!(rows[1].token.as_ref().unwrap().id, "s3");
    assert_eq!((rows[1].is_new, rows[1].name.id.as_str()), (Some(true), "grace"));
}

#[tokio::test]
async fn a_struct_is_returned_by_a_statement() {
    let (_database, db) = people().await;
    let renamed = Team::update()
        .set(Team::name.set("Theory"))
        .filter(Team::id.eq("t1"))
        .returning(LatestSelect { user_id: Team::id, session: Team::name });
    let row: Latest = renamed.one(&db).await.unwrap();
    assert_eq!(row, Latest { user_id: "t1".to_owned(), session: Some("Theory".to_owned()) });
}

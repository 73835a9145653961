//! What expressions ask of relations: whether there are related rows, how many, a value of them; in each clause and at each depth.

use crate::fixture::{hours, noon, people};
use auth::{Account, Member, Organization, Session, Team, User, UserWith};
use orm::func;
use orm::prelude::*;

async fn names(db: &Db, condition: impl Into<orm::Condition<User>>) -> Vec<String> {
    User::query()
        .filter(condition.into())
        .order_by(User::id.asc())
        .select(User::id)
        .all(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn rows_are_filtered_by_their_relations() {
    let (_database, db) = people().await;
    let users = |condition: orm::Condition<User>| names(&db, condition);
    assert_eq!(users(User::sessions.exists().into()).await, ["ada", "grace"]);
    assert_eq!(users(User::sessions.not_exists().into()).await, ["alan"]);
    let ended = Session::expires_at.lt(noon());
    assert_eq!(users(User::sessions.any(ended.clone()).into()).await, ["ada"]);
    assert_eq!(users(User::sessions.none(ended.clone()).into()).await, ["alan", "grace"]);
    // All of none hold.
    assert_eq!(users(User::sessions.all(!ended.clone()).into()).await, ["alan", "grace"]);
    assert_eq!(users(User::sessions.count().gt(1).into()).await, ["ada"]);
    assert_eq!(
        users(User::sessions.filter(ended.clone()).count().eq(0).into()).await,
        ["alan", "grace"]
    );
    assert_eq!(users((!User::sessions.any(ended)).into()).await, ["alan", "grace"]);
}

#[tokio::test]
async fn a_condition_that_is_null_does_not_hold_for_all() {
    let (_database, db) = people().await;
    // No session has an agent: the comparison is NULL.
    let all = User::sessions.all(Session::user_agent.eq("curl"));
    assert_eq!(names(&db, all).await, ["alan"]);
    // A condition that is not there holds.
    let all = User::sessions.all(None::<orm::Condition<Session>>);
    assert_eq!(names(&db, all).await, ["ada", "alan", "grace"]);
    let any = User::sessions.any(None::<orm::Condition<Session>>);
    assert_eq!(names(&db, any).await, ["ada", "grace"]);
    // Lists that are empty decide it.
    let none = || orm::any(Vec::<orm::Condition<Session>>::new());
    assert_eq!(names(&db, User::sessions.any(none())).await, Vec::<String>::new());
    assert_eq!(names(&db, User::sessions.all(none())).await, ["alan"]);
}

#[tokio::test]
async fn relations_of_relations_are_asked() {
    let (_database, db) = people().await;
    let organizations = Organization::query()
        .filter(
            Organization::members.any(Member::user.any(User::sessions.any(Session::id.eq("s3")))),
        )
        .select(Organization::id);
    assert_eq!(organizations.all(&db).await.unwrap(), ["acme"]);
    let none = Organization::query()
        .filter(Organization::members.any(Member::user.any(User::sessions.count().gt(2))))
        .select(Organization::id);
    assert_eq!(none.all(&db).await.unwrap(), Vec::<String>::new());
    // A relation that comes back to its first table.
    let sessions = Session::query()
        .filter(Session::user.any(User::sessions.count().eq(2)))
        .order_by(Session::id.asc())
        .select((Session::id, Session::user.value(User::sessions.count())));
    let sessions = sessions.all(&db).await.unwrap();
    assert_eq!(sessions, [("s1".to_owned(), Some(2)), ("s2".to_owned(), Some(2))]);
    // Each is computed for the rows of its own level.
    let query = User::query()
        .filter(User::sessions.any(Session::user.any(User::sessions.any(Session::id.eq("s2")))))
        .select((User::id, User::sessions.filter(Session::user.any(User::id.eq("ada"))).count()));
    assert_eq!(query.all(&db).await.unwrap(), [("ada".to_owned(), 2)]);
}

#[tokio::test]
async fn values_of_relations_are_selected_and_sorted_by() {
    let (_database, db) = people().await;
    let newest = User::sessions.aggregate(func::max(Session::expires_at));
    let query = User::query()
        .order_by((User::sessions.count().desc(), newest.clone().desc()))
        .select((User::id, User::sessions.count(), newest, User::accounts.exists()));
    let rows: Vec<(String, i64, Option<DateTime<Utc>>, bool)> = query.all(&db).await.unwrap();
    assert_eq!(
        rows,
        [
            ("ada".to_owned(), 2, Some(hours(1)), true),
            ("grace".to_owned(), 1, Some(hours(2)), false),
            ("alan".to_owned(), 0, None, false),
        ]
    );
    // By a column of the one related row.
    let query = Session::query()
        .order_by((Session::user.value(User::name).desc(), Session::id.asc()))
        .select((Session::id, Session::user.value(User::name)));
    let rows: Vec<(String, Option<String>)> = query.all(&db).await.unwrap();
    let grace = ("s3".to_owned(), Some("Grace Hopper".to_owned()));
    assert_eq!(rows[0], grace);
    assert_eq!((rows[1].0.as_str(), rows[2].0.as_str()), ("s1", "s2"));
}

#[tokio::test]
async fn a_value_is_of_the_rows_that_the_clauses_leave() {
    let (_database, db) = people().await;
    let ada = User::query().filter(User::id.eq("ada"));
    let sorted = || User::sessions.order_by(Session::expires_at.asc());
    let list = (
        sorted().limit(1).count(),
        sorted().limit(3).count(),
        sorted().offset(1).count(),
        sorted().limit(1).aggregate(func::max(Session::id)),
        sorted().offset(1).aggregate(func::array_agg(Session::id)),
        sorted().offset(2).exists(),
        sorted().limit(0).exists(),
        sorted().limit(1).any(Session::id.eq("s1")),
        User::sessions.filter(Session::id.eq("s1")).count(),
        User::sessions.filter(Session::id.eq("s1")).aggregate(func::min(Session::expires_at)),
        User::sessions.filter(Session::id.eq("-")).aggregate(func::max(Session::id)),
        User::sessions.distinct().count(),
    );
    let row = ada.select(list).one(&db).await.unwrap();
    // "s2" ends first.
    assert_eq!((row.0, row.1, row.2), (1, 2, 1));
    assert_eq!((row.3.as_deref(), row.4), (Some("s2"), Some(vec!["s1".to_owned()])));
    assert_eq!((row.5, row.6), (false, false));
    // The condition is one of all rows, wherever it is written: as in a query.
    assert!(row.7);
    assert_eq!((row.8, row.9, row.10, row.11), (1, Some(hours(1)), None, 2));
}

#[tokio::test]
async fn the_one_row_of_a_relation_may_be_missing() {
    let (_database, db) = people().await;
    let list = (
        Session::id,
        Session::user.filter(User::name.like("Ada%")).value(User::email),
        Session::user.filter(User::name.like("Ada%")).exists(),
        Session::user.value(User::image),
        Session::user.count(),
    );
    let rows: Vec<(String, Option<String>, bool, Option<String>, i64)> =
        Session::query().order_by(Session::id.asc()).select(list).all(&db).await.unwrap();
    assert_eq!((rows[0].1.as_deref(), rows[0].2), (Some("ada@example.com"), true));
    assert_eq!((rows[2].1.as_deref(), rows[2].2), (None, false));
    assert_eq!((rows[2].3.as_deref(), rows[2].4), (None, 1));
}

#[tokio::test]
async fn relations_are_asked_beside_joins_and_of_rows_that_may_be_missing() {
    let (_database, db) = people().await;
    let query = Member::query()
        .inner_join(User, Member::user)
        .inner_join(Organization, Member::organization)
        .filter(User::sessions.count().gt(1))
        .order_by(Organization::teams.count().desc())
        .select((User::id, Organization::teams.count(), User.with(User::accounts)));
    let rows = query.all(&db).await.unwrap();
    assert_eq!((rows[0].0.as_str(), rows[0].1, rows[0].2.accounts.len()), ("ada", 2, 1));
    // Where the row is missing there are no related rows.
    let query = User::query()
        .left_join(Member, Member::user_id.eq(User::id))
        .order_by(User::id.asc())
        .select((
            User::id,
            Member::organization.value(Organization::name),
            Member::organization.exists(),
            Member::organization.count(),
            Member.with(Member::organization),
        ));
    let rows = query.all(&db).await.unwrap();
    assert_eq!((rows[0].1.as_deref(), rows[0].2, rows[0].3), (Some("Acme"), true, 1));
    assert_eq!(rows[0].4.as_ref().unwrap().organization.name, "Acme");
    assert_eq!((rows[1].1.as_deref(), rows[1].2, rows[1].3), (None, false, 0));
    assert!(rows[1].4.is_none());
}

#[tokio::test]
async fn values_are_of_grouped_queries_and_of_statements_that_change_rows() {
    let (_database, db) = people().await;
    let query = User::query()
        .group_by(User::id)
        .select((User::id, User::sessions.count(), func::count_star()))
        .order_by(User::id.asc());
    let rows: Vec<(String, i64, i64)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("ada".to_owned(), 2, 1));
    // In an update and what it gives back.
    let update = Team::update()
        .set(Team::member_count.set(7))
        .filter(Team::organization.any(Organization::slug.eq("acme")))
        .returning((
            Team::id,
            Team::organization.value(Organization::name),
            Team::team_members.count(),
        ));
    let mut rows: Vec<(String, Option<String>, i64)> = update.all(&db).await.unwrap();
    rows.sort();
    assert_eq!(rows[0], ("t1".to_owned(), Some("Acme".to_owned()), 0));
    let deleted = Account::delete().filter(Account::user.any(User::sessions.count().gt(1)));
    assert_eq!(deleted.execute(&db).await.unwrap(), 1);
    // A subquery by hand within a relation's condition.
    let member = orm::exists(Member::query().correlate(User).filter(Member::user_id.eq(User::id)));
    let query = Session::query().filter(Session::user.any(member)).select(func::count_star());
    assert_eq!(query.one(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn conditions_of_relations_are_one_type_as_others() {
    let (_database, db) = people().await;
    let mut conditions: Vec<orm::Condition<User>> = vec![User::sessions.exists().into()];
    conditions.push(User::accounts.any(Account::provider_id.eq("provider")).into());
    assert_eq!(names(&db, orm::all(conditions.clone())).await, ["ada"]);
    assert_eq!(names(&db, orm::any(conditions)).await, ["ada", "grace"]);
    let keys: Vec<orm::SortKey<User>> =
        vec![User::sessions.count().desc().into(), User::id.desc().into()];
    let sorted = User::query().order_by(keys).select(User::id).all(&db).await.unwrap();
    assert_eq!(sorted, ["ada", "grace", "alan"]);
}

#[tokio::test]
async fn the_order_of_with_does_not_matter() {
    let (_database, db) = people().await;
    type Both = UserWith<Vec<Session>, Vec<Account>>;
    let one: Vec<Both> =
        User::query().with(User::sessions).with(User::accounts).all(&db).await.unwrap();
    let other: Vec<Both> =
        User::query().with(User::accounts).with(User::sessions).all(&db).await.unwrap();
    let sorted = |mut users: Vec<Both>| {
        users.sort_by(|a, b| a.id.cmp(&b.id));
        users.iter_mut().for_each(|user| user.sessions.sort_by(|a, b| a.id.cmp(&b.id)));
        users
    };
    let (one, other) = (sorted(one), sorted(other));
    assert_eq!(one, other);
    assert_eq!((one[0].sessions.len(), one[0].accounts.len()), (2, 1));
    // The same within a list, and below a relation.
    let row = Member::query()
        .inner_join(User, Member::user)
        .filter(User::id.eq("ada"))
        .select((User.with(User::accounts).with(User::sessions), Member::role));
    let (ada, role): (Both, String) = row.one(&db).await.unwrap();
    assert_eq!((ada.sessions.len(), ada.accounts.len(), role.as_str()), (2, 1, "owner"));
    let members = Member::query()
        .with(Member::user.with(User::accounts).with(User::sessions))
        .filter(Member::id.eq("m1"));
    let member = members.one(&db).await.unwrap();
    let user: Both = member.user;
    // A row is taken apart by value.
    let UserWith { row, sessions, accounts, .. } = user;
    assert_eq!((row.id.as_str(), sessions.len(), accounts.len()), ("ada", 2, 1));
}

#[tokio::test]
async fn columns_and_values_are_chosen_of_related_rows() {
    let (_database, db) = people().await;
    let by_id = || User::sessions.order_by(Session::id.asc());
    // One column is a plain array, several are records.
    let query = User::query().filter(User::id.eq("ada")).select((
        by_id().select(Session::id),
        by_id().select((Session::id, Session::expires_at.gt(noon()))),
        by_id().limit(1).select((
            Session::id,
            Session::user.value(User::name),
            Session::user.count(),
        )),
        by_id().offset(1).select(Session::user_agent),
        User::accounts.select((Account::id, Account.with(Account::user))),
    ));
    let correlated = query.clone().loading(orm::Loading::Correlated);
    let sql = correlated.to_sql().text;
    assert!(sql.contains(r#"SELECT ARRAY(SELECT "session"."id" FROM "session""#), "{sql}");
    assert_eq!(correlated.all(&db).await.unwrap(), query.clone().all(&db).await.unwrap());
    let row = query.one(&db).await.unwrap();
    assert_eq!(row.0, ["s1", "s2"]);
    assert_eq!(row.1, [("s1".to_owned(), true), ("s2".to_owned(), false)]);
    assert_eq!(row.2, [("s1".to_owned(), Some("Ada Lovelace".to_owned()), 1)]);
    assert_eq!(row.3, [None]);
    assert_eq!((row.4[0].0.as_str(), row.4[0].1.user.id.as_str()), ("a1", "ada"));
    // Of one row: a tuple, and an `Option` of it after a filter.
    let query = Session::query()
        .order_by(Session::id.asc())
        .with(Session::user.select((User::name, User::sessions.count())));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[2].user, ("Grace Hopper".to_owned(), 1));
    let query = Session::query()
        .order_by(Session::id.asc())
        .with(Session::user.filter(User::id.eq("ada")).select((User::name,)));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0].user, Some(("Ada Lovelace".to_owned(),)));
    assert_eq!(rows[2].user, None);
}

#[tokio::test]
async fn equal_values_of_related_rows_are_given_once() {
    let (_database, db) = people().await;
    let roles = Organization::members.select(Member::organization_id);
    let query = Organization::query().filter(Organization::id.eq("acme"));
    assert_eq!(query.clone().select(roles.clone()).one(&db).await.unwrap(), ["acme", "acme"]);
    assert_eq!(query.clone().select(roles.distinct()).one(&db).await.unwrap(), ["acme"]);
    // Sorted by what is selected, as PostgreSQL demands of distinct rows.
    let sorted = Organization::members.select(Member::role).distinct().order_by(Member::role.asc());
    assert_eq!(query.select(sorted).one(&db).await.unwrap(), ["member", "owner"]);
}

#[tokio::test]
async fn related_rows_are_asked_through_an_alias() {
    let (_database, db) = people().await;
    let other = orm::alias!(User, "other");
    let query = User::query()
        .inner_join(other, other.id.ne(User::id))
        .filter(other.relation(User::sessions).count().gt(User::sessions.count()))
        .order_by((User::id.asc(), other.id.asc()))
        .select((
            User::id,
            other.id,
            other.relation(User::sessions).order_by(Session::id.asc()).select(Session::id),
        ));
    let rows: Vec<(String, String, Vec<String>)> = query.all(&db).await.unwrap();
    let found: Vec<(&str, &str, usize)> =
        rows.iter().map(|row| (row.0.as_str(), row.1.as_str(), row.2.len())).collect();
    assert_eq!(found, [("alan", "ada", 2), ("alan", "grace", 1), ("grace", "ada", 2)]);
}

#[tokio::test]
async fn a_query_with_relations_is_counted_and_streamed() {
    use futures_util::TryStreamExt as _;
    let (_database, db) = people().await;
    let query = || User::query().with(User::sessions).filter(User::sessions.exists());
    assert_eq!(query().count(&db).await.unwrap(), 2);
    assert!(query().exists(&db).await.unwrap());
    let rows: Vec<_> = query().stream(&db).try_collect().await.unwrap();
    assert_eq!(rows.iter().map(|user| user.sessions.len()).sum::<usize>(), 3);
}

#[tokio::test]
async fn the_values_of_relations_are_placeholders() {
    use orm::{Placeholder, prepare};
    let (_database, db) = people().await;
    let prepared = prepare(|at: Placeholder<DateTime<Utc>>, rows: Placeholder<i64>| {
        User::query()
            .filter(User::sessions.any(Session::expires_at.gt(at.clone())))
            .with(
                User::sessions
                    .filter(Session::expires_at.gt(at))
                    .order_by(Session::id.asc())
                    .limit(rows),
            )
            .order_by(User::id.asc())
    });
    let users = prepared.all(&db, (hours(-2), 1)).await.unwrap();
    let found: Vec<(&str, &str)> =
        users.iter().map(|user| (user.id.as_str(), user.sessions[0].id.as_str())).collect();
    assert_eq!(found, [("ada", "s1"), ("grace", "s3")]);
    assert_eq!(prepared.all(&db, (hours(1), 5)).await.unwrap().len(), 1);
}

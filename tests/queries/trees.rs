//! Trees of structs of the user's own: `#[derive(FromRow)]` with relations, computed fields and nested structs, checked against the
//! relations, and filtered, sorted and limited when the program runs.

use crate::fixture::{hours, people};
use auth::{Account, Member, Organization, Session, Team, User};
use orm::prelude::*;
use orm::{Placeholder, func};
use serde::Serialize;

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = Session)]
struct SessionLine {
    id: String,
    #[column(relation)]
    user: UserName,
}

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = User)]
struct UserName {
    id: String,
    name: String,
}

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = User)]
struct Counts {
    #[column(value = User::sessions.count())]
    sessions: i64,
    #[column(value = User::accounts.exists())]
    has_account: bool,
    #[column(relation = User::sessions.order_by(Session::id.asc()))]
    newest: Vec<Newest>,
}

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = Session)]
struct Newest {
    id: String,
    #[column(value = Session::user.value(User::email))]
    email: Option<String>,
}

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = User)]
struct UserPage {
    #[column(nested)]
    who: UserName,
    #[column(value = func::upper(User::name))]
    shouted: String,
    #[column(relation)]
    sessions: Vec<SessionLine>,
    #[column(relation = User::sessions.filter(Session::expires_at.gt(hours(0))).order_by(Session::id.desc()).limit(5))]
    recent: Vec<SessionLine>,
    #[column(nested)]
    counts: Counts,
    #[column(relation)]
    accounts: Vec<AccountLine>,
}

#[derive(FromRow, Debug, Clone, PartialEq, Serialize)]
#[from_row(from = Account)]
struct AccountLine {
    id: String,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Member)]
struct MemberLine {
    role: String,
    #[column(relation)]
    user: Option<UserPage>,
    #[column(relation)]
    organization: OrganizationLine,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Organization)]
struct OrganizationLine {
    name: String,
    #[column(relation)]
    teams: Vec<Team>,
}

/// A query of a tree is one type.
type UserPages = orm::StructQuery<User, UserPage>;

fn ids(lines: &[SessionLine]) -> Vec<&str> {
    lines.iter().map(|line| line.id.as_str()).collect()
}

fn newest(lines: &[Newest]) -> Vec<&str> {
    lines.iter().map(|line| line.id.as_str()).collect()
}

#[tokio::test]
async fn a_struct_names_the_shape_of_a_tree() {
    let (_database, db) = people().await;
    let query = UserPage::query().order_by(User::id.asc());
    let correlated = query.clone().loading(orm::Loading::Correlated);
    assert_eq!(correlated.to_sql().text.matches("FROM").count(), 10, "{}", correlated.to_sql());
    let pages: Vec<UserPage> = query.all(&db).await.unwrap();
    assert_eq!(correlated.all(&db).await.unwrap(), pages);
    let ada = &pages[0];
    assert_eq!(ada.who, UserName { id: "ada".to_owned(), name: "Ada Lovelace".to_owned() });
    assert_eq!(ada.shouted, "ADA LOVELACE");
    assert_eq!(ada.sessions.len(), 2);
    assert!(ada.sessions.iter().all(|line| line.user == ada.who));
    // "s2" has ended.
    assert_eq!(ids(&ada.recent), ["s1"]);
    assert_eq!((ada.counts.sessions, ada.counts.has_account), (2, true));
    assert_eq!(newest(&ada.counts.newest), ["s1", "s2"]);
    assert_eq!(ada.counts.newest[0].email.as_deref(), Some("ada@example.com"));
    assert_eq!(ada.accounts[0].id, "a1");
    assert_eq!((pages[1].who.id.as_str(), pages[1].counts.sessions), ("alan", 0));
    assert!(pages[1].sessions.is_empty() && !pages[1].counts.has_account);
}

#[tokio::test]
async fn the_fields_of_a_tree_are_filtered_sorted_and_limited_when_the_program_runs() {
    let (_database, db) = people().await;
    let of = |query: UserPages| {
        let (db, query) = (db.clone(), query.filter(User::id.eq("ada")));
        async move { query.one(&db).await.unwrap() }
    };
    let sorted = UserPage::sessions.order_by(Session::id.desc());
    let page = of(UserPage::query().refine(sorted.clone())).await;
    assert_eq!(ids(&page.sessions), ["s2", "s1"]);
    let page = of(UserPage::query().refine(sorted.clone().limit(1))).await;
    assert_eq!(ids(&page.sessions), ["s2"]);
    let page = of(UserPage::query().refine(sorted.offset(1))).await;
    assert_eq!(ids(&page.sessions), ["s1"]);
    let page = of(UserPage::query().refine(UserPage::sessions.filter(Session::id.ne("s1")))).await;
    assert_eq!(ids(&page.sessions), ["s2"]);
    // A condition that is made when the program runs, or is not there.
    let mut wanted: Option<orm::Condition<Session>> = None;
    let query = |wanted: Option<orm::Condition<Session>>| {
        UserPage::query().refine(UserPage::sessions.filter(wanted))
    };
    assert_eq!(of(query(wanted.clone())).await.sessions.len(), 2);
    wanted.replace(Session::id.eq("s2").into());
    assert_eq!(ids(&of(query(wanted)).await.sessions), ["s2"]);
    // What the attribute says holds as well: "s2" has ended.
    let page = of(UserPage::query().refine(UserPage::recent.filter(Session::id.ne("s1")))).await;
    assert!(page.recent.is_empty());
    assert_eq!(page.sessions.len(), 2);
    // But for the limit, which is replaced.
    let page = of(UserPage::query().refine(UserPage::recent.limit(0))).await;
    assert!(page.recent.is_empty());
    // A field of one row is an `Option`, so that a filter may leave it out.
    let members = MemberLine::query()
        .refine(MemberLine::user.filter(User::id.eq("grace")))
        .order_by(Member::id.asc());
    let members = members.all(&db).await.unwrap();
    assert_eq!(members[0].user, None);
    assert_eq!(members[1].user.as_ref().unwrap().who.id, "grace");
}

#[tokio::test]
async fn a_field_is_refined_at_any_depth() {
    let (_database, db) = people().await;
    let query = MemberLine::query()
        .refine(
            MemberLine::user
                .refine(
                    UserPage::counts.refine(Counts::newest.order_by(Session::id.desc()).limit(1)),
                )
                .refine(UserPage::sessions.order_by(Session::id.desc())),
        )
        .refine(MemberLine::organization.refine(OrganizationLine::teams.order_by(Team::name.asc())))
        .order_by(Member::id.asc());
    let members = query.all(&db).await.unwrap();
    let user = members[0].user.as_ref().unwrap();
    // The order of the attribute comes first, and that of the program sorts within it.
    assert_eq!(newest(&user.counts.newest), ["s1"]);
    assert_eq!(ids(&user.sessions), ["s2", "s1"]);
    let teams: Vec<&str> =
        members[0].organization.teams.iter().map(|team| team.name.as_str()).collect();
    assert_eq!(teams, ["Compilers", "Research"]);
}

#[tokio::test]
async fn nested_structs_of_one_type_are_refined_apart() {
    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = User)]
    struct Twice {
        #[column(nested)]
        one: Lines,
        #[column(nested)]
        other: Lines,
    }

    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = User)]
    struct Lines {
        #[column(relation = User::sessions.order_by(Session::id.asc()))]
        sessions: Vec<Newest>,
    }

    let (_database, db) = people().await;
    let query = Twice::query()
        .filter(User::id.eq("ada"))
        .refine(Twice::one.refine(Lines::sessions.filter(Session::id.eq("s1"))))
        .refine(Twice::other.refine(Lines::sessions.limit(1).offset(1)));
    let twice = query.one(&db).await.unwrap();
    assert_eq!(newest(&twice.one.sessions), ["s1"]);
    assert_eq!(newest(&twice.other.sessions), ["s2"]);
}

#[tokio::test]
async fn equal_rows_of_a_field_are_given_once() {
    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = Team)]
    struct Size {
        member_count: i32,
    }

    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = Organization)]
    struct Sizes {
        #[column(relation)]
        teams: Vec<Size>,
    }

    let (_database, db) = people().await;
    let query = || Sizes::query().filter(Organization::id.eq("acme"));
    assert_eq!(query().one(&db).await.unwrap().teams.len(), 2);
    let distinct = query().refine(Sizes::teams.distinct());
    assert_eq!(distinct.one(&db).await.unwrap().teams, [Size { member_count: 0 }]);
}

#[tokio::test]
async fn a_tree_is_loaded_by_a_relation_and_selected() {
    let (_database, db) = people().await;
    // With whole rows.
    let users = User::query()
        .with(User::sessions.order_by(Session::id.asc()).select_as::<SessionLine>())
        .order_by(User::id.asc());
    let users: Vec<auth::UserWithSessions<Vec<SessionLine>>> = users.all(&db).await.unwrap();
    assert_eq!(ids(&users[0].sessions), ["s1", "s2"]);
    assert_eq!(users[0].sessions[0].user.name, "Ada Lovelace");
    // Within a list, changed when the program runs.
    let line = orm::pick::<MemberLine>()
        .refine(MemberLine::user.refine(UserPage::sessions.order_by(Session::id.asc()).limit(1)));
    let rows = Organization::query()
        .select((Organization::name, Organization::members.order_by(Member::id.asc()).select(line)))
        .filter(Organization::id.eq("acme"));
    let (name, members): (String, Vec<MemberLine>) = rows.one(&db).await.unwrap();
    assert_eq!((name.as_str(), members.len()), ("Acme", 2));
    assert_eq!(ids(&members[0].user.as_ref().unwrap().sessions), ["s1"]);
    // A row that a join may leave out.
    let rows: Vec<(String, Option<SessionLine>)> = User::query()
        .left_join(Session, Session::user_id.eq(User::id).and(Session::id.ne("s2")))
        .order_by(User::id.asc())
        .select((User::id, orm::pick::<SessionLine>()))
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows[0].1.as_ref().unwrap().user.name, "Ada Lovelace");
    assert_eq!((rows[1].0.as_str(), &rows[1].1), ("alan", &None));
}

#[tokio::test]
async fn a_tree_whose_row_is_missing_is_missing_whatever_its_relations_give() {
    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = Organization)]
    struct Sizes {
        // Neither is NULL where the organization is missing.
        #[column(value = Organization::members.count())]
        members: i64,
        #[column(relation)]
        teams: Vec<Team>,
        #[column(nested)]
        name: OrganizationName,
        #[column(value = func::upper(Organization::slug))]
        slug: String,
    }

    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = Organization)]
    struct OrganizationName {
        #[column(relation)]
        members: Vec<MemberRole>,
        name: String,
    }

    #[derive(FromRow, Debug, PartialEq)]
    #[from_row(from = Member)]
    struct MemberRole {
        role: String,
    }

    let (_database, db) = people().await;
    let query = User::query()
        .left_join(Member, Member::user_id.eq(User::id))
        .left_join(Organization, Member::organization)
        .order_by(User::id.asc())
        .select((User::id, orm::pick::<Sizes>(), orm::pick::<MemberLine>()));
    for loading in [orm::Loading::Levels, orm::Loading::Correlated] {
        let rows: Vec<(String, Option<Sizes>, Option<MemberLine>)> =
            query.clone().loading(loading).all(&db).await.unwrap();
        let acme = rows[0].1.as_ref().unwrap();
        assert_eq!((acme.members, acme.teams.len(), acme.slug.as_str()), (2, 2, "ACME"));
        assert_eq!((acme.name.name.as_str(), acme.name.members.len()), ("Acme", 2));
        assert_eq!(rows[0].2.as_ref().unwrap().organization.name, "Acme");
        assert_eq!((rows[1].0.as_str(), &rows[1].1, &rows[1].2), ("alan", &None, &None));
    }
}

#[tokio::test]
async fn a_tree_is_returned_by_statements_that_change_rows() {
    let (_database, db) = people().await;
    let page = orm::pick::<UserPage>().refine(UserPage::sessions.order_by(Session::id.asc()));
    let update = User::update().set(User::name.set("Ada King")).filter(User::id.eq("ada"));
    let ada: UserPage = update.returning(page.clone()).one(&db).await.unwrap();
    assert_eq!((ada.who.name.as_str(), ids(&ada.sessions)), ("Ada King", vec!["s1", "s2"]));
    // PostgreSQL shows a statement none of its own changes: the user of the session is that from before.
    assert_eq!(ada.sessions[0].user.name, "Ada Lovelace");
    let inserted: UserPage = User::insert()
        .id("mary")
        .name("Mary")
        .email("mary@example.com")
        .returning(page.clone())
        .one(&db)
        .await
        .unwrap();
    assert_eq!((inserted.shouted.as_str(), inserted.counts.sessions), ("MARY", 0));
    let deleted: UserPage =
        User::delete().filter(User::id.eq("ada")).returning(page).one(&db).await.unwrap();
    assert_eq!(deleted.sessions.len(), 2);
}

#[tokio::test]
async fn the_values_of_a_tree_are_placeholders() {
    let (_database, db) = people().await;
    let prepared = orm::prepare(
        |user: Placeholder<String>, from: Placeholder<DateTime<Utc>>, count: Placeholder<i64>| {
            let sessions = UserPage::sessions
                .filter(Session::expires_at.gt(from))
                .order_by(Session::id.desc())
                .limit(count);
            UserPage::query().filter(User::id.eq(user)).refine(sessions)
        },
    );
    for (from, count, expected) in
        [(-2, 5, vec!["s2", "s1"]), (-2, 1, vec!["s2"]), (0, 5, vec!["s1"])]
    {
        let page: UserPage = prepared.one(&db, ("ada", hours(from), count)).await.unwrap();
        assert_eq!(ids(&page.sessions), expected);
    }
}

#[tokio::test]
async fn a_list_by_hand_fills_a_tree() {
    let (_database, db) = people().await;
    let list = UserPageSelect {
        who: orm::pick::<UserName>(),
        shouted: User::name,
        sessions: User::sessions.filter(Session::id.eq("s2")).select_as::<SessionLine>(),
        recent: User::sessions.select_as::<SessionLine>().limit(0),
        counts: orm::pick::<Counts>().refine(Counts::newest.limit(1)),
        accounts: User::accounts.select_as::<AccountLine>(),
    };
    let page: UserPage =
        User::query().filter(User::id.eq("ada")).select(list).one(&db).await.unwrap();
    assert_eq!((page.shouted.as_str(), ids(&page.sessions)), ("Ada Lovelace", vec!["s2"]));
    assert!(page.recent.is_empty());
    assert_eq!((newest(&page.counts.newest), page.accounts.len()), (vec!["s1"], 1));
}

#[tokio::test]
async fn a_tree_has_the_derives_of_the_user_and_is_taken_apart_by_value() {
    async fn page_of(db: &impl Executor, id: &str) -> orm::Result<Option<UserPage>> {
        let sessions = UserPage::sessions.order_by(Session::id.asc());
        UserPage::query().filter(User::id.eq(id)).refine(sessions).first(db).await
    }

    #[derive(Serialize)]
    struct Response {
        pages: Vec<MemberPage>,
    }

    #[derive(FromRow, Serialize)]
    #[from_row(from = Member)]
    struct MemberPage {
        role: String,
        #[column(relation)]
        user: UserName,
    }

    let (_database, db) = people().await;
    let ada = page_of(&db, "ada").await.unwrap().unwrap();
    let UserPage { who: UserName { name, .. }, sessions, counts, .. } = ada.clone();
    assert_eq!((name.as_str(), counts.sessions), ("Ada Lovelace", 2));
    let users: Vec<UserName> = sessions.into_iter().map(|line| line.user).collect();
    assert_eq!(users, [ada.who.clone(), ada.who]);
    assert_eq!(page_of(&db, "nobody").await.unwrap(), None);
    let pages = MemberPage::query().order_by(Member::id.asc()).all(&db).await.unwrap();
    assert_eq!(
        serde_json::to_string(&Response { pages }).unwrap(),
        concat!(
            r#"{"pages":[{"role":"owner","user":{"id":"ada","name":"Ada Lovelace"}},"#,
            r#"{"role":"member","user":{"id":"grace","name":"Grace Hopper"}}]}"#
        )
    );
}

#[tokio::test]
async fn a_query_of_a_tree_is_counted_paged_and_streamed() {
    use futures_util::TryStreamExt as _;
    let (_database, db) = people().await;
    let query = || UserPage::query().order_by(User::name.asc());
    assert_eq!(query().count(&db).await.unwrap(), 3);
    assert!(query().filter(User::id.eq("ada")).exists(&db).await.unwrap());
    let streamed: Vec<UserPage> = query().stream(&db).try_collect().await.unwrap();
    assert_eq!(streamed, query().all(&db).await.unwrap());
    let page = query().page(2).fetch(&db).await.unwrap();
    assert_eq!(page.rows.len(), 2);
}

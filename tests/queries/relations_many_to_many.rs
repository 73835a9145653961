//! Relations through a join table.

use crate::relations_model::{
    Document, Follow, Membership, Organization, Page, Person, Team, world,
};
use orm::Loading::{Automatic, Correlated};
use orm::func;
use orm::prelude::*;

fn names<'a>(rows: impl IntoIterator<Item = &'a Person>) -> Vec<&'a str> {
    rows.into_iter().map(|row| row.name.as_str()).collect()
}

#[tokio::test]
async fn rows_are_related_through_a_join_table() {
    let (_database, db) = world().await;
    let query = |loading| {
        Person::query()
            .with(Person::teams.order_by(Team::id.asc()))
            .order_by(Person::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(
        sql.contains(concat!(
            r#"ARRAY(SELECT ROW("rel_team"."id", "rel_team"."name", "rel_team"."organization_id") FROM "rel_team" "#,
            r#"INNER JOIN "rel_membership" ON "rel_membership"."team_id" = "rel_team"."id" "#,
            r#"WHERE "rel_membership"."person_id" = "rel_person"."id" ORDER BY "rel_team"."id")"#
        )),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        let teams: Vec<Vec<&str>> = people
            .iter()
            .map(|row| row.teams.iter().map(|team| team.name.as_str()).collect())
            .collect();
        assert_eq!(teams, [vec!["Red", "Blue"], vec!["Red"], vec!["Blue"], vec![]]);
        let teams =
            Team::query().with(Team::members.order_by(Person::id.asc())).order_by(Team::id.asc());
        let teams = teams.all(&db).await.unwrap();
        assert_eq!(names(&teams[0].members), ["Ada", "Bob"]);
        assert_eq!(names(&teams[2].members), [""; 0]);
    }
}

#[tokio::test]
async fn the_row_of_the_join_table_is_filtered_sorted_and_selected() {
    let (_database, db) = world().await;
    let query = Person::query().order_by(Person::id.asc()).select((
        Person::name,
        Person::teams
            .filter(Membership::role.ne("nothing").and(Team::id.gt(0)))
            .order_by((Membership::role.desc(), Team::name.asc()))
            .select((Team::name, Membership::role)),
    ));
    let rows: Vec<(String, Vec<(String, String)>)> = query.all(&db).await.unwrap();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(rows[0].1, [pair("Red", "lead"), pair("Blue", "guest")]);
    assert_eq!(rows[3].1, []);
    let whole = Person::query()
        .filter(Person::id.eq(1))
        .select(Person::teams.order_by(Team::id.asc()).select((Team, Membership)));
    let whole: Vec<(Team, Membership)> = whole.one(&db).await.unwrap();
    assert_eq!((whole[1].0.id, whole[1].1.team_id, whole[1].1.role.as_str()), (2, 2, "guest"));
    let one = Person::query()
        .filter(Person::id.eq(1))
        .select(Person::teams.order_by(Membership::role.asc()).limit(1).select(Membership::role));
    let one: Vec<String> = one.one(&db).await.unwrap();
    assert_eq!(one, ["guest"]);
}

#[tokio::test]
async fn a_filter_of_the_relation_reads_the_join_table() {
    let (_database, db) = world().await;
    let people = Person::query()
        .with(Person::led_teams)
        .with(Person::teams)
        .order_by(Person::id.asc())
        .all(&db)
        .await
        .unwrap();
    let counts: Vec<(usize, usize)> =
        people.iter().map(|row| (row.led_teams.len(), row.teams.len())).collect();
    assert_eq!(counts, [(1, 2), (0, 1), (1, 1), (0, 0)]);
}

#[tokio::test]
async fn a_table_is_related_to_itself_through_a_join_table() {
    let (_database, db) = world().await;
    let query = |loading| {
        Person::query()
            .with(Person::followers.order_by(Follow::since.desc()))
            .with(Person::followed)
            .order_by(Person::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(
        sql.contains(concat!(
            r#"FROM "rel_person" AS "rel_person_1" INNER JOIN "rel_follow" ON "rel_follow"."follower_id" = "rel_person_1"."id" "#,
            r#"WHERE "rel_follow"."followed_id" = "rel_person"."id" ORDER BY "rel_follow"."since" DESC)"#
        )),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        assert_eq!(names(&people[0].followers), ["Cleo", "Bob"]);
        assert_eq!(names(&people[0].followed), ["Cleo"]);
        assert_eq!(names(&people[1].followers), [""; 0]);
        assert_eq!(names(&people[1].followed), ["Ada"]);
        // A relation within itself, three deep.
        let deep = Person::query()
            .filter(Person::id.eq(2))
            .with(
                Person::followed
                    .with(Person::followers.with(Person::followed).order_by(Person::id.asc())),
            )
            .one(&db)
            .await
            .unwrap();
        let ada = &deep.followed[0];
        assert_eq!(ada.name, "Ada");
        let back: Vec<(i64, Vec<i64>)> = ada
            .followers
            .iter()
            .map(|row| (row.id, row.followed.iter().map(|it| it.id).collect()))
            .collect();
        assert_eq!(back, [(2, vec![1]), (3, vec![1])]);
    }
}

#[tokio::test]
async fn a_composite_key_leads_through_a_join_table() {
    let (_database, db) = world().await;
    let query = |loading| {
        Page::query()
            .with(Page::linked.order_by(Page::path.asc()))
            .with(Page::linking)
            .with(Page::links_by_column)
            .order_by((Page::site.asc(), Page::path.asc()))
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(
        sql.contains(concat!(
            r#"INNER JOIN "rel_link" ON "rel_link"."site" = "rel_page_1"."site" AND "rel_link"."to_path" = "rel_page_1"."path" "#,
            r#"WHERE "rel_link"."site" = "rel_page"."site" AND "rel_link"."from_path" = "rel_page"."path""#
        )),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let pages = query(loading).all(&db).await.unwrap();
        let paths = |rows: &[Page]| rows.iter().map(|it| it.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&pages[0].linked), ["/a", "/b"]);
        assert_eq!(paths(&pages[0].linking), ["/a"]);
        assert_eq!(pages[0].links_by_column.len(), 1);
        // The page of the other site with the same path has none.
        assert!(pages[3].linked.is_empty() && pages[3].linking.is_empty());
    }
}

#[tokio::test]
async fn rows_are_counted_and_asked_for_through_a_join_table() {
    let (_database, db) = world().await;
    let query = Person::query()
        .filter(Person::teams.any(Membership::role.eq("guest").and(Team::name.eq("Red"))))
        .select((
            Person::name,
            Person::teams.count(),
            Person::teams.aggregate(func::max(Membership::role)),
        ));
    let rows: Vec<(String, i64, Option<String>)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("Bob".to_owned(), 1, Some("guest".to_owned()))]);
    let all = Person::query().filter(Person::teams.all(Membership::role.eq("lead")));
    assert_eq!(all.order_by(Person::id.asc()).select(Person::id).all(&db).await.unwrap(), [3, 4]);
    let none = Person::query().filter(Person::followers.none(Follow::since.gt(2020)));
    assert_eq!(none.order_by(Person::id.asc()).select(Person::id).all(&db).await.unwrap(), [2, 4]);
    let most = Person::query().order_by((Person::followers.count().desc(), Person::id.asc()));
    assert_eq!(most.select(Person::id).limit(2).all(&db).await.unwrap(), [1, 3]);
}

#[tokio::test]
async fn an_aggregate_of_limited_rows_reads_the_join_table() {
    let (_database, db) = world().await;
    let first = || Person::teams.order_by(Team::id.asc()).limit(1);
    let query = Person::query().order_by(Person::id.asc()).select((
        Person::id,
        first().aggregate(func::max(Membership::role)),
        first().aggregate(func::max(Team::id)),
        first().count(),
    ));
    let rows: Vec<(i64, Option<String>, Option<i64>, i64)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], (1, Some("lead".to_owned()), Some(1), 1));
    assert_eq!(rows[3], (4, None, None, 0));
    let teams = Person::query().filter(Person::id.eq(1)).select((
        Person::teams.distinct().count(),
        Person::teams.distinct().aggregate(func::max(Team::id)),
    ));
    assert_eq!(teams.one(&db).await.unwrap(), (2, Some(2)));
}

#[tokio::test]
async fn a_join_table_of_the_query_around_has_a_name_of_its_own() {
    let (_database, db) = world().await;
    let query = |loading| {
        Membership::query()
            .inner_join(Person, Membership::person)
            .inner_join(Team, Membership::team)
            .filter(Membership::role.eq("lead"))
            .order_by(Membership::person_id.asc())
            .select((
                Membership::role,
                Person.with(Person::teams.order_by(Membership::role.asc())),
                Team::name,
            ))
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(sql.contains(r#"INNER JOIN "rel_membership" AS "rel_membership_1""#), "{sql}");
    for loading in [Automatic, Correlated] {
        let rows = query(loading).all(&db).await.unwrap();
        let found: Vec<(&str, Vec<&str>, &str)> = rows
            .iter()
            .map(|(_, person, team)| {
                (
                    person.name.as_str(),
                    person.teams.iter().map(|it| it.name.as_str()).collect(),
                    team.as_str(),
                )
            })
            .collect();
        assert_eq!(found, [("Ada", vec!["Blue", "Red"], "Red"), ("Cleo", vec!["Blue"], "Blue")]);
    }
}

#[tokio::test]
async fn rows_are_related_through_a_table_that_others_belong_to() {
    let (_database, db) = world().await;
    let query = |loading| {
        Organization::query()
            .with(Organization::documents.order_by(Document::id.desc()))
            .order_by(Organization::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(
        sql.contains(concat!(
            r#"FROM "rel_document" INNER JOIN "rel_team" ON "rel_team"."id" = "rel_document"."team_id" "#,
            r#"WHERE "rel_team"."organization_id" = "rel_organization"."id""#
        )),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let organizations = query(loading).all(&db).await.unwrap();
        let ids: Vec<Vec<i64>> = organizations
            .iter()
            .map(|row| row.documents.iter().map(|it| it.id).collect())
            .collect();
        assert_eq!(ids, [vec![3, 2, 1], vec![]]);
        let document = Document::query().with(Document::organization).filter(Document::id.eq(3));
        assert_eq!(document.one(&db).await.unwrap().organization.as_ref().unwrap().name, "Acme");
    }
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Person)]
struct PersonLine {
    name: String,
    #[column(relation = Person::teams, through = Membership)]
    teams: Vec<TeamLine>,
    #[column(relation = Person::teams.order_by(Membership::role.asc()), through = Membership)]
    by_role: Vec<TeamLine>,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Team)]
struct TeamLine {
    name: String,
    #[column(relation)]
    members: Vec<Person>,
}

#[tokio::test]
async fn a_field_is_refined_by_columns_of_the_join_table() {
    let (_database, db) = world().await;
    let line = |loading| {
        let leads = PersonLine::teams
            .filter(Membership::role.eq("lead").and(Team::id.gt(0)))
            .order_by((Membership::role.asc(), Team::name.asc()))
            .refine(TeamLine::members.filter(Person::id.ne(1)));
        let last = PersonLine::by_role.order_by(Membership::team_id.desc()).limit(1);
        PersonLine::query().refine(leads).refine(last).order_by(Person::id.asc()).loading(loading)
    };
    let sql = line(Correlated).to_sql().text;
    assert!(
        sql.contains(r#"ORDER BY "rel_membership"."role", "rel_membership"."team_id" DESC LIMIT "#),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let lines = line(loading).all(&db).await.unwrap();
        let found: Vec<(&str, Vec<(&str, usize)>, Vec<&str>)> = lines
            .iter()
            .map(|line| {
                let teams = line.teams.iter().map(|it| (it.name.as_str(), it.members.len()));
                let by_role = line.by_role.iter().map(|it| it.name.as_str());
                (line.name.as_str(), teams.collect(), by_role.collect())
            })
            .collect();
        assert_eq!(
            found,
            [
                ("Ada", vec![("Red", 1)], vec!["Blue"]),
                ("Bob", vec![], vec!["Red"]),
                ("Cleo", vec![("Blue", 1)], vec!["Blue"]),
                ("Dan", vec![], vec![]),
            ]
        );
    }
}

//! Relations in every statement that can load or ask them: subqueries, common table expressions, set operations, counts, streams,
//! keyset pages, prepared queries, RETURNING.

use crate::relations_model::{Article, Follow, Membership, Person, Profile, Team, world};
use orm::Placeholder;
use orm::prelude::*;

#[tokio::test]
async fn a_subquery_asks_relations_of_its_own_tables() {
    let (_database, db) = world().await;
    // The outer and the inner query read one table: each relation leads from the row next to it.
    let leads = Person::query().filter(Person::led_teams.exists()).select(Person::id);
    let query = Person::query()
        .filter(Person::id.is_in(leads))
        .filter(Person::followers.exists())
        .with(Person::led_teams)
        .order_by(Person::id.asc());
    let found = query.all(&db).await.unwrap();
    let found: Vec<(i64, usize)> = found.iter().map(|row| (row.id, row.led_teams.len())).collect();
    assert_eq!(found, [(1, 1), (3, 1)]);
    let query = Team::query()
        .filter(orm::exists(
            Membership::query()
                .correlate(Team)
                .filter(Membership::team_id.eq(Team::id))
                .filter(Membership::person.value(Person::name).eq("Cleo"))
                .filter(Team::members.count().gt(1)),
        ))
        .select(Team::name);
    assert_eq!(query.all(&db).await.unwrap(), ["Blue"]);
}

#[tokio::test]
async fn a_relation_is_asked_within_a_relation_of_the_same_table() {
    let (_database, db) = world().await;
    // Followers who follow somebody that has a draft.
    let query = Person::query()
        .filter(Person::followers.any(Person::followed.any(Person::drafts.exists())))
        .order_by(Person::id.asc());
    let sql = query.to_sql().text;
    for condition in [
        r#"WHERE "rel_follow"."followed_id" = "rel_person"."id""#,
        r#"WHERE "rel_follow_1"."follower_id" = "rel_person_1"."id""#,
        r#"WHERE "rel_article"."author_id" = "rel_person_2"."id""#,
    ] {
        assert!(sql.contains(condition), "{sql}");
    }
    assert_eq!(query.select(Person::id).all(&db).await.unwrap(), [1]);
    let counted = Person::query().order_by(Person::id.asc()).with(
        Person::teams.filter(Team::members.count().gt(1)).order_by(Team::members.count().desc()),
    );
    let counts: Vec<usize> =
        counted.all(&db).await.unwrap().iter().map(|row| row.teams.len()).collect();
    assert_eq!(counts, [2, 1, 1, 0]);
}

#[tokio::test]
async fn counts_and_existence_do_not_load_relations() {
    let (_database, db) = world().await;
    let query = || Person::query().with(Person::teams).with(Person::profile);
    assert_eq!(query().count(&db).await.unwrap(), 4);
    assert!(query().filter(Person::teams.not_exists()).exists(&db).await.unwrap());
    assert_eq!(Person::query().filter(Person::teams.exists()).count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn rows_with_relations_are_streamed() {
    use futures_util::TryStreamExt as _;
    let (_database, db) = world().await;
    let query = Person::query()
        .with(Person::followers)
        .with(Person::main_address)
        .order_by(Person::id.asc());
    let rows: Vec<_> = query.stream(&db).try_collect().await.unwrap();
    let found: Vec<(usize, bool)> =
        rows.iter().map(|row| (row.followers.len(), row.main_address.is_some())).collect();
    assert_eq!(found, [(2, true), (0, false), (1, false), (0, false)]);
}

#[tokio::test]
async fn set_operations_and_common_table_expressions_ask_relations() {
    let (_database, db) = world().await;
    let query = Person::query()
        .filter(Person::drafts.exists())
        .select((Person::id, Person::teams.count()))
        .union(
            Person::query()
                .filter(Person::teams.not_exists())
                .select((Person::id, Person::teams.count())),
        );
    let mut rows = query.all(&db).await.unwrap();
    rows.sort_unstable();
    assert_eq!(rows, [(1, 2), (4, 0)]);
}

#[tokio::test]
async fn prepared_queries_have_placeholders_within_relations() {
    let (_database, db) = world().await;
    let prepared =
        orm::prepare(|role: Placeholder<String>, count: Placeholder<i64>, id: Placeholder<i64>| {
            Person::query()
                .filter(Person::id.le(id))
                .with(
                    Person::teams
                        .filter(Membership::role.eq(role))
                        .order_by(Team::id.asc())
                        .limit(count),
                )
                .with(Person::drafts)
                .order_by(Person::id.asc())
        });
    let rows = prepared.all(&db, ("guest", 1, 2)).await.unwrap();
    let found: Vec<Vec<&str>> =
        rows.iter().map(|row| row.teams.iter().map(|it| it.name.as_str()).collect()).collect();
    assert_eq!(found, [vec!["Blue"], vec!["Red"]]);
    let rows = prepared.all(&db, ("lead", 0, 3)).await.unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.teams.is_empty()));
    assert_eq!(rows[0].drafts.len(), 1);
}

#[tokio::test]
async fn changed_rows_are_returned_with_relations() {
    let (_database, db) = world().await;
    let update = Person::update()
        .set(Person::name.set("Ada L."))
        .filter(Person::id.eq(1))
        .returning_all()
        .with(Person::followers.order_by(Follow::since.asc()))
        .with(Person::teams)
        .with(Person::drafts)
        .with(Person::profile);
    let ada = update.one(&db).await.unwrap();
    assert_eq!(ada.name, "Ada L.");
    assert_eq!(ada.followers.iter().map(|it| it.id).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((ada.teams.len(), ada.drafts.len()), (2, 1));
    assert_eq!(ada.profile.as_ref().unwrap().bio, "first");
    // The join table is what is deleted: the rows are seen as they were.
    let left = Membership::delete()
        .filter(Membership::role.eq("guest").and(Membership::person_id.eq(2)))
        .returning_all()
        .with(Membership::person.with(Person::teams))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(left.person.teams.len(), 1);
    assert_eq!(
        Person::query()
            .filter(Person::id.eq(2))
            .select(Person::teams.count())
            .one(&db)
            .await
            .unwrap(),
        0
    );
    let inserted = Article::insert()
        .id(9)
        .published(true)
        .author_id(2)
        .returning_all()
        .with(Article::author.with(Person::followed))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(inserted.author.followed.len(), 1);
    let deleted = Follow::delete().filter(Follow::followed_id.eq(1)).returning((
        Follow::follower_id,
        Follow::follower.value(Person::name),
        Follow::followed.value(Person::name),
    ));
    let mut deleted = deleted.all(&db).await.unwrap();
    deleted.sort();
    assert_eq!(deleted[0], (2, Some("Bob".to_owned()), Some("Ada L.".to_owned())));
}

#[tokio::test]
async fn pages_are_cut_by_what_a_relation_gives() {
    let (_database, db) = world().await;
    let query = || {
        Person::query()
            .with(Person::teams.order_by(Team::id.asc()))
            .order_by((
                Person::followers.count().desc(),
                Person::profile.value(Profile::bio).asc().nulls_last(),
            ))
            .page(1)
    };
    let (mut found, mut page) = (Vec::new(), query().fetch(&db).await.unwrap());
    loop {
        found.extend(page.rows.iter().map(|row| (row.id, row.teams.len())));
        let Some(next) = page.next else { break };
        page = query().after(next).fetch(&db).await.unwrap();
    }
    assert_eq!(found, [(1, 2), (3, 1), (2, 1), (4, 0)]);
}

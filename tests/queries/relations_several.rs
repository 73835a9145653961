//! Several relations between two tables, relations of a table to itself, and relations with a filter of their own.

use crate::relations_model::{
    Article, Badge, Follow, Link, Membership, Page, Person, Stats, Team, world,
};
use orm::Loading::{Automatic, Correlated};
use orm::prelude::*;

#[tokio::test]
async fn each_relation_between_two_tables_follows_its_own_key() {
    let (_database, db) = world().await;
    let query = |loading| {
        Person::query()
            .with(Person::drafts)
            .with(Person::edited)
            .with(Person::written.order_by(Article::id.asc()))
            .order_by(Person::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    for condition in [
        r#"WHERE "rel_article"."author_id" = "rel_person"."id" AND "rel_article"."published" = $1)"#,
        r#"WHERE "rel_article"."editor_id" = "rel_person"."id")"#,
        r#"WHERE "rel_article"."author_id" = "rel_person"."id" ORDER BY"#,
    ] {
        assert!(sql.contains(condition), "{sql}");
    }
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        let ids = |rows: &[Article]| rows.iter().map(|it| it.id).collect::<Vec<_>>();
        let ada = &people[0];
        assert_eq!(
            (ids(&ada.written), ids(&ada.edited), ids(&ada.drafts)),
            (vec![1, 2], vec![3], vec![2])
        );
        assert_eq!(ids(&people[1].edited), [1]);
        let article =
            Article::query().with(Article::editor).with(Article::author).filter(Article::id.eq(2));
        let article = article.one(&db).await.unwrap();
        assert!(article.editor.is_none() && article.author.id == 1);
    }
}

#[tokio::test]
async fn a_table_is_related_to_itself_at_every_level() {
    let (_database, db) = world().await;
    let query = |loading| {
        Person::query()
            .with(
                Person::manager
                    .with(Person::reports.with(Person::manager).order_by(Person::id.asc())),
            )
            .with(Person::junior_reports)
            .order_by(Person::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    for condition in [
        r#"WHERE "rel_person_1"."id" = "rel_person"."manager_id")"#,
        r#"WHERE "rel_person_2"."manager_id" = "rel_person_1"."id" ORDER BY"#,
        r#"WHERE "rel_person_3"."id" = "rel_person_2"."manager_id")"#,
        r#"WHERE "rel_person_1"."manager_id" = "rel_person"."id" AND "rel_person_1"."name" > $1)"#,
    ] {
        assert!(sql.contains(condition), "{sql}");
    }
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        assert!(people[0].manager.is_none());
        assert_eq!(people[0].junior_reports.iter().map(|it| it.id).collect::<Vec<_>>(), [3]);
        let ada = people[1].manager.as_ref().unwrap();
        let reports: Vec<(i64, i64)> =
            ada.reports.iter().map(|row| (row.id, row.manager.as_ref().unwrap().id)).collect();
        assert_eq!(reports, [(2, 1), (3, 1)]);
    }
}

#[tokio::test]
async fn a_composite_key_is_named_by_a_relation_or_a_column() {
    let (_database, db) = world().await;
    let pages = Page::query()
        .with(Page::links.order_by(Link::to_path.asc()).with(Link::target))
        .with(Page::links_by_column.with(Link::source))
        .order_by((Page::site.asc(), Page::path.asc()));
    let pages = pages.all(&db).await.unwrap();
    let to: Vec<&str> = pages[0].links.iter().map(|link| link.target.path.as_str()).collect();
    let from: Vec<&str> =
        pages[0].links_by_column.iter().map(|link| link.source.path.as_str()).collect();
    assert_eq!((to, from), (vec!["/a", "/b"], vec!["/a"]));
    assert!(pages[3].links.is_empty());
}

#[tokio::test]
async fn a_join_by_relation_has_the_filter_of_the_relation() {
    let (_database, db) = world().await;
    let query = Person::query().join(Person::drafts).select((Person::name, Article::id));
    assert!(
        query.to_sql().text.ends_with(
            r#"ON "rel_article"."author_id" = "rel_person"."id" AND "rel_article"."published" = $1"#
        ),
        "{}",
        query.to_sql()
    );
    assert_eq!(query.all(&db).await.unwrap(), [("Ada".to_owned(), 2)]);
    let draft = orm::alias!(Article, "draft");
    let query = Person::query()
        .left_join(draft, Person::drafts)
        .order_by(Person::id.asc())
        .select((Person::name, draft.id));
    assert!(
        query.to_sql().text.contains(
            r#"LEFT JOIN "rel_article" AS "draft" ON "draft"."author_id" = "rel_person"."id" AND "draft"."published" = $1"#
        ),
        "{}",
        query.to_sql()
    );
    let rows: Vec<(String, Option<i64>)> = query.all(&db).await.unwrap();
    let found: Vec<Option<i64>> = rows.into_iter().map(|(_, id)| id).collect();
    assert_eq!(found, [Some(2), None, None, None]);
    // Two joins of one relation, one of them by an alias.
    let other = orm::alias!(Article, "other");
    let query = Person::query()
        .join(Person::drafts)
        .inner_join(other, Person::written)
        .order_by(other.id.asc())
        .select((Article::id, other.id));
    assert_eq!(query.all(&db).await.unwrap(), [(2, 1), (2, 2)]);
    let boss = orm::alias!(Person, "boss");
    let query = orm::from(boss)
        .inner_join(Person, boss.relation(Person::junior_reports))
        .select((boss.name, Person::name));
    assert!(
        query.to_sql().text.ends_with(
            r#"INNER JOIN "rel_person" ON "rel_person"."manager_id" = "boss"."id" AND "rel_person"."name" > $1"#
        ),
        "{}",
        query.to_sql()
    );
    assert_eq!(query.all(&db).await.unwrap(), [("Ada".to_owned(), "Cleo".to_owned())]);
}

#[tokio::test]
async fn an_alias_has_every_kind_of_relation() {
    let (_database, db) = world().await;
    let other = orm::alias!(Person, "other");
    let query = |loading| {
        orm::from(other)
            .with(other.relation(Person::teams).order_by(Membership::role.asc()))
            .with(other.relation(Person::profile))
            .with(other.relation(Person::drafts))
            .with(other.relation(Person::followers).with(Person::manager))
            .with(other.relation(Person::stats))
            .filter(other.relation(Person::teams).any(Team::name.eq("Blue")))
            .filter(other.relation(Person::reports).count().ge(0))
            .order_by(other.id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    for condition in [
        r#"WHERE "rel_membership"."person_id" = "other"."id" ORDER BY "rel_membership"."role")"#,
        r#"WHERE "rel_follow"."followed_id" = "other"."id")"#,
        r#"FROM "rel_person" INNER JOIN "rel_follow" ON "rel_follow"."follower_id" = "rel_person"."id""#,
        r#"WHERE "rel_person_1"."id" = "rel_person"."manager_id")"#,
        r#"WHERE "rel_stats"."person_id" = "other"."id")"#,
    ] {
        assert!(sql.contains(condition), "{condition}\n{sql}");
    }
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        assert_eq!(people.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3]);
        let ada = &people[0];
        assert_eq!(
            ada.teams.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["Blue", "Red"]
        );
        assert_eq!((ada.profile.as_ref().unwrap().bio.as_str(), ada.drafts.len()), ("first", 1));
        assert!(
            ada.followers.iter().all(|row| row.manager.as_ref().is_some_and(|boss| boss.id == 1))
        );
        assert_eq!(ada.stats.as_ref().map(|stats: &Stats| stats.articles), Some(2));
        let both = Person::query()
            .inner_join(other, other.manager_id.eq(Person::id))
            .order_by(other.id.asc())
            .select((
                Person::name,
                other.name,
                other.relation(Person::teams).select(Team::name),
                Person::teams.count(),
            ));
        let both: Vec<(String, String, Vec<String>, i64)> = both.all(&db).await.unwrap();
        assert_eq!(both[0], ("Ada".to_owned(), "Bob".to_owned(), vec!["Red".to_owned()], 2));
        assert_eq!(both[1].2, ["Blue"]);
    }
}

#[tokio::test]
async fn a_row_that_a_join_leaves_out_has_no_relations() {
    let (_database, db) = world().await;
    let boss = orm::alias!(Person, "boss");
    let query = |loading| {
        Person::query()
            .left_join(boss, Person::manager)
            .left_join(Badge, Person::badge)
            .order_by(Person::id.asc())
            .select((
                Person::name,
                Badge.with(Badge::issuer.with(Person::followers.order_by(Follow::since.asc()))),
                Person.with(Person::drafts).with(Person::teams),
            ))
            .loading(loading)
    };
    for loading in [Automatic, Correlated] {
        let rows = query(loading).all(&db).await.unwrap();
        assert_eq!(rows.len(), 4);
        let badge = rows[0].1.as_ref().unwrap();
        assert_eq!((badge.issuer.name.as_str(), badge.issuer.followers.len()), ("Cleo", 1));
        assert!(rows[2].1.is_none());
        assert_eq!((rows[0].2.drafts.len(), rows[0].2.teams.len()), (1, 2));
        let counted = Person::query()
            .left_join(Badge, Person::badge)
            .order_by(Person::id.asc())
            .select((Person::name, Badge::issuer.value(Person::name)));
        let counted: Vec<(String, Option<String>)> = counted.all(&db).await.unwrap();
        assert_eq!(counted[0].1.as_deref(), Some("Cleo"));
        assert_eq!(counted[3].1, None);
    }
}

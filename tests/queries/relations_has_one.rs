//! `has_one`: the row of another table that belongs to this one, or none.

use crate::relations_model::{Address, Article, Badge, Mail, Page, Person, Profile, Stats, world};
use orm::Loading::{Automatic, Correlated};
use orm::prelude::*;

#[tokio::test]
async fn the_other_side_of_a_unique_key_is_one_row_or_none() {
    let (_database, db) = world().await;
    let query =
        |loading| Person::query().with(Person::profile).order_by(Person::id.asc()).loading(loading);
    assert_eq!(
        query(Correlated).to_sql(),
        concat!(
            r#"SELECT "rel_person"."id", "rel_person"."name", "rel_person"."email", "rel_person"."manager_id", "#,
            r#"(SELECT ROW("rel_profile"."person_id", "rel_profile"."bio") FROM "rel_profile" "#,
            r#"WHERE "rel_profile"."person_id" = "rel_person"."id") FROM "rel_person" ORDER BY "rel_person"."id""#
        )
    );
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        let bios: Vec<Option<&str>> = people
            .iter()
            .map(|row| row.profile.as_ref().map(|profile| profile.bio.as_str()))
            .collect();
        assert_eq!(bios, [Some("first"), Some("second"), None, None]);
        let profile: &Option<Profile> = &people[0].profile;
        assert_eq!(profile.as_ref().unwrap().person_id, 1);
    }
}

#[tokio::test]
async fn a_key_is_named_where_there_are_two() {
    let (_database, db) = world().await;
    // The column that is named is unique, and nullable: no badge without a holder belongs to anyone.
    let people = Person::query().with(Person::badge).order_by(Person::id.asc());
    let badges: Vec<Option<i64>> =
        people.all(&db).await.unwrap().iter().map(|row| row.badge.as_ref().map(|b| b.id)).collect();
    assert_eq!(badges, [Some(10), Some(11), None, None]);
    let issuers =
        Badge::query().with(Badge::issuer).filter(Badge::id.eq(12)).one(&db).await.unwrap();
    assert_eq!(issuers.issuer.name, "Ada");
}

#[tokio::test]
async fn a_filter_and_a_partial_index_leave_one_row() {
    let (_database, db) = world().await;
    let query = |loading| {
        Person::query()
            .with(Person::main_address)
            .with(Person::addresses)
            .order_by(Person::id.asc())
            .loading(loading)
    };
    let sql = query(Correlated).to_sql().text;
    assert!(
        sql.contains(r#"FROM "rel_address" WHERE "rel_address"."person_id" = "rel_person"."id" AND "rel_address"."main" = $1)"#),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let people = query(loading).all(&db).await.unwrap();
        let cities: Vec<(Option<&str>, usize)> = people
            .iter()
            .map(|row| (row.main_address.as_ref().map(|it| it.city.as_str()), row.addresses.len()))
            .collect();
        assert_eq!(cities, [(Some("Rome"), 2), (None, 1), (None, 0), (None, 0)]);
    }
}

#[tokio::test]
async fn a_composite_key_that_is_the_primary_key_is_unique() {
    let (_database, db) = world().await;
    let pages = Page::query().with(Page::meta).order_by((Page::site.asc(), Page::path.asc()));
    let titles: Vec<Option<String>> = pages
        .all(&db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.meta.map(|meta| meta.title))
        .collect();
    assert_eq!(titles, [Some("Home".to_owned()), None, None, None]);
}

#[tokio::test]
async fn it_is_filtered_read_and_joined_as_every_relation_to_one_row() {
    let (_database, db) = world().await;
    let with_bio = Person::query().filter(Person::profile.exists()).order_by(Person::id.asc());
    let names = with_bio.select(Person::name).all(&db).await.unwrap();
    assert_eq!(names, ["Ada", "Bob"]);
    let bios = Person::query()
        .order_by(Person::profile.value(Profile::bio).desc().nulls_last())
        .select((Person::name, Person::profile.value(Profile::bio)));
    let bios: Vec<(String, Option<String>)> = bios.all(&db).await.unwrap();
    assert_eq!(bios[0], ("Bob".to_owned(), Some("second".to_owned())));
    assert_eq!(bios.iter().filter(|(_, bio)| bio.is_none()).count(), 2);
    let joined = Person::query().join(Person::profile).filter(Profile::bio.eq("first"));
    assert_eq!(joined.one(&db).await.unwrap().0.name, "Ada");
    let left = Person::query().left_join(Badge, Person::badge).order_by(Person::id.asc());
    let badges: Vec<Option<i64>> =
        left.all(&db).await.unwrap().into_iter().map(|(_, badge)| badge.map(|it| it.id)).collect();
    assert_eq!(badges, [Some(10), Some(11), None, None]);
    let chosen = Person::query()
        .filter(Person::id.eq(1))
        .with(Person::main_address.select((Address::city, Address::main)));
    let city: Option<(String, bool)> = chosen.one(&db).await.unwrap().main_address;
    assert_eq!(city, Some(("Rome".to_owned(), true)));
}

#[tokio::test]
async fn columns_without_a_foreign_key_are_named() {
    let (_database, db) = world().await;
    let mails = |loading| {
        Mail::query().with(Mail::person).with(Mail::team).order_by(Mail::id.asc()).loading(loading)
    };
    let sql = mails(Correlated).to_sql().text;
    assert!(
        sql.contains(r#"FROM "rel_person" WHERE "rel_person"."email" = "rel_mail"."recipient")"#),
        "{sql}"
    );
    for loading in [Automatic, Correlated] {
        let mails = mails(loading).all(&db).await.unwrap();
        let found: Vec<(Option<i64>, Option<i64>)> = mails
            .iter()
            .map(|mail| (mail.person.as_ref().map(|it| it.id), mail.team.as_ref().map(|it| it.id)))
            .collect();
        assert_eq!(found, [(Some(1), Some(1)), (None, None), (Some(1), None)]);
        let people =
            Person::query().with(Person::mails.order_by(Mail::id.asc())).order_by(Person::id.asc());
        let ids: Vec<Vec<i64>> = people
            .all(&db)
            .await
            .unwrap()
            .iter()
            .map(|row| row.mails.iter().map(|it| it.id).collect())
            .collect();
        assert_eq!(ids, [vec![1, 3], vec![], vec![], vec![]]);
    }
}

#[tokio::test]
async fn a_view_has_relations_and_is_related() {
    let (_database, db) = world().await;
    let stats = |loading| {
        Stats::query()
            .with(Stats::articles_of.order_by(Article::id.asc()))
            .with(Stats::person.with(Person::stats))
            .order_by(Stats::person_id.asc())
            .loading(loading)
    };
    for loading in [Automatic, Correlated] {
        let stats = stats(loading).all(&db).await.unwrap();
        assert_eq!(stats.len(), 2);
        assert_eq!(stats[0].articles, 2);
        assert_eq!(stats[0].articles_of.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
        let person = stats[0].person.as_ref().unwrap();
        assert_eq!((person.name.as_str(), person.stats.as_ref().unwrap().articles), ("Ada", 2));
    }
}

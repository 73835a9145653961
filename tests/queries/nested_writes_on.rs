//! Rows that are written along relations without a foreign key: `on(..)`.

use crate::fixture::empty;
use orm::prelude::*;
use orm::{ErrorKind, Insert};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "on_person",
    has_many(
        letters: Letter on(email = Letter::recipient),
        urgent: Letter on(email = Letter::recipient, Letter::is_urgent = true),
        scores: Score on(number = Score::person, team = Score::team),
    ),
    has_one(badge: Badge on(number = Badge::person)),
)]
pub(crate) struct Person {
    #[column(primary_key, identity)]
    number: i64,
    #[column(unique)]
    email: Option<String>,
    team: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "on_letter",
    belongs_to(
        to: Person on(recipient = Person::email),
        urgent_to: Person on(recipient = Person::email, is_urgent = true),
    ),
)]
pub(crate) struct Letter {
    #[column(primary_key, identity)]
    id: i32,
    recipient: Option<String>,
    is_urgent: bool,
    text: String,
}

/// Its number is smaller than that of a person.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "on_badge", belongs_to(owner: Person on(person = Person::number)))]
pub(crate) struct Badge {
    #[column(primary_key)]
    person: i16,
    color: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "on_score", primary_key(game, person))]
pub(crate) struct Score {
    game: String,
    person: i64,
    team: String,
}

macro_rules! person {
    ($email:expr) => {
        Person::insert().email($email).team("red")
    };
}

#[tokio::test]
async fn columns_that_are_equal_are_carried_over() {
    let (_database, db) = empty().await;
    let ada = Person::insert()
        .email("ada")
        .team("red")
        .with(Person::letters.insert([Letter::insert().is_urgent(false).text("a")]))
        .with(Person::urgent.insert([Letter::insert().text("b"), Letter::insert().text("c")]))
        .with(Person::badge.insert(Badge::insert().color("blue")))
        .with(Person::scores.insert([Score::insert().game("chess")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!(ada.letters[0].recipient.as_deref(), Some("ada"));
    assert!(ada.urgent.iter().all(|it| it.is_urgent && it.recipient.as_deref() == Some("ada")));
    assert_eq!(ada.badge.as_ref().map(|it| i64::from(it.person)), Some(ada.number));
    let score = Score { game: "chess".to_owned(), person: ada.number, team: "red".to_owned() };
    assert_eq!(ada.scores, [score]);

    // The row that another belongs to comes first.
    let letter = Letter::insert().text("d").with(Letter::urgent_to.insert(person!("bob")));
    let letter = letter.returning_all().one(&db).await.unwrap();
    assert_eq!((letter.recipient.as_deref(), letter.is_urgent), (Some("bob"), true));
    let badges = ["red", "green"]
        .map(|color| Badge::insert().color(color).with(Badge::owner.insert(person!(color))));
    let badges = Insert::trees(badges).returning_all().all(&db).await.unwrap();
    assert!(badges.iter().all(|it| it.owner.as_ref().unwrap().number == i64::from(it.person)));
    let given = Person::letters.of(&ada.row).insert([Letter::insert().is_urgent(true).text("e")]);
    assert_eq!(given.execute(&db).await.unwrap(), 1);
    let urgent = Person::query().select((Person::email, Person::urgent.count()));
    let urgent = urgent.order_by(Person::number.asc()).all(&db).await.unwrap();
    assert_eq!(urgent[..2], [(Some("ada".to_owned()), 3), (Some("bob".to_owned()), 1)]);
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_an_error_and_nothing_is_inserted() {
    let (database, db) = empty().await;
    let error = Person::insert()
        .team("red")
        .with(Person::letters.insert([Letter::insert().is_urgent(false).text("a")]))
        .execute(&db)
        .await
        .unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("on_person"), Some("email")));
    assert!(error.to_string().contains("no row can be linked by it"), "{error}");
    database.execute("ALTER TABLE on_person ALTER number RESTART WITH 40000").await;
    let error = Person::insert()
        .team("red")
        .with(Person::badge.insert(Badge::insert().color("blue")))
        .execute(&db)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("out of range"), "{error}");
    assert_eq!(Person::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_are_linked_by_the_columns_that_are_equal() {
    let (_database, db) = empty().await;
    let ada = person!("ada").returning_all().one(&db).await.unwrap();
    let letters = ["a", "b", "c"].map(|text| Letter::insert().is_urgent(false).text(text));
    let letters = Insert::trees(letters).returning_all().all(&db).await.unwrap();
    let ids: Vec<i32> = letters.iter().map(|letter| letter.id).collect();
    let found = async || -> Vec<(i32, bool)> {
        let letters =
            Letter::query().filter(Letter::recipient.eq("ada")).order_by(Letter::id.asc());
        letters.select((Letter::id, Letter::is_urgent)).all(&db).await.unwrap()
    };
    Person::letters.of(&ada).connect([ids[0]]).execute(&db).await.unwrap();
    Person::urgent.of(&ada).connect([ids[1], ids[2]]).execute(&db).await.unwrap();
    assert_eq!(found().await, [(ids[0], false), (ids[1], true), (ids[2], true)]);
    // Only urgent ones are unlinked; what cannot be NULL stays.
    assert_eq!(Person::urgent.of(&ada).set([ids[2]]).execute(&db).await.unwrap(), 2);
    assert_eq!(found().await, [(ids[0], false), (ids[2], true)]);
    assert_eq!(Person::letters.of(&ada).disconnect_all().execute(&db).await.unwrap(), 2);
    assert!(found().await.is_empty());
    let error = Person::badge.of(&ada).connect([7_i16]).execute(&db).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("on_badge")));
}

//! Types that a program declares, four ways around: as a column, as a parameter, within a record, as NULL.

use orm::Config;
use orm::prelude::*;
use orm::types::Enumeration as _;
use orm_migrate::ddl;
use orm_test_support::TestDatabase;

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[pg_enum(name = "mood", comment = "how somebody feels")]
pub(crate) enum Mood {
    Sad,
    Ok,
    #[variant(name = "very happy")]
    Happy,
}

#[derive(Domain, Debug, Clone, PartialEq, Eq)]
#[domain(name = "email", check("has_an_at", "VALUE LIKE '%@%'"))]
pub(crate) struct Email(pub(crate) String);

#[derive(Composite, Debug, Clone, PartialEq)]
#[composite(name = "Address")]
pub(crate) struct Address {
    pub(crate) street: String,
    #[field(name = "postal_code")]
    pub(crate) zip: Option<i32>,
    pub(crate) mood: Mood,
    pub(crate) contact: Option<Email>,
    pub(crate) numbers: Vec<i64>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(pets: Pet))]
pub(crate) struct Person {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(default = Mood::Ok)]
    pub(crate) mood: Mood,
    pub(crate) maybe_mood: Option<Mood>,
    pub(crate) moods: Vec<Mood>,
    pub(crate) maybe_moods: Option<Vec<Mood>>,
    pub(crate) email: Email,
    pub(crate) maybe_email: Option<Email>,
    pub(crate) emails: Vec<Email>,
    pub(crate) address: Address,
    pub(crate) maybe_address: Option<Address>,
    pub(crate) addresses: Vec<Address>,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Pet {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) mood: Mood,
    #[column(references = Person::id)]
    pub(crate) person_id: i64,
}

/// The same columns with another enum: as a database that is ahead of the code.
mod ahead {
    use orm::prelude::*;

    #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
    #[pg_enum(name = "mood", schema = "elsewhere")]
    pub(crate) enum Feeling {
        Ok,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "diary", schema = "elsewhere")]
    pub(crate) struct Diary {
        #[column(primary_key)]
        pub(crate) id: i64,
        pub(crate) feeling: Feeling,
    }
}

pub(crate) async fn database() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    let declared = orm::registry::declared().expect("names that do not collide");
    for name in ["mood", "email", "Address"] {
        let object = declared.object("public", name).expect("a declared type");
        for statement in ddl::object::made(object) {
            database.execute(&statement).await;
        }
    }
    database.create(&[Person::TABLE, Pet::TABLE]).await;
    let db = database.db();
    (database, db)
}

pub(crate) fn email(text: &str) -> Email {
    Email(text.to_owned())
}

fn address(zip: Option<i32>) -> Address {
    Address {
        street: "Rue de \"Rivoli\", 1".to_owned(),
        zip,
        mood: Mood::Happy,
        contact: zip.map(|_| email("shop@example.com")),
        numbers: vec![1, i64::MIN],
    }
}

pub(crate) fn full() -> Person {
    Person {
        id: 1,
        mood: Mood::Happy,
        maybe_mood: Some(Mood::Sad),
        moods: vec![Mood::Sad, Mood::Happy],
        maybe_moods: Some(vec![]),
        email: email("ada@example.com"),
        maybe_email: Some(email("a@b")),
        emails: vec![email("x@y"), email("y@z")],
        address: address(Some(75001)),
        maybe_address: Some(address(None)),
        addresses: vec![address(None), address(Some(1))],
    }
}

pub(crate) fn empty() -> Person {
    Person {
        id: 2,
        mood: Mood::Ok,
        maybe_mood: None,
        moods: vec![],
        maybe_moods: None,
        email: email("@"),
        maybe_email: None,
        emails: vec![],
        address: address(None),
        maybe_address: None,
        addresses: vec![],
    }
}

pub(crate) fn insert(person: Person) -> orm::Insert<Person> {
    Person::insert()
        .id(person.id)
        .mood(person.mood)
        .maybe_mood(person.maybe_mood)
        .moods(person.moods)
        .maybe_moods(person.maybe_moods)
        .email(person.email)
        .maybe_email(person.maybe_email)
        .emails(person.emails)
        .address(person.address)
        .maybe_address(person.maybe_address)
        .addresses(person.addresses)
        .build()
}

async fn check(person: Person) {
    let (_database, db) = database().await;
    assert_eq!(
        insert(person.clone()).returning_all().one(&db).await.unwrap(),
        person,
        "as a column"
    );
    let pet = |id| Pet::insert().id(id).mood(Mood::Sad).person_id(person.id);
    // Several rows go without a prepared statement.
    orm::Insert::values([pet(1), pet(2)]).execute(&db).await.unwrap();
    let pets = Pet::query().with(Pet::person).order_by(Pet::id.asc()).all(&db).await.unwrap();
    assert_eq!(pets[1].person, person, "within a record");
    assert_eq!(pets[1].mood, Mood::Sad);
    let person_with_pets = Person::query().with(Person::pets).one(&db).await.unwrap();
    assert_eq!(person_with_pets.pets.len(), 2);
    let same = Person::query()
        .filter(Person::mood.eq(person.mood))
        .filter(Person::mood.is_in([person.mood, Mood::Sad]))
        .filter(Person::maybe_mood.is_not_distinct_from(person.maybe_mood))
        .filter(Person::moods.eq(person.moods.clone()))
        .filter(Person::maybe_moods.is_not_distinct_from(person.maybe_moods.clone()))
        .filter(Person::email.eq(person.email.clone()))
        .filter(Person::email.eq(person.email.0.as_str()))
        .filter(Person::email.like("%@%"))
        .filter(Person::email.is_in([person.email.clone()]))
        .filter(Person::maybe_email.is_not_distinct_from(person.maybe_email.clone()))
        .filter(Person::emails.eq(person.emails.clone()))
        .filter(Person::address.eq(person.address.clone()))
        .filter(Person::maybe_address.is_not_distinct_from(person.maybe_address.clone()))
        .filter(Person::addresses.eq(person.addresses.clone()));
    assert_eq!(same.one(&db).await.unwrap(), person, "as a parameter");
}

#[tokio::test]
async fn every_declared_type_comes_back_as_it_was_sent() {
    check(full()).await;
    check(empty()).await;
}

#[tokio::test]
async fn values_travel_without_prepared_statements_too() {
    let (database, _) = database().await;
    let url = format!(
        "{}{}pgbouncer=true",
        database.url(),
        if database.url().contains('?') { "&" } else { "?" }
    );
    let db = Db::connect_lazy(Config::from_url(&url).unwrap()).unwrap();
    for person in [full(), empty()] {
        assert_eq!(insert(person.clone()).returning_all().one(&db).await.unwrap(), person);
        let moods = Person::query().filter(Person::moods.eq(person.moods)).select(Person::moods);
        assert_eq!(moods.all(&db).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_missing_row_of_a_left_join_has_no_value_of_a_declared_type() {
    let (_database, db) = database().await;
    insert(full()).execute(&db).await.unwrap();
    let query = Person::query().left_join(Pet, Pet::person_id.eq(Person::id)).select((
        Person::mood,
        Pet::mood,
        Person::maybe_mood,
    ));
    let rows: Vec<(Mood, Option<Mood>, Option<Mood>)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [(Mood::Happy, None, Some(Mood::Sad))]);
}

#[tokio::test]
async fn a_column_starts_with_the_variant_that_is_its_default() {
    let (_database, db) = database().await;
    let person = Person::insert()
        .id(3)
        .moods(vec![])
        .email(email("@"))
        .emails(vec![])
        .address(address(None))
        .addresses(vec![]);
    assert_eq!(person.returning_all().one(&db).await.unwrap().mood, Mood::Ok);
    Person::update().set(Person::mood.set(Mood::Sad)).all_rows().execute(&db).await.unwrap();
    let moods = Person::query().select(Person::mood).all(&db).await.unwrap();
    assert_eq!(moods, [Mood::Sad]);
}

#[tokio::test]
async fn enums_sort_in_the_order_of_their_variants() {
    let (_database, db) = database().await;
    for (id, mood) in [(1, Mood::Happy), (2, Mood::Sad), (3, Mood::Ok)] {
        insert(Person { id, mood, ..empty() }).execute(&db).await.unwrap();
    }
    let moods = Person::query().order_by(Person::mood.asc()).select(Person::mood);
    assert_eq!(moods.all(&db).await.unwrap(), [Mood::Sad, Mood::Ok, Mood::Happy]);
    let better = Person::query().filter(Person::mood.gt(Mood::Sad)).count(&db).await.unwrap();
    assert_eq!(better, 2);
    assert_eq!(Mood::LABELS, ["sad", "ok", "very happy"]);
}

#[tokio::test]
async fn an_unknown_label_is_an_error_that_names_the_type_and_the_label() {
    let database = orm_test_support::database().await;
    database
        .execute(
            "CREATE SCHEMA elsewhere; CREATE TYPE elsewhere.mood AS ENUM ('ok', 'bored'); \
             CREATE TABLE elsewhere.diary (id bigint PRIMARY KEY, feeling elsewhere.mood NOT NULL); \
             INSERT INTO elsewhere.diary VALUES (1, 'bored')",
        )
        .await;
    let error = ahead::Diary::query().one(&database.db()).await.unwrap_err();
    assert_eq!(
        error.to_string().lines().next(),
        Some(
            "could not read column \"diary\".\"feeling\" (elsewhere.mood): `Feeling` has no variant for the label `bored` of the enum elsewhere.mood, only `ok`"
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_value_that_a_domain_refuses_is_an_error_that_names_the_check() {
    let (_database, db) = database().await;
    let error = insert(Person { email: email("nobody"), ..full() }).execute(&db).await.unwrap_err();
    assert!(error.to_string().contains("has_an_at"), "{error}");
}

#[tokio::test]
async fn a_composite_with_other_fields_is_an_error_that_names_them() {
    let (database, db) = database().await;
    database.execute("ALTER TYPE \"Address\" DROP ATTRIBUTE numbers CASCADE").await;
    let error = insert(full()).execute(&db).await.unwrap_err();
    assert!(
        error.to_string().contains(
            "has the fields (street, postal_code, mood, contact), and the struct has (street, postal_code, mood, contact, numbers)"
        ),
        "{error}"
    );
}

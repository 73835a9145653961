//! Structs whose columns several tables have, and fields that are no columns.

use chrono::TimeZone as _;
use orm::prelude::*;
use orm::{Insert, Update};
use orm_test_support::TestDatabase;

/// Struct and tables are in modules that do not see the same names.
mod shared {
    use chrono::{DateTime as Moment, Utc as World};
    use orm::prelude::*;

    #[derive(Enum, Debug, Clone, Copy, PartialEq)]
    #[pg_enum(name = "flat_state")]
    pub(super) enum State {
        Draft,
        Live,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "flat_person", has_many(posts: super::Post::author_id))]
    pub(super) struct Person {
        #[column(primary_key)]
        pub(super) id: i64,
        pub(super) name: String,
    }

    fn moment() -> Moment<World> {
        "2001-02-03T04:05:06Z".parse().expect("a moment")
    }

    fn token() -> String {
        "made".to_owned()
    }

    #[derive(Columns, Debug, Clone, PartialEq)]
    #[columns(rename_all = "camelCase")]
    pub(super) struct Made {
        #[column(default_fn = token)]
        pub(super) by_token: String,
        #[column(default_fn = || State::Live)]
        pub(super) the_state: State,
        #[column(name = "Plain")]
        pub(super) plain: Option<i32>,
    }

    #[derive(Columns, Debug, Clone, PartialEq)]
    pub(super) struct Audit {
        #[column(default = now(), index, comment = "when it was made")]
        pub(super) created_at: Moment<World>,
        #[column(on_update = self::moment())]
        pub(super) updated_at: Option<Moment<World>>,
        #[column(references = Person::id, on_delete = cascade)]
        pub(super) author_id: Option<i64>,
        #[column(default = State::Draft)]
        state: State,
        #[column(skip = 7)]
        pub(super) cached: i32,
    }

    impl Audit {
        pub(super) fn new(created_at: Moment<World>, author_id: Option<i64>) -> Self {
            Self { created_at, updated_at: None, author_id, state: State::Live, cached: 7 }
        }

        pub(super) fn state(&self) -> State {
            self.state
        }
    }
}

use shared::{Person, State};

#[derive(Columns, Debug, Clone, PartialEq)]
struct Address {
    #[column(data_type = "varchar(20)")]
    street: String,
    #[column(name = "town", unique)]
    city: Option<String>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "flat_post", unique(title, author_id), index(created_at desc, id))]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(flatten)]
    audit: shared::Audit,
    title: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "flat_order", has_many(lines: Line))]
struct Order {
    #[column(flatten, prefix = "billing_")]
    billing: Address,
    #[column(skip)]
    note: Vec<String>,
    #[column(primary_key)]
    id: i64,
    #[column(flatten, prefix = "shipping_")]
    shipping: Address,
    #[column(flatten, prefix = "by_")]
    made: shared::Audit,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "flat_line")]
struct Line {
    #[column(primary_key)]
    id: i64,
    #[column(references = Order::id)]
    order_id: i64,
    #[column(flatten)]
    to: Address,
}

async fn tables() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.execute("CREATE TYPE flat_state AS ENUM ('draft', 'live')").await;
    database.create(&[Person::TABLE, Post::TABLE, Order::TABLE, Line::TABLE]).await;
    let db = database.db();
    Person::insert().id(1).name("Ada").execute(&db).await.unwrap();
    (database, db)
}

fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 5, 6, 7, 8, second).unwrap()
}

fn address(street: &str, city: Option<&str>) -> Address {
    Address { street: street.to_owned(), city: city.map(str::to_owned) }
}

fn order(id: i64) -> Order {
    Order {
        billing: address("One", Some(&format!("b{id}"))),
        note: vec!["unseen".into()],
        id,
        shipping: address("Two", None),
        made: shared::Audit::new(at(1), Some(1)),
    }
}

#[derive(Columns, Debug, Clone, PartialEq)]
struct Numbered {
    #[column(primary_key, identity)]
    number: i64,
    name: String,
    #[column(generated = "lower(name)", unique)]
    lower: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "flat_city")]
struct City {
    #[column(flatten)]
    base: Numbered,
    area: Option<f64>,
}

#[derive(Insertable)]
#[insert(into = City)]
struct NewCity {
    #[given(flatten)]
    base: Numbered,
    area: f64,
}

#[derive(Patch)]
#[patch(table = City, keyed)]
struct Renamed {
    #[given(flatten)]
    base: Numbered,
}

#[tokio::test]
async fn what_only_the_server_sets_is_left_out() {
    let database = orm_test_support::database().await;
    database.create(&[City::TABLE]).await;
    let db = database.db();
    let base = |name: &str| Numbered { number: 77, name: name.into(), lower: String::new() };
    let insert = City::insert().base(base("Oslo"));
    assert_eq!(insert.to_sql(), r#"INSERT INTO "flat_city" ("name") VALUES ($1)"#);
    let oslo = insert.returning_all().one(&db).await.unwrap();
    let expected = Numbered { number: 1, name: "Oslo".into(), lower: "oslo".into() };
    assert_eq!(oslo.base, expected);
    let update = City::update().set(City::base.set(base("Rome"))).filter(City::number.eq(1));
    assert_eq!(update.returning(City::lower).one(&db).await.unwrap(), "rome");
    let found = City::query().find(1).one(&db).await.unwrap();
    assert_eq!(found.base.name, "Rome");
    Insert::values([City { area: Some(1.5), base: base("Bonn") }]).execute(&db).await.unwrap();
    let changed = City { area: None, ..found };
    assert_eq!(Update::row(changed).execute(&db).await.unwrap(), 1);
    Insert::values([NewCity { base: base("Bern"), area: 2.5 }]).execute(&db).await.unwrap();
    let bern = Numbered { number: 3, ..base("Biel") };
    assert_eq!(Update::row(Renamed { base: bern }).execute(&db).await.unwrap(), 1);
    let names = City::query().order_by(City::number.asc()).select(City::lower);
    assert_eq!(names.all(&db).await.unwrap(), ["rome", "bonn", "biel"]);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "made", prefix = "flat_", rename_all = "camelCase")]
struct Thing {
    #[column(primary_key)]
    thing_id: i64,
    #[column(flatten)]
    made: shared::Made,
    #[column(flatten, prefix = "was_")]
    was: Address,
}

#[tokio::test]
async fn names_and_values_are_made_as_of_columns_of_the_table() {
    let database = orm_test_support::database().await;
    database.execute("CREATE TYPE flat_state AS ENUM ('draft', 'live')").await;
    database.create(&[Thing::TABLE]).await;
    let db = database.db();
    let names: Vec<&str> = Thing::TABLE.columns.iter().map(|it| &*it.name).collect();
    assert_eq!(Thing::TABLE.name, "flat_made");
    assert_eq!(names, ["thingId", "byToken", "theState", "Plain", "wasStreet", "was_town"]);
    Thing::insert().thing_id(1).was_street("One").execute(&db).await.unwrap();
    let found = Thing::query().filter(Thing::by_token.eq("made")).one(&db).await.unwrap();
    assert_eq!(found.made.the_state, State::Live);
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Order)]
struct Shipping {
    id: i64,
    #[column(flatten, prefix = "shipping_")]
    to: Address,
    #[column(skip = "unsent".to_owned())]
    state: String,
}

#[derive(FromRow, Debug, PartialEq)]
struct Destination {
    line: i64,
    #[column(flatten)]
    to: Address,
}

#[derive(Insertable)]
#[insert(into = Order)]
struct NewOrder<'a> {
    id: i64,
    #[given(flatten, prefix = "billing_")]
    bill: Address,
    shipping_street: &'a str,
}

#[derive(Patch)]
#[patch(table = Order, keyed)]
struct Moved {
    id: i64,
    #[given(flatten, prefix = "shipping_")]
    to: Address,
    by_author_id: Option<i64>,
}

#[tokio::test]
async fn a_smaller_struct_holds_it_too() {
    let (_database, db) = tables().await;
    let bill = address("One", Some("Oslo"));
    let insert = Insert::values([NewOrder { id: 1, bill, shipping_street: "Two" }]);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "flat_order" ("billing_street", "billing_town", "id", "shipping_street", "by_updated_at") VALUES ($1, $2, $3, $4, $5)"#
    );
    insert.execute(&db).await.unwrap();
    let patch = Moved { id: 1, to: address("Three", Some("Bergen")), by_author_id: None };
    assert_eq!(Update::row(patch).execute(&db).await.unwrap(), 1);
    let shipping = Order::query().select_as::<Shipping>().one(&db).await.unwrap();
    let to = address("Three", Some("Bergen"));
    assert_eq!(shipping, Shipping { id: 1, to: to.clone(), state: "unsent".into() });

    Insert::values([Line { id: 5, order_id: 1, to: to.clone() }]).execute(&db).await.unwrap();
    let lines = Line::query().select(DestinationSelect {
        line: Line::id,
        street: Line::street,
        city: Line::city,
    });
    let there = orm::from(lines).filter(Destination::city.eq("Bergen"));
    assert_eq!(there.one(&db).await.unwrap(), Destination { line: 5, to: to.clone() });
    let given = orm::values([Destination { line: 6, to: to.clone() }]);
    assert_eq!(orm::from(given).one(&db).await.unwrap(), Destination { line: 6, to });
}

#[test]
fn the_columns_stand_where_the_field_is_with_all_that_is_said_of_them() {
    let columns: Vec<String> = Order::TABLE
        .columns
        .iter()
        .map(|column| {
            let null = if column.nullable { " NULL" } else { "" };
            let default = column.default.as_deref().map(|it| format!(" DEFAULT {it}"));
            let default = default.unwrap_or_default();
            let comment = column.comment.as_deref().map(|it| format!(" -- {it}"));
            let comment = comment.unwrap_or_default();
            format!("{} {}{null}{default}{comment}", column.name, column.data_type)
        })
        .collect();
    assert_eq!(
        columns,
        [
            "billing_street varchar(20)",
            "billing_town text NULL",
            "id bigint",
            "shipping_street varchar(20)",
            "shipping_town text NULL",
            "by_created_at timestamp with time zone DEFAULT now() -- when it was made",
            "by_updated_at timestamp with time zone NULL",
            "by_author_id bigint NULL",
            "by_state public.flat_state DEFAULT 'draft'",
        ]
    );
    let uniques: Vec<&str> =
        Order::TABLE.uniques.iter().flat_map(|it| it.columns.iter().map(|it| &**it)).collect();
    assert_eq!(uniques, ["billing_town", "shipping_town"]);
    let key = &Order::TABLE.foreign_keys[0];
    assert_eq!(
        (&*key.columns[0], &*key.references_table, &*key.references_columns[0]),
        ("by_author_id", "flat_person", "id")
    );
    assert_eq!(key.on_delete, orm::schema::Action::Cascade);
    let indexes = &Post::TABLE.indexes;
    assert_eq!(indexes.len(), 2);
    assert_eq!(Post::TABLE.uniques[0].columns[1], "author_id");
    let declared = orm::registry::declared().unwrap();
    assert_eq!(declared.table("public", "flat_order").unwrap().columns.len(), 9);
}

#[tokio::test]
async fn rows_are_inserted_read_and_saved_whole() {
    let (_database, db) = tables().await;
    assert_eq!(Insert::values([order(1), order(2)]).execute(&db).await.unwrap(), 2);
    let expected = |id| Order { note: Vec::new(), ..order(id) };
    let found = Order::query().order_by(Order::id.asc()).all(&db).await.unwrap();
    assert_eq!(found, [expected(1), expected(2)]);
    assert_eq!(found[0].made.state(), State::Live);

    let mut changed = found[0].clone();
    changed.shipping = address("Three", Some("s1"));
    let saved = Update::row(changed.clone()).returning_all().one(&db).await.unwrap();
    assert_eq!(saved.shipping, changed.shipping);
    let changes = Update::rows([changed.clone(), expected(2)]);
    assert_eq!(changes.execute(&db).await.unwrap(), 2);

    let many: Vec<Order> = (10..300).map(order).collect();
    assert_eq!(Insert::values(many).execute(&db).await.unwrap(), 290);
    let last = Order::query().filter(Order::billing_city.eq("b299")).one(&db).await.unwrap();
    assert_eq!(last, expected(299));
}

#[tokio::test]
async fn a_column_of_it_is_one_of_the_table_in_every_clause() {
    let (_database, db) = tables().await;
    let insert = Order::insert().id(1).billing(address("One", Some("Oslo"))).shipping_street("Two");
    insert.by_author_id(1_i64).execute(&db).await.unwrap();
    let query = Order::query()
        .filter(Order::billing_city.eq("Oslo").and(Order::by_state.eq(State::Draft)))
        .order_by(Order::by_created_at.desc())
        .select((Order::billing_street, Order::shipping, Order::by_updated_at));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "flat_order"."billing_street", "flat_order"."shipping_street", "flat_order"."shipping_town", "flat_order"."by_updated_at" FROM "flat_order" WHERE "flat_order"."billing_town" = $1 AND "flat_order"."by_state" = $2 ORDER BY "flat_order"."by_created_at" DESC"#
    );
    // What the client makes is made of an insert too, where the column has no default.
    let made = "2001-02-03T04:05:06Z".parse::<DateTime<Utc>>().unwrap();
    let expected = ("One".to_owned(), address("Two", None), Some(made));
    assert_eq!(query.one(&db).await.unwrap(), expected);

    let update = Order::update()
        .set((Order::shipping.set(address("Four", None)), Order::by_state.set(State::Live)))
        .filter(Order::id.eq(1));
    assert_eq!(
        update.to_sql(),
        r#"UPDATE "flat_order" SET "shipping_street" = $1, "shipping_town" = $2, "by_state" = $3, "by_updated_at" = $4 WHERE "flat_order"."id" = $5"#
    );
    assert_eq!(update.execute(&db).await.unwrap(), 1);

    let upsert = Order::insert()
        .id(1)
        .billing_street("Five")
        .billing_city("Oslo")
        .shipping_street("Six")
        .on_conflict(Order::billing_city)
        .do_update((Order::billing_street.set_excluded(), Order::billing_city.set_excluded()));
    assert_eq!(upsert.execute(&db).await.unwrap(), 1);

    let grouped = Order::query()
        .group_by(Order::billing_city)
        .select((Order::billing_city, orm::func::count_star()));
    assert_eq!(grouped.all(&db).await.unwrap(), [(Some("Oslo".to_owned()), 1)]);
    // The primary key decides the other columns.
    let by_key = Order::query().group_by(Order::id).select((
        Order::by_created_at,
        Order::billing,
        orm::func::count_star(),
    ));
    assert_eq!(by_key.all(&db).await.unwrap().len(), 1);

    let other = orm::alias!(Order, "other");
    let aliased = orm::from(other).filter(other.billing_city.eq("Oslo")).select(other.by_author_id);
    assert_eq!(aliased.all(&db).await.unwrap(), [Some(1)]);
    assert_eq!(
        Order::delete().filter(Order::billing_city.eq("Oslo")).execute(&db).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn related_rows_hold_it() {
    let (_database, db) = tables().await;
    Insert::values([order(1)]).execute(&db).await.unwrap();
    let line = Line { id: 1, order_id: 1, to: address("Here", Some("Bergen")) };
    Insert::values([line.clone()]).execute(&db).await.unwrap();
    let post = Post { id: 1, audit: shared::Audit::new(at(2), Some(1)), title: "t".into() };
    Insert::values([post.clone()]).execute(&db).await.unwrap();

    let order = Order::query().with(Order::lines).one(&db).await.unwrap();
    assert_eq!(order.lines, std::slice::from_ref(&line));
    let order = Order::query().with(Order::by_author).one(&db).await.unwrap();
    assert_eq!(order.by_author.unwrap().name, "Ada");
    let post = Post::query().with(Post::author).one(&db).await.unwrap();
    assert_eq!(post.author.as_ref().unwrap().id, 1);
    assert_eq!(post.audit.author_id, Some(1));

    let person = Person::query().with(Person::posts).one(&db).await.unwrap();
    assert_eq!(person.posts.len(), 1);
    assert_eq!(person.posts[0].audit.created_at, at(2));

    // A join that leaves the row out leaves the struct out.
    let none =
        Person::query().left_join(Line, Line::city.eq("nowhere")).select((Person::id, Line::to));
    assert_eq!(none.one(&db).await.unwrap(), (1, None));
    let some =
        Person::query().left_join(Line, Line::city.eq("Bergen")).select((Person::id, Line::to));
    assert_eq!(some.one(&db).await.unwrap(), (1, Some(line.to)));
}

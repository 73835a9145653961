//! What is written, found by key, and read through other sources: each value goes as the type of its column.

use crate::as_in_psql::{Code, CodeOf, Handle, Item, Mood, item, items};
use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{Insert, Maybe, Placeholder, Update, excluded, func, prepare};

#[derive(Patch, Clone)]
#[patch(table = Code, keyed)]
struct CodePatch<'a> {
    key: &'a str,
    number: Maybe<i32>,
}

#[derive(Patch, Clone)]
#[patch(table = Item)]
struct ItemPatch {
    ci: Option<String>,
    fixed: Option<String>,
    handle: Maybe<Handle>,
    tags: Option<Vec<String>>,
    doc: Option<serde_json::Value>,
    note: Option<String>,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Item)]
struct Picked {
    id: i32,
    ci: String,
}

#[derive(FromRow, Debug, PartialEq)]
struct Computed {
    id: i32,
    text: String,
}

fn code(key: &str, number: i32) -> Code {
    Code { key: key.to_owned(), number }
}

async fn numbers(db: &Db) -> Vec<(String, i32)> {
    Code::query().order_by(Code::key.asc()).select((Code::key, Code::number)).all(db).await.unwrap()
}

async fn with_codes(db: &Db) {
    Insert::values([code("Ada", 1), code("bob", 2)]).execute(db).await.unwrap();
    let of = |country: &str, text: &str, number| CodeOf {
        country: country.to_owned(),
        code: text.to_owned(),
        number,
    };
    let rows = [of("fr", "Ada", 1), of("fr", "bob", 2), of("f", "cy", 3)];
    Insert::values(rows).execute(db).await.unwrap();
}

#[tokio::test]
async fn a_key_is_found_by_the_rules_of_its_type() {
    let (_database, db) = items().await;
    with_codes(&db).await;
    let found = Code::query().find("ADA").one(&db).await.unwrap();
    assert_eq!(found, code("Ada", 1));
    assert_eq!(Code::query().find_many(["ADA", "BOB", "x"]).count(&db).await.unwrap(), 2);
    let found = CodeOf::query().find(("f", "CY")).one(&db).await.unwrap();
    assert_eq!(found.number, 3);
    let many = CodeOf::query().find_many([("f ", "CY"), ("fr", "ADA"), ("f", "ada")]);
    let mut found = many.select(CodeOf::number).all(&db).await.unwrap();
    found.sort_unstable();
    assert_eq!(found, [1, 3]);
    let update = Code::update().find("ADA").set(Code::number.set(7));
    assert_eq!(update.execute(&db).await.unwrap(), 1);
    assert_eq!(Code::delete().find_many(["BOB", "b"]).execute(&db).await.unwrap(), 1);
    assert_eq!(CodeOf::delete().find(("F", "CY")).execute(&db).await.unwrap(), 0);
    assert_eq!(CodeOf::delete().find(("f", "CY")).execute(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn rows_come_back_by_every_road_of_an_insert() {
    let (_database, db) = items().await;
    let expected = |id: i32, text: &str| {
        let mut item = item(id, text);
        item.fixed = format!("{text:6}");
        item
    };
    assert_eq!(
        Item::query().order_by(Item::id.asc()).all(&db).await.unwrap(),
        [expected(1, "Ada"), expected(2, "bob"), expected(3, "Cy ")]
    );
    let built = |id: i32| {
        let row = item(id, "New");
        let one =
            Item::insert().id(id).ci(row.ci).maybe(row.maybe).fixed(row.fixed).short(row.short);
        let two = one.name(row.name).plain(row.plain).handle(row.handle).mood(row.mood);
        two.tags(row.tags).doc(row.doc).note(row.note)
    };
    let one = built(10).returning_all().one(&db).await.unwrap();
    assert_eq!(one, expected(10, "New"));
    // `VALUES`, arrays, the elements of arrays, `COPY`.
    let two = Insert::values([built(11), built(12)]).returning_all().all(&db).await.unwrap();
    assert_eq!(two[1], expected(12, "New"));
    let many = Insert::values((100..300).map(built)).returning_all().all(&db).await.unwrap();
    assert_eq!(many[199], expected(299, "New"));
    let structs = Insert::values((300..302).map(|id| item(id, "New")));
    assert_eq!(structs.returning_all().all(&db).await.unwrap()[1], expected(301, "New"));
    let structs = Insert::values((1000..7000).map(|id| item(id, "New")));
    assert_eq!(structs.execute(&db).await.unwrap(), 6000);
    assert_eq!(orm::copy_in(&db, (7000..7002).map(|id| item(id, "New"))).await.unwrap(), 2);
    assert_eq!(orm::copy_in(&db, (7002..7004).map(built)).await.unwrap(), 2);
    for id in [6999, 7001, 7003] {
        let found = Item::query().find(id).one(&db).await.unwrap();
        assert_eq!(found, expected(id, "New"));
    }
    assert_eq!(Item::query().filter(Item::handle.eq("NEW")).count(&db).await.unwrap(), 6209);
    let copied: Vec<Item> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied.last(), Some(&expected(7003, "New")));
}

#[tokio::test]
async fn an_upsert_compares_and_sets_by_the_types_of_columns() {
    let (_database, db) = items().await;
    with_codes(&db).await;
    let upsert = Code::insert()
        .key("ADA")
        .number(5)
        .on_conflict(Code::key)
        .do_update(Code::number.set_excluded())
        .filter(Code::key.eq(excluded(Code::key)).and(Code::key.ne("ada!")));
    assert_eq!(upsert.execute(&db).await.unwrap(), 1);
    let upsert = Insert::values([code("BOB", 8), code("cy", 9)])
        .on_conflict(Code::key)
        .do_update((Code::key.set("bOb"), Code::number.set(excluded(Code::number))));
    assert_eq!(upsert.execute(&db).await.unwrap(), 2);
    let expected =
        [("Ada", 5), ("bOb", 8), ("cy", 9)].map(|(key, number)| (key.to_owned(), number));
    assert_eq!(numbers(&db).await, expected);
}

#[tokio::test]
async fn an_update_sets_values_of_the_types_of_columns() {
    let (_database, db) = items().await;
    with_codes(&db).await;
    let update = Item::update()
        .set((
            Item::ci.set("Zoë"),
            Item::fixed.set("ab"),
            Item::maybe.set(None::<String>),
            Item::handle.set(Handle("zoe".into())),
            Item::tags.set(vec!["T".to_owned()]),
            Item::doc.set(serde_json::json!([1])),
            Item::note.set("<z/>"),
            Item::mood.set(Mood::Happy),
            Item::short.set(func::coalesce((Item::maybe, "none"))),
            Item::name.set(func::case().when(Item::ci.eq("ADA"), "was ada").otherwise(Item::name)),
        ))
        .filter(Item::ci.eq("ADA"));
    let zoe = update.returning_all().one(&db).await.unwrap();
    assert_eq!(
        (zoe.ci.as_str(), zoe.fixed.as_str(), zoe.name.as_str()),
        ("Zoë", "ab    ", "was ada")
    );
    assert_eq!((zoe.tags, zoe.note.as_str()), (vec!["T".to_owned()], "<z/>"));
    let patch = ItemPatch {
        ci: Some("Eve".into()),
        fixed: None,
        handle: Maybe::Value(Handle("eve".into())),
        tags: Some(vec![]),
        doc: Some(serde_json::json!({})),
        note: Some("<e/>".into()),
    };
    let eve = Item::update().set(patch).filter(Item::handle.eq("ZOE")).returning_all();
    let eve = eve.one(&db).await.unwrap();
    assert_eq!((eve.ci.as_str(), eve.handle, eve.tags.len()), ("Eve", Handle("eve".into()), 0));
    // The key is compared as citext.
    let patches = [("ADA", 70), ("BOB", 80)];
    let patches = patches.map(|(key, number)| CodePatch { key, number: Maybe::Value(number) });
    assert_eq!(Update::row(patches[0].clone()).execute(&db).await.unwrap(), 1);
    assert_eq!(Update::rows(patches).execute(&db).await.unwrap(), 2);
    assert_eq!(Update::rows([code("AdA", 71), code("BoB", 81)]).execute(&db).await.unwrap(), 2);
    assert_eq!(numbers(&db).await, [("Ada".to_owned(), 71), ("bob".to_owned(), 81)]);
    let whole = Item::query().filter(Item::ci.eq("EVE")).one(&db).await.unwrap();
    assert_eq!(Update::rows([whole]).execute(&db).await.unwrap(), 1, "with an array of citext");
}

#[tokio::test]
async fn an_insert_of_a_query_and_a_merge_take_values_too() {
    let (_database, db) = items().await;
    let insert = Insert::into(Code)
        .columns((Code::key, Code::number))
        .select(Item::query().select((func::coalesce((Item::maybe, "none")), Item::id)));
    assert_eq!(insert.execute(&db).await.unwrap(), 3);
    let given = orm::values([
        Computed { id: 10, text: "ADA".into() },
        Computed { id: 11, text: "Eve".into() },
    ]);
    let merge = orm::merge(Code)
        .using(given, Code::key.eq(Computed::text.cast::<Handle>()))
        .when_matched()
        .filter(Code::key.ne("bob"))
        .update((Code::key.set("aDa"), Code::number.set(Computed::id)))
        .when_not_matched()
        .insert((Code::key.set(func::lower(Computed::text)), Code::number.set(Computed::id)));
    assert_eq!(merge.execute(&db).await.unwrap(), 2);
    let expected = [("aDa", 10), ("bob", 2), ("eve", 11), ("none", 3)];
    assert_eq!(numbers(&db).await, expected.map(|(key, number)| (key.to_owned(), number)));
}

#[tokio::test]
async fn a_placeholder_has_the_type_of_its_place() {
    let (_database, db) = items().await;
    let by_text = prepare(|text: Placeholder<String>| {
        let same = Item::ci.eq(text.clone()).or(Item::fixed.eq(text.clone()));
        Item::query()
            .filter(same.or(Item::plain.eq(text)))
            .order_by(Item::id.asc())
            .select(Item::id)
    });
    for (text, expected) in [("ADA", vec![1]), ("Cy", vec![3]), ("Cy ", vec![3]), ("BOB", vec![2])]
    {
        assert_eq!(by_text.all(&db, text).await.unwrap(), expected, "{text}");
    }
    let in_list = prepare(|texts: Placeholder<Vec<String>>| {
        Item::query().filter(Item::ci.is_in(texts)).select(Item::id)
    });
    assert_eq!(in_list.all(&db, vec!["ADA", "x"]).await.unwrap(), [1]);
    let upsert = prepare(|key: Placeholder<String>, number: Placeholder<i32>| {
        Code::insert().key(key).number(number)
    });
    assert_eq!(upsert.execute(&db, ("Ada", 1)).await.unwrap(), 1);
    let error = upsert.execute(&db, ("ADA", 1)).await.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::UniqueViolation);
    let update = prepare(|key: Placeholder<String>, to: Placeholder<String>| {
        Code::update().set(Code::key.set(to)).filter(Code::key.eq(key))
    });
    assert_eq!(update.execute(&db, ("ADA", "eve")).await.unwrap(), 1);
    let computed = prepare(|text: Placeholder<String>| {
        let known = func::coalesce((Item::maybe, text.clone()));
        Item::query().filter(known.eq(text)).order_by(Item::id.asc()).select(Item::id)
    });
    assert_eq!(computed.all(&db, "ADA").await.unwrap(), [1, 3]);
}

#[tokio::test]
async fn columns_of_other_sources_are_compared_as_what_they_are() {
    let (_database, db) = items().await;
    let other = orm::alias!(Item, "other");
    let query = orm::from(other).filter(other.ci.eq("ADA")).select(other.id);
    assert_eq!(query.all(&db).await.unwrap(), [1]);
    let query = Item::query()
        .inner_join(other, other.handle.eq(Item::ci))
        .filter(other.fixed.eq("Cy").and(other.handle.is_in([Handle("CY ".into())])))
        .select(Item::id);
    assert_eq!(query.all(&db).await.unwrap(), [3]);
    let picked = || Item::query().select_as::<Picked>();
    let query = orm::from(picked()).filter(Picked::ci.eq("ADA")).select(Picked::id);
    assert_eq!(query.all(&db).await.unwrap(), [1]);
    let query = orm::from(picked()).filter(Picked::ci.is_in(["ADA", "BOB"])).select(Picked::id);
    assert_eq!(query.all(&db).await.unwrap().len(), 2);
    let computed = || {
        let text = func::coalesce((Item::maybe, "cy"));
        Item::query().select(ComputedSelect { id: Item::id, text })
    };
    let cte = computed().cte();
    let query = orm::from(&cte).filter(Computed::text.eq("CY")).select(Computed::id);
    assert_eq!(query.all(&db).await.unwrap(), [3]);
    let query = orm::from(computed()).filter(Computed::text.between("A", "B")).select(Computed::id);
    assert_eq!(query.all(&db).await.unwrap(), [1]);
    // In psql the columns of `VALUES` with literals are texts.
    let values = orm::values([Computed { id: 1, text: "ADA".into() }]);
    let query = orm::from(values).filter(Computed::text.eq("ada")).select(Computed::id);
    assert_eq!(query.all(&db).await.unwrap(), Vec::<i32>::new());
    let grouped =
        Item::query().group_by(Item::ci).having(func::max(Item::ci).eq("ADA")).select(Item::ci);
    assert_eq!(grouped.all(&db).await.unwrap(), ["Ada"]);
}

#[tokio::test]
async fn pages_go_on_after_a_value_of_the_type() {
    let (_database, db) = items().await;
    with_codes(&db).await;
    Insert::values([code("B2", 3), code("c", 4), code("CA", 5)]).execute(&db).await.unwrap();
    let (mut after, mut keys) = (None, Vec::new());
    loop {
        let page = Code::query().order_by(Code::key.asc()).page(2).after(after);
        let page = page.fetch(&db).await.unwrap();
        keys.extend(page.rows.into_iter().map(|row| row.key));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(keys, ["Ada", "B2", "bob", "c", "CA"], "in the order of citext");
    let by_fixed = Item::query().order_by((Item::fixed.desc(), Item::handle.asc())).page(1);
    let first = by_fixed.clone().fetch(&db).await.unwrap();
    let second = by_fixed.after(first.next).fetch(&db).await.unwrap();
    assert_ne!(first.rows[0].id, second.rows[0].id);
}

#[tokio::test]
async fn an_index_is_used_as_in_psql() {
    let (database, db) = items().await;
    database
        .execute(
            "CREATE INDEX ON item (ci); CREATE INDEX ON item (fixed); CREATE INDEX ON item (handle); \
             CREATE INDEX ON item (short); CREATE INDEX ON item (name); CREATE INDEX ON item (mood); \
             CREATE INDEX ON item USING gin (tags)",
        )
        .await;
    let mut connection = db.connection().await.unwrap();
    let tx = connection.begin().await.unwrap();
    tx.batch_execute("SET LOCAL enable_seqscan = off").await.unwrap();
    let plans: [orm::Condition<Item>; 13] = [
        Item::ci.eq("a").condition(),
        Item::ci.is_in(["a", "b"]).condition(),
        Item::fixed.eq("a").condition(),
        Item::fixed.between("a", "b").condition(),
        Item::fixed.is_in(["a"]).condition(),
        Item::handle.eq("a").condition(),
        Item::handle.eq(Handle("a".into())).condition(),
        Item::short.eq("a").condition(),
        Item::name.eq("a").condition(),
        Item::name.is_in(["a"]).condition(),
        Item::mood.eq(Mood::Sad).condition(),
        Item::tags.contains(vec!["a".to_owned()]).condition(),
        func::value("a").eq(Item::fixed).condition(),
    ];
    for condition in plans {
        let query = Item::query().filter(condition).select(Item::id);
        let plan = query.explain().without_costs().text(&tx).await.unwrap();
        assert!(plan.contains("Index Cond"), "{}\n{plan}", query.to_sql().text);
    }
    tx.rollback().await.unwrap();
}

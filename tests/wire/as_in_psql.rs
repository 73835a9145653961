//! A condition with values of the program finds the rows that the same condition with literals finds in psql, and by the same index.

use orm::prelude::*;
use orm::{Condition, func};
use orm_test_support::TestDatabase;

#[derive(Domain, Debug, Clone, PartialEq, Eq)]
#[domain(name = "handle", data_type = "citext")]
pub(crate) struct Handle(pub(crate) String);

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[pg_enum(name = "mood")]
pub(crate) enum Mood {
    Sad,
    Happy,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "item")]
pub(crate) struct Item {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(data_type = "citext")]
    pub(crate) ci: String,
    #[column(data_type = "public.citext")]
    pub(crate) maybe: Option<String>,
    #[column(data_type = "char(6)")]
    pub(crate) fixed: String,
    #[column(data_type = "varchar(8)")]
    pub(crate) short: String,
    #[column(data_type = "name")]
    pub(crate) name: String,
    pub(crate) plain: String,
    pub(crate) handle: Handle,
    pub(crate) mood: Mood,
    #[column(data_type = "citext[]")]
    pub(crate) tags: Vec<String>,
    #[column(data_type = "json")]
    pub(crate) doc: serde_json::Value,
    #[column(data_type = "xml")]
    pub(crate) note: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "code")]
pub(crate) struct Code {
    #[column(primary_key, data_type = "citext")]
    pub(crate) key: String,
    pub(crate) number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "code_of", primary_key(country, code))]
pub(crate) struct CodeOf {
    #[column(data_type = "char(2)")]
    pub(crate) country: String,
    #[column(data_type = "citext")]
    pub(crate) code: String,
    pub(crate) number: i32,
}

pub(crate) fn item(id: i32, text: &str) -> Item {
    Item {
        id,
        ci: text.to_owned(),
        maybe: (id != 3).then(|| text.to_owned()),
        fixed: text.to_owned(),
        short: text.to_owned(),
        name: text.to_owned(),
        plain: text.to_owned(),
        handle: Handle(text.to_owned()),
        mood: if id == 1 { Mood::Sad } else { Mood::Happy },
        tags: vec![text.to_owned(), "x".to_owned()],
        doc: serde_json::json!({ "a": text }),
        note: format!("<a>{text}</a>"),
    }
}

/// Three items, whose texts are `Ada`, `bob` and `Cy `.
pub(crate) async fn items() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.execute("CREATE EXTENSION citext").await;
    let declared = orm::registry::declared().expect("names that do not collide");
    for name in ["handle", "mood"] {
        let object = declared.object("public", name).expect("a declared type");
        for statement in orm_migrate::ddl::object::made(object) {
            database.execute(&statement).await;
        }
    }
    database.create(&[Item::TABLE, Code::TABLE, CodeOf::TABLE]).await;
    let db = database.db();
    for (id, text) in [(1, "Ada"), (2, "bob"), (3, "Cy ")] {
        orm::Insert::values([item(id, text)]).execute(&db).await.expect("an item");
    }
    (database, db)
}

/// The ids that a condition finds; `Err` is the code of the error.
async fn ours(db: &Db, condition: Condition<Item>) -> Result<Vec<i32>, String> {
    let query = Item::query().filter(condition).order_by(Item::id.asc()).select(Item::id);
    query.all(db).await.map_err(|error| error.sqlstate().unwrap_or("none").to_owned())
}

/// The same as psql has it.
async fn in_psql(db: &Db, condition: &str) -> Result<Vec<i32>, String> {
    let sql = format!("SELECT id FROM item WHERE {condition} ORDER BY id");
    let connection = db.connection().await.expect("a connection");
    let ids = connection.query::<(i32,)>(&sql, &[]).await;
    let ids = ids.map_err(|error| error.sqlstate().unwrap_or("none").to_owned())?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Each condition: of ours, and with literals.
macro_rules! cases {
    ($($ours:expr => $sql:literal;)*) => {
        [$(($sql, { let condition: Condition<Item> = $ours.condition(); condition })),*]
    };
}

#[tokio::test]
async fn a_condition_finds_what_it_finds_in_psql() {
    let (_database, db) = items().await;
    let cases = cases! {
        Item::ci.eq("ADA") => "ci = 'ADA'";
        Item::ci.ne("ADA") => "ci <> 'ADA'";
        Item::ci.lt("BOB") => "ci < 'BOB'";
        Item::ci.ge("BOB") => "ci >= 'BOB'";
        Item::ci.between("AA", "BZ") => "ci BETWEEN 'AA' AND 'BZ'";
        Item::ci.not_between("AA", "BZ") => "ci NOT BETWEEN 'AA' AND 'BZ'";
        Item::ci.is_in(["ADA", "BOB"]) => "ci IN ('ADA', 'BOB')";
        Item::ci.is_not_in(["ADA", "BOB"]) => "ci NOT IN ('ADA', 'BOB')";
        Item::ci.is_distinct_from("ADA") => "ci IS DISTINCT FROM 'ADA'";
        Item::maybe.is_not_distinct_from(Some("ADA")) => "maybe IS NOT DISTINCT FROM 'ADA'";
        Item::maybe.is_not_distinct_from(None::<String>) => "maybe IS NOT DISTINCT FROM NULL";
        Item::ci.like("AD%") => "ci LIKE 'AD%'";
        Item::ci.not_like("AD%") => "ci NOT LIKE 'AD%'";
        Item::ci.ilike("AD%") => "ci ILIKE 'AD%'";
        Item::ci.starts_with("AD") => "ci LIKE 'AD%'";
        Item::ci.contains("DA") => "ci LIKE '%DA%'";
        Item::ci.eq_any(vec!["ADA".to_owned()]) => "ci = ANY ('{ADA}')";
        Item::ci.matches("^AD") => "ci ~ '^AD'";
        func::value("ADA").eq(Item::ci) => "'ADA' = ci";
        func::value("ADA").lt(Item::ci) => "'ADA' < ci";
        func::value("B").between(Item::ci, "c") => "'B' BETWEEN ci AND 'c'";
        func::value("X").eq_any(Item::tags) => "'X' = ANY (tags)";
        func::value("ADA").is_in(Item::query().select(Item::ci)) => "'ADA' IN (SELECT ci FROM item)";
        Item::tags.contains(vec!["ADA".to_owned()]) => "tags @> '{ADA}'";
        Item::tags.overlaps(vec!["ADA".to_owned(), "BOB".to_owned()]) => "tags && '{ADA,BOB}'";
        Item::tags.eq(vec!["ADA".to_owned(), "X".to_owned()]) => "tags = '{ADA,X}'";
        // What is computed.
        func::lower(Item::ci).eq("ADA") => "lower(ci) = 'ADA'";
        func::upper(Item::ci).eq("ADA") => "upper(ci) = 'ADA'";
        func::coalesce((Item::maybe, "cy ")).eq("CY ") => "coalesce(maybe, 'cy ') = 'CY '";
        func::coalesce((Item::maybe, Item::ci)).is_in(["CY ", "ADA"]) => "coalesce(maybe, ci) IN ('CY ', 'ADA')";
        func::coalesce((Item::maybe, "\"{,\\")).is_in(["\"{,\\"]) => r#"coalesce(maybe, '"{,\') IN ('"{,\')"#;
        func::nullif(Item::ci, "ADA").is_null() => "nullif(ci, 'ADA') IS NULL";
        func::greatest((Item::ci, "BOA")).eq("boa") => "greatest(ci, 'BOA') = 'boa'";
        func::least((Item::ci, "boa")).eq("ADA") => "least(ci, 'boa') = 'ADA'";
        func::case().when(Item::id.eq(1), Item::ci).otherwise("bob").eq("ADA") => "CASE WHEN id = 1 THEN ci ELSE 'bob' END = 'ADA'";
        func::case().when(Item::id.eq(1), "ada").otherwise(Item::ci).eq("ADA") => "CASE WHEN id = 1 THEN 'ada' ELSE ci END = 'ADA'";
        Item::ci.eq(func::case().when(Item::id.eq(1), "ADA").otherwise("BOB")) => "ci = CASE WHEN id = 1 THEN 'ADA' ELSE 'BOB' END";
        func::replace(Item::ci, "A", "o").eq("odo") => "replace(ci, 'A', 'o') = 'odo'";
        func::strpos(Item::ci, "DA").eq(2) => "strpos(ci, 'DA') = 2";
        func::split_part(Item::ci, "D", 1).eq("A") => "split_part(ci, 'D', 1) = 'A'";
        func::translate(Item::ci, "a", "e").eq("ede") => "translate(ci, 'a', 'e') = 'ede'";
        func::regexp_replace(Item::ci, "A", "o", "g").eq("odo") => "regexp_replace(ci, 'A', 'o', 'g') = 'odo'";
        func::regexp_match(Item::ci, "D", "").is_not_null() => "regexp_match(ci, 'D', '') IS NOT NULL";
        Item::ci.concat("!").eq("ADA!") => "ci || '!' = 'ADA!'";
        Item::ci.eq(func::value("AD").concat("A")) => "ci = 'AD' || 'A'";
        Item::ci.eq(orm::scalar(Item::query().filter(Item::id.eq(1)).select(func::upper(Item::ci)))) => "ci = (SELECT upper(ci) FROM item WHERE id = 1)";
        Item::ci.is_in(Item::query().select(Item::plain)) => "ci IN (SELECT plain FROM item)";
        // Rows.
        func::row((Item::ci, Item::id)).eq(("ADA", 1)) => "(ci, id) = ('ADA', 1)";
        func::row((Item::ci, Item::id)).lt(("BOB", 2)) => "(ci, id) < ('BOB', 2)";
        func::row((Item::ci, Item::handle)).is_in([("ADA", "aDA"), ("x", "y")]) => "(ci, handle) IN (('ADA', 'aDA'), ('x', 'y'))";
        func::row(("ADA", Item::mood)).eq((Item::ci, Mood::Sad)) => "('ADA', mood) = (ci, 'sad')";
        // Others.
        Item::fixed.eq("Cy") => "fixed = 'Cy'";
        Item::fixed.eq("Cy     ") => "fixed = 'Cy     '";
        Item::fixed.is_in(["Cy", "bob "]) => "fixed IN ('Cy', 'bob ')";
        Item::fixed.like("Cy") => "fixed LIKE 'Cy'";
        Item::fixed.lt("b") => "fixed < 'b'";
        func::coalesce((Item::fixed, "x")).eq("Cy") => "coalesce(fixed, 'x') = 'Cy'";
        func::coalesce((Item::fixed, "x")).is_in(["Cy"]) => "coalesce(fixed, 'x') IN ('Cy')";
        func::row((Item::fixed, 1)).eq(("Cy", 1)) => "(fixed, 1) = ('Cy', 1)";
        func::value("Cy").eq(Item::fixed) => "'Cy' = fixed";
        Item::fixed.eq(Item::plain) => "fixed = plain";
        Item::short.eq("Cy ") => "short = 'Cy '";
        Item::short.eq("Cy") => "short = 'Cy'";
        Item::short.is_in(["Ada", "much longer than eight"]) => "short IN ('Ada', 'much longer than eight')";
        Item::short.eq(Item::name) => "short = name";
        Item::name.eq("Ada") => "name = 'Ada'";
        Item::name.is_in(["Ada", "x"]) => "name IN ('Ada', 'x')";
        Item::name.gt("Z") => "name > 'Z'";
        Item::name.like("A%") => "name LIKE 'A%'";
        Item::handle.eq(Handle("ADA".into())) => "handle = 'ADA'";
        Item::handle.eq("ADA") => "handle = 'ADA'";
        Item::handle.ne("ADA") => "handle <> 'ADA'";
        Item::handle.is_in([Handle("ADA".into()), Handle("BOB".into())]) => "handle IN ('ADA', 'BOB')";
        Item::handle.like("AD%") => "handle LIKE 'AD%'";
        Item::handle.eq(Item::ci) => "handle = ci";
        Item::handle.eq(Item::plain) => "handle = plain";
        func::coalesce((Item::handle, "x")).eq("ADA") => "coalesce(handle, 'x') = 'ADA'";
        Item::mood.eq(Mood::Sad) => "mood = 'sad'";
        Item::mood.lt(Mood::Happy) => "mood < 'happy'";
        Item::mood.is_in([Mood::Sad]) => "mood IN ('sad')";
        func::coalesce((Item::mood, Mood::Sad)).eq(Mood::Sad) => "coalesce(mood, 'sad') = 'sad'";
        Item::doc.eq(serde_json::json!({})) => "doc = '{}'";
        Item::note.eq("<a/>") => "note = '<a/>'";
    };
    let mut wrong = Vec::new();
    for (sql, condition) in cases {
        let (found, expected) = (ours(&db, condition.clone()).await, in_psql(&db, sql).await);
        if found != expected {
            let text = Item::query().filter(condition).select(Item::id).to_sql().text;
            wrong.push(format!("{sql}: {found:?}, in psql {expected:?}\n    {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

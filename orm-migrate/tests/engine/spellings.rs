//! The server's words for what an author wrote are never a difference.

use orm_core::schema::{
    Check, Column, Domain, Function, Generated, GeneratedKind, Index, IndexKey, IndexPart, Schema,
    Table, Text,
};
use orm_migrate::catalog::Canonical;
use orm_migrate::change::ObjectName;
use orm_migrate::diff::diff;
use orm_migrate::scratch;
use orm_migrate_test_support::{Live, lines};
use std::collections::BTreeSet;

/// What stands beside the table: types and a function of the application.
const WORLD: &str =
    "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN app.name AS text; CREATE SEQUENCE app.number;
    CREATE FUNCTION app.fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';";

/// No differences.
const NOTHING: [&str; 0] = [];

/// What differs in the table; what stands beside it is nobody's.
fn differences(from: &Canonical, to: &Canonical) -> Vec<String> {
    lines(&diff(from, to, &from.schema().tables.iter().map(ObjectName::of).collect()))
}

/// The columns that checks and indexes speak of, on both sides.
const COLUMNS: &[(&str, &str)] =
    &[("id", "int"), ("s", "text"), ("v", "varchar(20)"), ("at", "timestamptz"), ("b", "bool")];

fn column(name: &str, data_type: &str, default: Option<&str>) -> Column {
    Column {
        name: name.to_owned().into(),
        data_type: data_type.to_owned().into(),
        default: default.map(|text| Text::from(text.to_owned())),
        nullable: true,
        ..Column::new("", "")
    }
}

fn table() -> Table {
    let columns: Vec<Column> =
        COLUMNS.iter().map(|(name, data_type)| column(name, data_type, None)).collect();
    Table { columns: columns.into(), ..Table::new("public", "t") }
}

/// The hand-made table and the declared one are equal, and so is the one that we would make.
async fn equal(by_hand: &str, declared: Table) {
    let schema = Schema::declared([declared]).expect("a schema");
    let place = Live::with(&format!("{WORLD} {by_hand}")).await;
    let declared =
        scratch::canonical(&place.connection, &schema).await.expect("a canonical schema");
    let live = scratch::live(&place.connection, &declared).await.expect("a live schema").canonical;
    assert_eq!(differences(&live, &declared), NOTHING, "by hand: {by_hand}");
    let beside = scratch::canonical_beside(&place.connection, &schema, &live).await;
    assert_eq!(differences(&live, &beside.expect("a canonical schema")), NOTHING, "sketched");

    // The text that a migration writes is the server's: made from that, it must stay the same too.
    let ours = Live::with(WORLD).await;
    let empty = ours.read().await;
    let changes = diff(&empty, &declared, &BTreeSet::new());
    let up = orm_migrate::plan::plan(changes, &empty, &declared).up_sql();
    ours.connection.batch_execute(&up).await.unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(differences(&ours.read().await, &declared), NOTHING, "{up}");
}

#[tokio::test]
async fn defaults_and_types_in_any_spelling_are_equal() {
    let all = [
        ("timestamptz", "now()"),
        ("timestamptz", "CURRENT_TIMESTAMP"),
        ("timestamp with time zone", "current_timestamp(3)"),
        ("timestamp(3)", "localtimestamp"),
        ("timestamp", "now()"),
        ("date", "current_date"),
        ("date", "'2020-01-01'"),
        ("timestamptz", "'2020-01-01 00:00:00+00'"),
        ("bool", "'t'"),
        ("boolean", "'yes'"),
        ("bool", "(not true)"),
        ("int4", "-1"),
        ("int8", "0"),
        ("bigint", "'5'"),
        ("smallint", "1 + 1"),
        ("float8", "1"),
        ("real", "1.5e3"),
        ("decimal(10,2)", "0"),
        ("numeric", "'1.0'"),
        ("varchar", "'q'"),
        ("varchar(20)", "'a'::varchar"),
        ("varchar(20)", "'a'::text"),
        ("character(3)", "'a'"),
        ("text", "''"),
        ("text", "'it''s'"),
        ("text", r"E'back\\slash\n'"),
        ("text", r"'back\slash'"),
        ("text", "'a' || 'b'"),
        ("text", "upper('a')"),
        ("text", "NULL"),
        ("jsonb", "'{}'"),
        ("json", "'[1, 2]'"),
        ("interval", "'1 day'"),
        ("interval", "interval '1 day 2 hours'"),
        ("uuid", "gen_random_uuid()"),
        ("text[]", "'{}'"),
        ("text[]", "ARRAY[]::text[]"),
        ("int[]", "array[1,2]"),
        ("bytea", "'\\x00'"),
        ("bytea", "''"),
        ("inet", "'127.0.0.1'"),
        ("bit(3)", "B'101'"),
        ("app.mood", "'ok'"),
        ("app.mood[]", "'{ok,sad}'"),
        ("app.name", "'x'"),
        ("int4range", "'[1,2)'"),
        ("text", "current_user"),
        ("text", "(current_setting('a.b', true))"),
        ("text", "current_setting('a.b')::text"),
        ("text", "'Story-' || gen_random_uuid()"),
        ("text", "'policy_' || nextval('app.number')"),
        ("int", "(random() * 10)::int"),
        ("int", "case when true then 1 else 2 end"),
        ("int", "coalesce(null, 3)"),
        ("time", "'10:00'"),
        ("float", "'NaN'"),
        ("char", "'x'"),
        ("\"char\"", "'x'"),
        ("xml", "'<a/>'"),
    ];
    let columns: Vec<Column> = (all.iter().enumerate())
        .map(|(number, (data_type, default))| {
            column(&format!("c{number}"), data_type, Some(default))
        })
        .collect();
    let by_hand: Vec<String> = (columns.iter())
        .map(|it| {
            format!("{} {} DEFAULT {}", it.name, it.data_type, it.default.as_deref().unwrap_or(""))
        })
        .collect();
    let declared = Table { columns: columns.into(), ..Table::new("public", "t") };
    equal(&format!("CREATE TABLE t ({})", by_hand.join(", ")), declared).await;
}

#[tokio::test]
async fn checks_in_any_spelling_are_equal() {
    let all = [
        "id > 0",
        "s in ('a', 'b')",
        "s IN ('a')",
        "s not in ('a','b')",
        "v in ('a', 'b')",
        "v = 'a' or v = 'b'",
        "v like 'x%'",
        "s ilike '%y'",
        "s ~ '^[a-z]+$'",
        "id between 1 and 5",
        "length(s) < 5 AND char_length(v) > 1",
        "b",
        "not b",
        "b is true",
        "at > '2020-01-01'",
        "at > now() - interval '1 day'",
        "(id > 0) = b",
        "s is not null or id is null",
        "s <> ''::text",
        "lower(s) = s",
        "app.fine(s)",
        "id = any (array[1, 2])",
        "id % 2 = 0",
        "(s collate \"C\") < 'z'",
        "s::int > 4",
        "t.id > 3",
        "coalesce(s, v) is distinct from 'x'",
        "extract(year from at) > 2000",
        "position('a' in s) > 0",
        "num_nonnulls(s, v) = 1",
        "(id, length(s)) > (1, 2)",
        "case when b then id > 1 else true end",
        "s similar to 'a|b'",
        "trim(both from s) <> ''",
    ];
    let mut declared = table();
    declared.checks = (all.iter().enumerate())
        .map(|(number, text)| Check {
            name: Some(format!("c{number}").into()),
            expression: (*text).into(),
            ..Check::default()
        })
        .collect();
    let by_hand: Vec<String> = COLUMNS
        .iter()
        .map(|(name, data_type)| format!("{name} {data_type}"))
        .chain(
            all.iter()
                .enumerate()
                .map(|(number, text)| format!("CONSTRAINT c{number} CHECK ({text})")),
        )
        .collect();
    equal(&format!("CREATE TABLE t ({})", by_hand.join(", ")), declared).await;
}

#[tokio::test]
async fn indexes_in_any_spelling_are_equal() {
    // The key and the predicate.
    let all = [
        ("lower(s)", "s IS NOT NULL"),
        ("upper(v)", "v = 'a'"),
        ("id + 1", "id in (1, 2)"),
        ("(v || s)", "v in ('a', 'b')"),
        ("coalesce(s, 'x')", "b"),
        ("(at at time zone 'UTC')", "at > '2020-01-01 00:00+00'"),
        ("case when b then 1 end", "not b and v like 'x%'"),
        ("s::int", "t.id > 1"),
        ("v", "app.fine(v)"),
    ];
    let columns: Vec<String> =
        COLUMNS.iter().map(|(name, data_type)| format!("{name} {data_type}")).collect();
    let mut by_hand = format!("CREATE TABLE t ({});", columns.join(", "));
    let mut declared = table();
    for (number, (key, predicate)) in all.iter().enumerate() {
        by_hand += &format!("CREATE INDEX i{number} ON t (({key})) WHERE {predicate};");
        let part = IndexPart { key: IndexKey::Expression((*key).into()), ..IndexPart::column("") };
        declared.indexes.to_mut().push(Index {
            name: Some(format!("i{number}").into()),
            parts: vec![part].into(),
            predicate: Some((*predicate).into()),
            ..Index::btree(None, false, &[])
        });
    }
    equal(&by_hand, declared).await;
}

#[tokio::test]
async fn generated_columns_and_serials_in_any_spelling_are_equal() {
    let mut declared = table();
    let generated = |name, data_type, text: &'static str| Column {
        generated: Some(Generated { expression: text.into(), kind: GeneratedKind::Stored }),
        ..column(name, data_type, None)
    };
    let plain = |name, data_type| Column { nullable: false, ..column(name, data_type, None) };
    declared.columns.to_mut().extend([
        generated("g1", "int", "id*2"),
        generated("g2", "text", "lower(v)"),
        generated("g3", "bool", "v in ('a','b')"),
        plain("n1", "serial"),
        plain("n2", "bigserial"),
        plain("n3", "smallserial"),
        plain("n4", "serial8"),
    ]);
    let by_hand = "CREATE TABLE t (id int, s text, v varchar(20), at timestamptz, b bool,
        g1 int generated always as (id * 2) stored, g2 text generated always as (lower(v)) stored,
        g3 bool generated always as (v in ('a', 'b')) stored, n1 serial, n2 bigserial, n3 smallserial, n4 int8 not null);
        CREATE SEQUENCE by_hand OWNED BY t.n4; ALTER TABLE t ALTER n4 SET DEFAULT nextval('by_hand')";
    equal(by_hand, declared).await;
}

#[tokio::test]
async fn a_restored_dump_is_equal() {
    let mut declared = table();
    let rule =
        |text: &'static str| Check { name: None, expression: text.into(), ..Check::default() };
    declared.checks = vec![rule("v in ('a', 'b')"), rule("v like 'x%'")].into();
    // What pg_dump writes for the table: the server's words, read once more.
    let dumped = "CREATE TABLE t (id int, s text, v varchar(20), at timestamptz, b bool,
        CONSTRAINT a CHECK (((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))),
        CONSTRAINT b CHECK (((v)::text ~~ 'x%'::text)))";
    equal(dumped, declared.clone()).await;
    let twice = "CREATE TABLE t (id int, s text, v varchar(20), at timestamptz, b bool,
        CONSTRAINT a CHECK (((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))),
        CONSTRAINT b CHECK (((v)::text ~~ 'x%'::text)))";
    equal(twice, declared).await;
}

/// A type and functions that were made by hand, as they are declared, are equal, and so are those that we would make.
#[tokio::test]
async fn domains_and_bodies_in_any_spelling_are_equal() {
    const DOMAIN: &str =
        "CREATE DOMAIN code AS varchar(5) DEFAULT 'a' CONSTRAINT c CHECK (VALUE IN ('a', 'b'));";
    const BODY: &str = "RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT v IN ('a', 'b'); END";
    let check = Check {
        name: Some("c".into()),
        expression: "VALUE IN ('a', 'b')".into(),
        no_inherit: false,
        not_valid: false,
    };
    let domain = Domain {
        default: Some("'a'".into()),
        checks: vec![check].into(),
        ..Domain::new("public", "code", "varchar(5)")
    };
    let schema = Schema {
        objects: vec![domain.into(), Function::new("public", "f", "v varchar", BODY).into()],
        ..Schema::default()
    };
    let place = Live::with(&format!("{DOMAIN} CREATE FUNCTION f(v varchar) {BODY}")).await;
    let empty = Live::with("").await;
    let declared = scratch::canonical(&empty.connection, &schema).await.expect("a schema");
    let live = scratch::live(&place.connection, &declared).await.expect("a live schema");
    assert_eq!(lines(&diff(&live.canonical, &declared, &BTreeSet::new())), NOTHING);
    let before = empty.read().await;
    let up =
        orm_migrate::plan::plan(diff(&before, &declared, &BTreeSet::new()), &before, &declared)
            .up_sql();
    empty.connection.batch_execute(&up).await.unwrap_or_else(|error| panic!("{error:#}\n{up}"));
    let live = scratch::live(&empty.connection, &declared).await.expect("a live schema");
    assert_eq!(lines(&diff(&live.canonical, &declared, &BTreeSet::new())), NOTHING, "{up}");
}

//! However a declaration is spelled, it agrees with a database that was made by other means.

use crate::{Case, table};
use orm_core::schema::{Check, Column, Index, IndexKey, IndexPart, Schema, Table};
use orm_migrate::change::ObjectName;
use orm_migrate::diff::diff;
use orm_migrate::scratch;
use std::collections::BTreeSet;

/// A declared table, and the SQL by which somebody else made it.
#[track_caller]
fn check(declared: Table, by_hand: &str) -> impl Future<Output = ()> + use<> {
    let place = std::panic::Location::caller();
    let by_hand = by_hand.to_owned();
    async move {
        let case = Case::with(&by_hand).await;
        let name = ObjectName::of(&declared);
        // What the scripts make beside the table is declared, too.
        let beside = case.read().await.canonical.schema().objects.clone();
        let declared = Schema::declared([declared]).and_then(|it| it.with_objects(beside));
        let declared = declared.expect("names that do not collide");
        let canonical = match scratch::canonical(&case.connection, &declared).await {
            Ok(canonical) => canonical,
            Err(error) => panic!("{place}: {error}"),
        };
        let live = case.read().await.canonical;
        assert!(live.schema().table(&name.schema, &name.name).is_some(), "{place}: no {name}");
        let managed: BTreeSet<ObjectName> =
            live.schema().tables.iter().map(ObjectName::of).collect();
        for (from, to) in [(&live, &canonical), (&canonical, &live)] {
            let changes: Vec<String> =
                diff(from, to, &managed).iter().map(ToString::to_string).collect();
            assert!(changes.is_empty(), "{place}: {changes:#?}");
        }
        assert_eq!(live.hash(), canonical.hash(), "{place}: {live:#?} {canonical:#?}");
    }
}

/// A column of the table t, however it is spelled.
#[track_caller]
fn column(
    ty: &'static str,
    default: &'static str,
    by_hand: &str,
) -> impl Future<Output = ()> + use<> {
    let column = Column { default: Some(default.into()), nullable: true, ..Column::new("c", ty) };
    check(table("t", vec![column]), &format!("CREATE TABLE t (c {by_hand})"))
}

#[track_caller]
fn condition(
    columns: Vec<Column>,
    declared: &'static str,
    by_hand: &str,
) -> impl Future<Output = ()> + use<> {
    let mut table = table("t", columns);
    table.checks.to_mut().push(Check {
        name: None,
        expression: declared.into(),
        ..Check::default()
    });
    check(table, by_hand)
}

fn not_null(name: &'static str, ty: &'static str) -> Column {
    Column::new(name, ty)
}

#[tokio::test]
async fn defaults_agree_however_they_are_spelled() {
    column(
        "timestamptz",
        "CURRENT_TIMESTAMP",
        "timestamp with time zone DEFAULT CURRENT_TIMESTAMP",
    )
    .await;
    column("timestamptz", "now()", "timestamptz DEFAULT NOW()").await;
    column("timestamptz", "pg_catalog.now()", "timestamptz DEFAULT now()").await;
    column("varchar", "'q'", "character varying DEFAULT 'q'").await;
    column("varchar(20)", "'q'::text", "varchar(20) DEFAULT ('q'::text)").await;
    column("boolean", "'t'", "bool DEFAULT true").await;
    column("bool", "TRUE", "boolean DEFAULT 'yes'").await;
    column("jsonb", "'{}'", "jsonb DEFAULT '{}'::jsonb").await;
    column("interval", "'1 day'", "interval DEFAULT interval '1 day'").await;
    column("interval", "'24:00:00'", "interval DEFAULT interval '24 hours'").await;
    column("int", "( 1 )", "integer DEFAULT 1").await;
    column("int4", "-1", "integer DEFAULT -1").await;
    column("bigint", "5", "int8 DEFAULT 5").await;
    column("char(3)", "'ab'", "character(3) DEFAULT 'ab'::bpchar").await;
    column("numeric(10,2)", "0", "decimal(10, 2) DEFAULT 0").await;
    column("float8", "1.5", "double precision DEFAULT 1.5").await;
    column("text[]", "'{}'", "text ARRAY DEFAULT '{}'::text[]").await;
    column("int[]", "array[1,2]", "integer[] DEFAULT ARRAY[1, 2]").await;
    column("uuid", "gen_random_uuid()", "uuid DEFAULT gen_random_uuid()").await;
    column("text", "'it''s \\ \"q\"'", "text DEFAULT E'it\\'s \\\\ \"q\"'").await;
    column("date", "current_date", "date DEFAULT CURRENT_DATE").await;
}

#[tokio::test]
async fn a_serial_agrees_however_it_is_spelled() {
    let serial = |ty| table("t", vec![not_null("c", ty)]);
    check(serial("serial"), "CREATE TABLE t (c serial4)").await;
    check(serial("bigserial"), "CREATE TABLE t (c serial8 NOT NULL)").await;
    check(
        serial("bigserial"),
        "CREATE SEQUENCE t_c_seq; CREATE TABLE t (c bigint NOT NULL DEFAULT nextval('t_c_seq')); ALTER SEQUENCE t_c_seq OWNED BY t.c",
    )
    .await;
}

#[tokio::test]
async fn conditions_agree_however_they_are_spelled() {
    condition(
        vec![not_null("s", "text")],
        "s in ('a','b')",
        "CREATE TABLE t (s text NOT NULL, CONSTRAINT t_check CHECK (s = ANY (ARRAY['a'::text, 'b'::text])))",
    )
    .await;
    condition(
        vec![not_null("v", "varchar(9)")],
        "v like 'x%'",
        "CREATE TABLE t (v varchar(9) NOT NULL, CONSTRAINT t_check CHECK ((v)::text ~~ 'x%'))",
    )
    .await;
    condition(
        vec![not_null("n", "int")],
        "n between 1 and 5",
        "CREATE TABLE t (n int NOT NULL, CONSTRAINT t_check CHECK (n >= 1 AND n <= 5))",
    )
    .await;
    condition(
        vec![not_null("n", "int"), not_null("m", "int")],
        "not (n = 1 or m <> 2) and n is not null",
        "CREATE TABLE t (n int NOT NULL, m int NOT NULL, CONSTRAINT t_check CHECK ((NOT ((n = 1) OR (m != 2))) AND (n IS NOT NULL)))",
    )
    .await;
}

#[tokio::test]
async fn a_condition_may_name_its_own_table() {
    condition(
        vec![not_null("n", "int")],
        "t.n > 0",
        "CREATE TABLE t (n int NOT NULL, CONSTRAINT t_check CHECK (n > 0))",
    )
    .await;
}

#[tokio::test]
async fn a_condition_may_call_a_function_of_the_database() {
    condition(
        vec![not_null("n", "int")],
        "even(n)",
        "CREATE FUNCTION even(n int) RETURNS bool IMMUTABLE LANGUAGE sql RETURN n % 2 = 0;
         CREATE TABLE t (n int NOT NULL, CONSTRAINT t_check CHECK (public.even(n)))",
    )
    .await;
}

#[tokio::test]
async fn a_column_may_have_a_type_of_the_database() {
    let mood = Column { default: Some("'ok'".into()), ..Column::new("c", "mood") };
    let by_hand = "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TABLE t (c public.mood NOT NULL DEFAULT 'ok'::public.mood)";
    check(table("t", vec![mood.clone()]), by_hand).await;
    let qualified = Column { data_type: "public.mood".into(), ..mood };
    check(table("t", vec![qualified]), by_hand).await;
}

fn index(name: &'static str, key: IndexKey, predicate: Option<&'static str>) -> Index {
    let part = IndexPart { key, ..IndexPart::column("") };
    Index {
        name: Some(name.into()),
        parts: vec![part].into(),
        predicate: predicate.map(Into::into),
        ..Index::btree(None, false, &[])
    }
}

#[tokio::test]
async fn indexes_agree_however_they_are_spelled() {
    let mut declared = table("t", vec![not_null("s", "text"), not_null("b", "boolean")]);
    declared.indexes = vec![
        index("lowered", IndexKey::Expression("lower( s )".into()), None),
        index("partial", IndexKey::Column("s".into()), Some("b = true and s in ('a','b')")),
    ]
    .into();
    check(
        declared,
        "CREATE TABLE t (s text NOT NULL, b bool NOT NULL);
         CREATE INDEX partial ON t USING btree (s ASC) WHERE ((b = 't') AND s = ANY (ARRAY['a', 'b']));
         CREATE INDEX lowered ON t (LOWER(s) text_ops NULLS LAST)",
    )
    .await;
}

#[tokio::test]
async fn types_agree_however_they_are_spelled() {
    for (declared, by_hand) in [
        ("int", "int4"),
        ("char(3)", "character(3)"),
        ("varchar", "character varying"),
        ("numeric( 10,2 )", "decimal(10,2)"),
        ("timestamp(3)", "timestamp(3) without time zone"),
        ("float(53)", "double precision"),
        ("TEXT", "pg_catalog.text"),
        ("bigint[]", "int8[3][3]"),
    ] {
        let by_hand = format!("CREATE TABLE t (c {by_hand} NOT NULL)");
        check(table("t", vec![not_null("c", declared)]), &by_hand).await;
    }
}

#[tokio::test]
async fn odd_names_agree() {
    let mut declared = table("Se\"lect", vec![not_null("fröm", "int"), not_null("日本", "int")]);
    declared.checks.to_mut().push(Check {
        name: Some("che'ck".into()),
        expression: "fröm > \"日本\"".into(),
        ..Check::default()
    });
    check(
        declared,
        "CREATE TABLE \"Se\"\"lect\" (\"fröm\" int NOT NULL, 日本 int NOT NULL, CONSTRAINT \"che'ck\" CHECK (\"fröm\" > 日本))",
    )
    .await;
}

/// Until 15.18 `EXTRACT(YEAR ..)`, from 15.20 on `EXTRACT("YEAR" ..)`, and its siblings as well.
#[tokio::test]
async fn the_field_of_extract_is_read_alike_from_each_release() {
    let case = Case::with(
        "CREATE TABLE t (at timestamp, y numeric DEFAULT EXTRACT('YEAR' FROM date '2020-01-01'), CONSTRAINT c CHECK (EXTRACT('Month' FROM at) > 2));
         CREATE INDEX i ON t (EXTRACT('DAY' FROM at)) WHERE EXTRACT('HOUR' FROM at) > 3;
         CREATE DOMAIN d AS timestamp CONSTRAINT e CHECK (EXTRACT('YEAR' FROM VALUE) > 4);
         CREATE FUNCTION f(x timestamp) RETURNS numeric LANGUAGE sql RETURN EXTRACT('YEAR' FROM x);
         CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT 'EXTRACT(YEAR FROM x)' $$;
         CREATE VIEW v AS SELECT EXTRACT('YEAR' FROM at) AS year, 'EXTRACT(YEAR FROM at)' AS text FROM t;
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (EXTRACT('YEAR' FROM at) > 5)",
    )
    .await;
    let text = serde_json::to_string(&case.schema().await).expect("JSON");
    let fields: Vec<&str> =
        text.split("EXTRACT(").skip(1).map(|it| &it[..it.find(" FROM").unwrap_or(0)]).collect();
    let count = |field: &str| fields.iter().filter(|it| **it == field).count();
    assert_eq!(
        (count("year"), count("month"), count("day"), count("hour")),
        (5, 1, 1, 1),
        "{text}"
    );
    // In a body and in a constant it is text.
    assert_eq!(count("YEAR"), 2, "{text}");
}

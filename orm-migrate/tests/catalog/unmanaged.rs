//! What is beside plain tables is named, and is no table.

use crate::Case;
use orm_core::schema::GeneratedKind;
use orm_test_support::{is_known_to, skipped};

async fn check(sql: &str, expected: &[(&str, &str)]) {
    let case = Case::with(&format!("CREATE TABLE t (a int, b int); {sql}")).await;
    let live = case.read().await;
    let tables = &live.canonical.schema().tables;
    assert_eq!(tables.iter().map(|table| &*table.name).collect::<Vec<_>>(), ["t"], "{sql}");
    let found: Vec<(&str, &str)> =
        live.unmanaged.iter().map(|it| (it.kind.as_ref(), it.name.as_str())).collect();
    assert_eq!(found, expected, "{sql}");
}

#[tokio::test]
async fn triggers_rules_and_statistics_are_named() {
    check(
        "CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW \"M v\" AS SELECT 1 AS x;
         CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql RETURN x;
         CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER w BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
         CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE STATISTICS s ON a, b FROM t",
        &[("rule", "r on public.t"), ("statistics", "public.s")],
    )
    .await;
}

#[tokio::test]
async fn types_that_are_not_modelled_are_named() {
    check(
        "CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TYPE c AS (x int);
         CREATE TYPE r AS RANGE (subtype = float8); CREATE SEQUENCE s; ALTER TABLE t ADD c serial",
        &[
            ("range type", "public.r"),
        ],
    )
    .await;
}

#[tokio::test]
async fn children_are_named() {
    check("CREATE TABLE child () INHERITS (t)", &[("child table", "public.child")]).await;
}

#[tokio::test]
async fn what_constraints_and_triggers_say_beyond_the_model_is_named() {
    check(
        "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a) WITH (fillfactor = 70);
         ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING btree (a WITH =) WITH (fillfactor = 70);
         CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER d BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g(); ALTER TABLE t DISABLE TRIGGER d;
         CREATE TRIGGER w BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()",
        &[
            ("option of a constraint", "WITH of k on public.t"),
            ("option of a constraint", "WITH of x on public.t"),
            ("state of a trigger", "DISABLE of d on public.t"),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_invalid_index_is_named_and_is_no_index() {
    let sql = "CREATE INDEX i ON t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass";
    check(sql, &[("invalid index", "public.i on public.t")]).await;
}

#[tokio::test]
async fn our_own_ledger_and_temporary_tables_are_left_out() {
    check(
        "CREATE SCHEMA orm_migrate; CREATE TABLE orm_migrate.ledger (a int); CREATE TEMP TABLE x (a int)",
        &[],
    )
    .await;
}

#[tokio::test]
async fn members_of_extensions_are_left_out() {
    let case = Case::new().await;
    let sql = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'";
    let rows = case.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    // Some distributions put the contributed modules into a package of their own; plpgsql is always there.
    let wanted = if rows[0].get::<_, i64>(0) == 1 { "pg_stat_statements" } else { "plpgsql" };
    check(&format!("CREATE EXTENSION IF NOT EXISTS {wanted}"), &[]).await;
}

#[tokio::test]
async fn reading_leaves_no_transaction_open_and_no_setting_behind() {
    let case = Case::with("CREATE TABLE t (a int)").await;
    let live = case.read().await;
    assert!(live.server_version >= 140_000, "{}", live.server_version);
    let sql = "SELECT current_setting('search_path'), current_setting('transaction_read_only')";
    let rows = case.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    assert_eq!(rows[0].get::<_, &str>(0), "\"$user\", public");
    assert_eq!(rows[0].get::<_, &str>(1), "off");
}

#[tokio::test]
async fn what_has_no_place_in_any_model_is_named() {
    check(
        "CREATE COLLATION german FROM \"C\"; CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
         CREATE TEXT SEARCH DICTIONARY d (template = simple); CREATE TEXT SEARCH CONFIGURATION w (COPY = simple);
         CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE PUBLICATION p;
         CREATE FUNCTION g() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION g(); CREATE TYPE m AS ENUM ('x');
         CREATE CAST (int AS m) WITH INOUT;
         CREATE OPERATOR CLASS o FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int)",
        &[
            ("cast", "from integer to public.m"),
            ("collation", "public.german"),
            ("event trigger", "e"),
            ("foreign server", "s"),
            ("operator", "public.===(integer,integer)"),
            ("operator class", "public.o for hash"),
            ("publication", "p"),
            ("text search configuration", "public.w"),
            ("text search dictionary", "public.d"),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_columns_say_beyond_the_model_is_named() {
    check(
        "ALTER TABLE t ADD c text, ALTER c SET STORAGE EXTERNAL, ALTER c SET COMPRESSION pglz, ALTER a SET STATISTICS 500,
            ALTER b SET (n_distinct = 7), ADD id serial;
         ALTER SEQUENCE t_id_seq INCREMENT BY 10 CACHE 50",
        &[
            ("option of a column", "COMPRESSION of c on public.t"),
            ("option of a column", "STATISTICS of a on public.t"),
            ("option of a column", "STORAGE of c on public.t"),
            ("option of a column", "n_distinct=7 of b on public.t"),
            ("option of a serial", "INCREMENT BY 10, CACHE 50 of id on public.t"),
        ],
    )
    .await;
}

#[tokio::test]
async fn comments_beyond_the_model_are_named() {
    check(
        "CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'x';
         ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); COMMENT ON CONSTRAINT c ON t IS 'x';
         CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER w BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g(); COMMENT ON TRIGGER w ON t IS 'x';
         CREATE POLICY p ON t; COMMENT ON POLICY p ON t IS 'x';
         CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0); COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x';
         CREATE TYPE r AS (x int); COMMENT ON COLUMN r.x IS 'x';
         COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'x'",
        &[
            ("comment", "of constraint c on public.t"),
            ("comment", "of index i on public.t"),
            ("comment", "of policy p on public.t"),
            ("comment", "of trigger w on public.t"),
            ("comment", "public.d, of constraint c"),
            ("comment", "public.r, of attribute x"),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_a_partition_says_of_its_own_is_named() {
    let case = Case::with(
        "CREATE TABLE t (a int, b int DEFAULT 1, c serial) PARTITION BY LIST (a);
         CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
         ALTER TABLE p ALTER b SET DEFAULT 2, ALTER a SET NOT NULL; COMMENT ON COLUMN p.b IS 'x';
         CREATE TABLE same PARTITION OF t FOR VALUES IN (2)",
    )
    .await;
    let live = case.read().await;
    let found: Vec<String> =
        live.unmanaged.iter().map(|it| format!("{}: {}", it.kind, it.name)).collect();
    let expected = [
        "option of a partition: COMMENT of b on public.p",
        "option of a partition: DEFAULT of b on public.p",
        "option of a partition: NOT NULL of a on public.p",
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_a_not_null_says_beyond_the_column_is_named() {
    let case = Case::new().await;
    // A domain has named ones since 17, a column since 18.
    let since = case.version().await;
    if since < 18 {
        return skipped("a NOT NULL with a name of its own", 18);
    }
    check(
        "ALTER TABLE t ADD CONSTRAINT k NOT NULL a NOT VALID, ADD CONSTRAINT j NOT NULL b NO INHERIT, ADD c int NOT NULL;
         ALTER TABLE t RENAME c TO d; CREATE DOMAIN dom AS int CONSTRAINT m NOT NULL; CREATE DOMAIN plain AS int NOT NULL",
        &[
            ("option of a constraint", "NAME of j on public.t"),
            ("option of a constraint", "NAME of k on public.t"),
            ("option of a constraint", "NAME of m on public.dom"),
            ("option of a constraint", "NO INHERIT of j on public.t"),
            ("option of a constraint", "NOT VALID of k on public.t"),
        ],
    )
    .await;
    // Columns, with the key that makes them so, in partitions and in what is inherited: none of it is listed.
    check(
        "ALTER TABLE t ADD PRIMARY KEY (a), ALTER b SET NOT NULL; CREATE DOMAIN d AS int NOT NULL; CREATE TYPE c AS (x int)",
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_check_that_is_not_enforced_is_read_with_its_expression_and_named() {
    let case = Case::new().await;
    let sql = "CREATE TABLE p (a int PRIMARY KEY);
        CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT ENFORCED)";
    if !is_known_to(case.version().await, sql) {
        return;
    }
    case.run(sql).await;
    let live = case.read().await;
    let table = live.canonical.schema().table("public", "t").expect("a table");
    assert_eq!(table.checks[0].expression, "(a > 0)");
    assert_eq!(table.foreign_keys[0].references_table, "p");
    let found: Vec<&str> = live.unmanaged.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(found, ["NOT ENFORCED of c on public.t", "NOT ENFORCED of f on public.t"]);
}

#[tokio::test]
async fn a_virtual_column_is_generated_and_no_default() {
    let case = Case::new().await;
    let sql = "CREATE TABLE t (a int DEFAULT 1, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)";
    if !is_known_to(case.version().await, sql) {
        return;
    }
    case.run(sql).await;
    let schema = case.schema().await;
    let [a, b] = &schema.tables[0].columns[..] else { panic!("{schema:?}") };
    assert_eq!((a.default.as_deref(), a.generated.is_none()), (Some("1"), true));
    let generated = b.generated.as_ref().expect("an expression");
    assert_eq!((&*generated.expression, generated.kind), ("(a * 2)", GeneratedKind::Virtual));
    assert_eq!(b.default, None);
}

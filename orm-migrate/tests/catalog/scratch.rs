//! What the scratch tables keep, touch and refuse.

use crate::{Case, table};
use orm_core::exec::{Config, Connection};
use orm_core::schema::{
    Action, Check, Column, Deferrable, ForeignKey, Generated, Index, IndexPart,
};
use orm_core::schema::{PrimaryKey, Schema, Table, Unique};
use orm_migrate::catalog::Canonical;
use orm_migrate::scratch::{self, ScratchError};
use orm_test_support::is_known_to;

fn declared(tables: Vec<Table>) -> Schema {
    Schema::declared(tables).expect("names that do not collide")
}

fn key(columns: &'static [&'static str]) -> PrimaryKey {
    PrimaryKey {
        name: None,
        columns: columns.iter().map(|name| (*name).into()).collect(),
        ..PrimaryKey::default()
    }
}

fn reference(to: &'static str) -> ForeignKey {
    ForeignKey {
        name: None,
        columns: vec!["other".into()].into(),
        references_schema: "public".into(),
        references_table: to.into(),
        references_columns: vec!["id".into()].into(),
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
        deferrable: Deferrable::No,
        ..Default::default()
    }
}

fn with_key(schema: &'static str, name: &'static str) -> Table {
    let columns = vec![Column::new("id", "int"), Column::new("other", "int")];
    Table { schema: schema.into(), primary_key: Some(key(&["id"])), ..table(name, columns) }
}

async fn canonical(case: &Case, tables: Vec<Table>) -> Canonical {
    match scratch::canonical(&case.connection, &declared(tables)).await {
        Ok(canonical) => canonical,
        Err(error) => panic!("{error}"),
    }
}

async fn refused(tables: Vec<Table>) -> String {
    let case = Case::new().await;
    let result = scratch::canonical(&case.connection, &declared(tables)).await;
    let error = result.expect_err("an error").to_string();
    // The session is usable, and nothing has stayed.
    canonical(&case, vec![table("fine", vec![Column::new("a", "text")])]).await;
    error
}

#[tokio::test]
async fn nothing_stays() {
    let case = Case::new().await;
    let sql = "SELECT count(*) FROM pg_class WHERE relname ~ '^(t|n)[0-9]' OR relname = 'kept'";
    let kept = Table { comment: Some("c".into()), ..with_key("public", "kept") };
    canonical(&case, vec![kept]).await;
    let rows = case.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    assert_eq!(rows[0].get::<_, i64>(0), 0);
}

#[tokio::test]
async fn what_has_no_expression_is_kept_as_it_is_declared() {
    let case = Case::new().await;
    let mut first = with_key("public", "first");
    first.comment = Some("about first".into());
    first.columns.to_mut()[0].comment = Some("about id".into());
    first.foreign_keys = vec![reference("second"), reference("first")].into();
    first.uniques = vec![Unique {
        name: Some("mine".into()),
        columns: vec!["other".into(), "id".into()].into(),
        nulls_not_distinct: is_known_to(case.version().await, "NULLS NOT DISTINCT"),
        deferrable: Deferrable::InitiallyDeferred,
        ..Default::default()
    }]
    .into();
    let schema = declared(vec![first, with_key("public", "second")]);
    let canonical = scratch::canonical(&case.connection, &schema).await.expect("a schema");
    let mut expected = schema.clone();
    for table in &mut expected.tables {
        for column in table.columns.to_mut() {
            column.data_type = "integer".into();
        }
        table.foreign_keys.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
    }
    assert_eq!(canonical.schema(), &expected);
}

#[tokio::test]
async fn two_schemas_may_have_the_same_names() {
    let each = |schema| {
        let mut it = with_key(schema, "same");
        it.indexes = vec![Index::btree(Some("i"), false, &[])].into();
        it.indexes.to_mut()[0].parts = vec![IndexPart::column("other")].into();
        it.checks =
            vec![Check { name: Some("c".into()), expression: "id>0".into(), ..Check::default() }]
                .into();
        it
    };
    let case = Case::new().await;
    let found = canonical(&case, vec![each("public"), each("Other")]).await;
    for (schema, found) in ["Other", "public"].iter().zip(&found.schema().tables) {
        assert_eq!((&*found.schema, &*found.name), (*schema, "same"));
        assert_eq!(found.indexes[0].name.as_deref(), Some("i"));
        assert_eq!(found.checks[0].name.as_deref(), Some("c"));
        assert_eq!(found.checks[0].expression, "(id > 0)");
    }
}

#[tokio::test]
async fn more_than_ten_checks_keep_their_order_by_name() {
    let mut it = with_key("public", "t");
    it.checks = (0..30)
        .map(|n| Check {
            name: Some(format!("c{n:02}").into()),
            expression: format!("id > {n}").into(),
            ..Check::default()
        })
        .collect();
    let case = Case::new().await;
    let found = canonical(&case, vec![it]).await;
    for (n, check) in found.schema().tables[0].checks.iter().enumerate() {
        assert_eq!(check.name.as_deref(), Some(&*format!("c{n:02}")));
        assert_eq!(check.expression, format!("(id > {n})"));
    }
}

#[tokio::test]
async fn no_table_of_the_application_is_locked() {
    let case = Case::with("CREATE TABLE kept (id int PRIMARY KEY, other int)").await;
    let other = Connection::connect(&case.config()).await.expect("a session");
    other.batch_execute("BEGIN; LOCK TABLE kept IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    case.run("SET lock_timeout = '2s'").await;
    let mut kept = with_key("public", "kept");
    kept.foreign_keys = vec![reference("kept")].into();
    canonical(&case, vec![kept]).await;
}

#[tokio::test]
async fn a_session_that_is_read_only_by_default_is_enough() {
    let case = Case::with("SET default_transaction_read_only = on").await;
    canonical(&case, vec![with_key("public", "t")]).await;
}

#[tokio::test]
async fn a_wrong_type_is_blamed_on_its_column() {
    let good = table("good", vec![Column::new("a", "text")]);
    let bad = table("bad", vec![Column::new("a", "text"), Column::new("b", "txet")]);
    let error = refused(vec![good, bad]).await;
    assert!(error.starts_with("column \"b\" of table \"bad\": "), "{error}");
    assert!(error.contains("type \"txet\" does not exist"), "{error}");
    assert!(error.contains("\nhint: check the spelling"), "{error}");
}

#[tokio::test]
async fn a_wrong_default_is_blamed_on_its_column() {
    for (default, said) in [
        ("'abc'", "invalid input syntax for type integer"),
        ("nwo()", "function nwo() does not exist"),
        ("a b c", "syntax error"),
        ("abc", "cannot use column reference"),
    ] {
        let b = Column { default: Some(default.into()), ..Column::new("b", "int") };
        let error = refused(vec![table("bad", vec![Column::new("a", "text"), b])]).await;
        assert!(error.starts_with("column \"b\" of table \"bad\": "), "{error}");
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_generated_column_that_uses_others_is_not_blamed_for_a_check() {
    let b = Column { generated: Some(Generated::stored("a * 2")), ..Column::new("b", "int") };
    let mut bad = table("bad", vec![b, Column::new("a", "int")]);
    bad.checks =
        vec![Check { name: Some("odd".into()), expression: "c > 0".into(), ..Check::default() }]
            .into();
    let error = refused(vec![bad]).await;
    assert!(error.starts_with("check \"odd\" of table \"bad\": "), "{error}");
    assert!(error.contains("column \"c\" does not exist"), "{error}");
}

#[tokio::test]
async fn a_wrong_index_is_blamed_by_its_name() {
    let mut bad = table("bad", vec![Column::new("a", "json")]);
    bad.indexes = vec![Index::btree(Some("odd"), false, &[])].into();
    bad.indexes.to_mut()[0].parts = vec![IndexPart::column("a")].into();
    let error = refused(vec![Table { schema: "shop".into(), ..bad }]).await;
    assert!(error.starts_with("index \"odd\" of table \"shop\".\"bad\": "), "{error}");
    assert!(error.contains("no default operator class"), "{error}");
}

/// A role of this test only: roles belong to all databases of a server.
async fn as_role(case: &Case, rights: &str) -> (String, Connection) {
    let role = format!("role_{}", case.database.name());
    case.run(&format!("CREATE ROLE \"{role}\" LOGIN; {}", rights.replace("ROLE", &role))).await;
    let config = Config::builder().url(case.database.url()).user(&role).build().expect("settings");
    (role, Connection::connect(&config).await.expect("a session"))
}

#[tokio::test]
async fn a_role_that_owns_only_its_schema_is_enough() {
    let case = Case::with("REVOKE ALL ON SCHEMA public FROM PUBLIC").await;
    let (role, connection) = as_role(&case, "CREATE SCHEMA own AUTHORIZATION \"ROLE\"").await;
    let schema = declared(vec![with_key("own", "t"), with_key("public", "t")]);
    scratch::canonical(&connection, &schema).await.expect("a schema");
    orm_migrate::catalog::read(&connection).await.expect("a catalog");
    connection.close().await;
    case.run(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\"")).await;
}

#[tokio::test]
async fn the_missing_right_to_make_temporary_tables_is_named() {
    let case = Case::new().await;
    case.run(&format!("REVOKE TEMPORARY ON DATABASE \"{}\" FROM PUBLIC", case.database.name()))
        .await;
    let (role, connection) = as_role(&case, "").await;
    let schema = declared(vec![with_key("public", "t")]);
    let error = scratch::canonical(&connection, &schema).await.expect_err("an error");
    assert!(matches!(error, ScratchError::NoTemporary { .. }), "{error}");
    let hint =
        format!("\nhint: GRANT TEMPORARY ON DATABASE \"{}\" TO \"{role}\"", case.database.name());
    assert!(error.to_string().ends_with(&hint), "{error}");
    connection.close().await;
    case.run(&format!("DROP ROLE \"{role}\"")).await;
}

#[tokio::test]
async fn names_that_would_be_too_long_are_the_same_in_the_catalog() {
    let long = "a_table_whose_name_alone_is_nearly_as_long_as_names_may_b_äö";
    assert!(long.len() > 60 && long.len() <= 63, "{}", long.len());
    let mut it = with_key("public", long);
    it.foreign_keys = vec![reference(long)].into();
    it.uniques = vec![Unique {
        name: None,
        columns: vec!["other".into(), "id".into()].into(),
        nulls_not_distinct: false,
        deferrable: Deferrable::No,
        ..Default::default()
    }]
    .into();
    it.checks = vec![Check { name: None, expression: "id > 0".into(), ..Check::default() }].into();
    it.indexes = vec![Index::btree(None, true, &[])].into();
    it.indexes.to_mut()[0].parts = vec![IndexPart::column("other")].into();
    let schema = declared(vec![it]);
    let case = Case::with(&orm_migrate::plan::schema_sql(&schema)).await;
    let declared = scratch::canonical(&case.connection, &schema).await.expect("a schema");
    let live = case.schema().await;
    assert_eq!(live.tables, declared.schema().tables);
}

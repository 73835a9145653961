//! Random pairs of schemas: the plan leads from one to the other, a second diff is empty, rows are kept, and the way
//! back leads home. `PROPTEST_CASES` says how many pairs are tried.

#[path = "../engine/support.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod support;

mod schema;

use orm_core::schema::Schema;
use orm_migrate::catalog::Canonical;
use orm_migrate::change::ObjectName;
use orm_migrate::diff::{diff, settled};
use orm_migrate::history::Script;
use orm_migrate::plan::{Down, plan, schema_sql};
use orm_migrate::scratch::ScratchServer;
use orm_migrate::source::{self, SchemaSource};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::collections::BTreeMap;
use support::{Place, all, lines};

#[test]
fn any_schema_becomes_any_other_and_back() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let place = runtime.block_on(Place::with(""));
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(24);
    let config =
        Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let pairs = (schema::schema(), schema::schema());
    let result = runner.run(&pairs, |(before, after)| {
        runtime.block_on(round_trip(&place, &before, &after)).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

async fn round_trip(place: &Place, before: &Schema, after: &Schema) -> Result<(), String> {
    place.begin_again("").await;
    run(place, "before", &schema_sql(before)).await?;
    fill(place, before).await?;
    let rows = read_rows(place, before).await?;

    let (from, to) = sides(place, after).await?;
    let changes = diff(&from, &to, &all(&from));
    let up = plan(changes.clone(), &from, &to).up_sql();
    run(place, "up", &up).await?;
    let (there, again) = sides(place, after).await?;
    nothing("left after up", &up, &lines(&diff(&there, &again, &all(&there))))?;
    kept(&rows, &read_rows(place, after).await?, before, after)
        .map_err(|it| format!("{it}\n{up}"))?;

    let down = Down::of(&changes, &from, &settled(&from, &to));
    let Some(sql) = down.sql else { return Ok(()) };
    run(place, "down", &sql).await?;
    let (home, wanted) = sides(place, before).await?;
    nothing("left after down", &format!("{up}\n{sql}"), &lines(&diff(&home, &wanted, &all(&home))))
}

/// What lives, and what is declared, in the words of the server: as `diff` has them.
async fn sides(place: &Place, declared: &Schema) -> Result<(Canonical, Canonical), String> {
    let config = place.config();
    let server = ScratchServer::of_target(&config);
    let (from, to) =
        (SchemaSource::Database(Box::new(config)), SchemaSource::Declared(declared.clone()));
    let both = source::both(from, to, Some(&server)).await.map_err(|error| format!("{error:#}"))?;
    Ok((both.from.canonical, both.to))
}

fn nothing(what: &str, sql: &str, left: &[String]) -> Result<(), String> {
    if left.is_empty() {
        return Ok(());
    }
    Err(format!("{what}: {left:#?}\n{sql}"))
}

/// Each segment in a transaction.
async fn run(place: &Place, what: &str, sql: &str) -> Result<(), String> {
    let script = Script::parse(sql).map_err(|error| error.to_string())?;
    for segment in script.segments {
        let statements: Vec<_> = segment.statements.iter().map(|it| it.text.as_str()).collect();
        let text = format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n"));
        if let Err(error) = place.connection.batch_execute(&text).await {
            let _ended = place.connection.batch_execute("ROLLBACK").await;
            return Err(format!("{what} failed: {error:#}\n{sql}"));
        }
    }
    Ok(())
}

/// Two rows for each table, with a value in every column that can have one.
async fn fill(place: &Place, schema: &Schema) -> Result<(), String> {
    for table in &schema.tables {
        let names =
            table.columns.iter().filter_map(|it| Some((&it.name, schema::value(&it.name)?)));
        let (columns, values): (Vec<String>, Vec<&str>) =
            names.map(|(name, value)| (format!(", \"{name}\""), value)).unzip();
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        let name = ObjectName::of(table);
        let sql = format!(
            "INSERT INTO {} (id{}) VALUES (1{values}), (2{values})",
            name.qualified(),
            columns.concat()
        );
        place.connection.batch_execute(&sql).await.map_err(|error| format!("{sql}: {error:#}"))?;
    }
    Ok(())
}

type Rows = BTreeMap<(String, String), Vec<Option<String>>>;

/// The values of each column, as text.
async fn read_rows(place: &Place, schema: &Schema) -> Result<Rows, String> {
    let mut rows = Rows::new();
    for table in &schema.tables {
        let name = ObjectName::of(table);
        for column in table.columns.iter() {
            let sql =
                format!("SELECT \"{}\"::text FROM {} ORDER BY id", column.name, name.qualified());
            let read = place
                .connection
                .query::<orm_core::exec::DriverRow>(&sql, &[])
                .await
                .map_err(|error| format!("{error:#}"))?;
            let values = read.iter().map(|row| row.get(0)).collect();
            rows.insert((table.name.to_string(), column.name.to_string()), values);
        }
    }
    Ok(rows)
}

/// A column that stays, with its type, keeps its values; a table that stays keeps its rows.
fn kept(before: &Rows, after: &Rows, from: &Schema, to: &Schema) -> Result<(), String> {
    let data_type = |schema: &Schema, table: &str, column: &str| {
        let table = schema.table("public", table)?;
        Some(table.column(column)?.data_type.clone())
    };
    for ((table, column), values) in before {
        let Some(now) = after.get(&(table.clone(), column.clone())) else { continue };
        let is_same_type = data_type(from, table, column) == data_type(to, table, column);
        if now.len() != values.len() || is_same_type && now != values {
            return Err(format!("{table}.{column}: {values:?} became {now:?}"));
        }
    }
    Ok(())
}

//! What a comparison with nothing to do costs, and how it grows: 10 to 1,000 tables of 20 columns.
//!
//! `cargo bench -p orm-benches --bench diff`. Timed is what `orm-migrate diff --check` does once the crate was built: the declared
//! tables into the server's words, the catalog, the comparison. The memory is the peak of this process so far.

use orm::exec::Config;
use orm::schema::{
    Check, Column, ForeignKey, Index, IndexPart, PrimaryKey, Schema, Table, Text, Unique,
};
use orm_migrate::change::ObjectName;
use orm_migrate::scratch::ScratchServer;
use orm_migrate::source::{self, SchemaSource};
use orm_migrate::{devdb, diff, plan, scratch};
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SIZES: [usize; 5] = [10, 100, 250, 500, 1000];
const ROUNDS: usize = 5;

/// A table as applications have them: a key, a reference, a unique, an index, a check, defaults.
fn table(number: usize) -> Table {
    let mut it = Table::new("public", "");
    it.name = format!("table_{number:04}").into();
    let columns = it.columns.to_mut();
    columns.push(Column::new("id", "bigint"));
    columns.push(Column { nullable: true, ..Column::new("parent_id", "bigint") });
    columns.push(Column::new("email", "text"));
    columns.push(Column { default: Some("now()".into()), ..Column::new("at", "timestamptz") });
    // What PostgreSQL says of a check on a varchar has to be read twice.
    let state = if number.is_multiple_of(10) { "varchar(20)" } else { "text" };
    columns.push(Column { default: Some("'new'".into()), ..Column::new("state", state) });
    for more in columns.len()..20 {
        let data_type = ["integer", "text", "boolean", "jsonb", "numeric(10, 2)"][more % 5];
        let mut column = Column { nullable: more % 2 == 0, ..Column::new("", data_type) };
        column.name = format!("column_{more}").into();
        columns.push(column);
    }
    let names = |name: &'static str| vec![Text::Borrowed(name)].into();
    it.primary_key = Some(PrimaryKey { columns: names("id"), ..PrimaryKey::default() });
    it.uniques.to_mut().push(Unique { columns: names("email"), ..Unique::default() });
    let check = "state in ('new', 'old') and length(email) > 3";
    it.checks.to_mut().push(Check { expression: check.into(), ..Check::default() });
    it.indexes.to_mut().push(Index {
        parts: vec![IndexPart::column("parent_id")].into(),
        predicate: Some("state <> 'old'".into()),
        ..Index::default()
    });
    it.foreign_keys.to_mut().push(ForeignKey {
        columns: names("parent_id"),
        references_schema: "public".into(),
        references_table: format!("table_{:04}", number / 2).into(),
        references_columns: names("id"),
        ..ForeignKey::default()
    });
    it
}

/// `VmHWM` of `/proc/self/status`, in MiB; none on other systems.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().split(' ').next()?.parse::<u64>().ok()? / 1024)
}

async fn compare(config: &Config, declared: &Schema) -> Outcome<(Duration, usize)> {
    let begun = Instant::now();
    let (from, to) = (
        SchemaSource::Database(Box::new(config.clone())),
        SchemaSource::Declared(declared.clone()),
    );
    let both = source::both(from, to, Some(&ScratchServer::of_target(config))).await?;
    let managed = ObjectName::all(both.from.canonical.schema()).collect();
    let changes = diff::diff(&both.from.canonical, &both.to, &managed);
    Ok((begun.elapsed(), changes.len()))
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    println!("| tables | columns | median | slowest | peak memory |");
    println!("|---|---|---|---|---|");
    for size in SIZES {
        let declared = Schema::declared((0..size).map(table))?;
        let database = devdb::test_database()?;
        let config = Config::from_url(database.url())?;
        let connection = orm::Connection::connect(&config).await?;
        // In the server's words, as a migration has it.
        let migrated = scratch::canonical(&connection, &declared).await?;
        // One transaction holds locks on all that it makes: a share for each statement.
        for statements in plan::schema_sql(migrated.schema())
            .split_inclusive(";\n")
            .collect::<Vec<_>>()
            .chunks(500)
        {
            connection.batch_execute(&statements.concat()).await?;
        }
        connection.close().await;
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let (time, changes) = compare(&config, &declared).await?;
            assert_eq!(changes, 0, "nothing was changed");
            times.push(time);
        }
        times.sort();
        let (median, slowest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
        let memory = peak_memory().map_or("?".to_owned(), |it| format!("{it} MiB"));
        println!(
            "| {size} | {} | {} ms | {} ms | {memory} |",
            size * 20,
            median.as_millis(),
            slowest.as_millis()
        );
    }
    Ok(())
}

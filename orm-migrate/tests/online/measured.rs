//! What a plan says of its steps is what PostgreSQL does: each is run, and its locks, what it reads and what it writes
//! anew are observed.

use crate::support::{Case, FILLED, run};
use orm_core::exec::Connection;
use orm_migrate::plan::{CostKind, Forms, LockMode, Plan, Step};
use std::collections::BTreeMap;

/// What was seen of the tables that were there before.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// The strongest lock on each.
    locks: BTreeMap<String, String>,
    /// Which were read row by row.
    read: Vec<String>,
    /// Which were written anew.
    rewritten: Vec<String>,
}

const TABLES: &str = "SELECT c.oid, c.relname::text FROM pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace ORDER BY 1";
const FILES: &str = "SELECT c.relname::text, pg_relation_filenode(c.oid)::bigint FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace";
/// Of tables, also of those that are dropped by now.
const LOCKS: &str = "SELECT t.name, l.mode FROM pg_locks AS l
    JOIN unnest($2::oid[], $3::text[]) AS t (oid, name) ON t.oid = l.relation
    WHERE l.granted AND l.pid = coalesce($1, pg_backend_pid())";
/// Counts since the session last reported them: only differences say something.
const READ: &str = "SELECT relname::text, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
    FROM pg_stat_xact_user_tables ORDER BY 1";

const STRENGTH: [LockMode; 6] = [
    LockMode::RowShare,
    LockMode::RowExclusive,
    LockMode::ShareUpdateExclusive,
    LockMode::Share,
    LockMode::ShareRowExclusive,
    LockMode::AccessExclusive,
];

async fn pairs(connection: &Connection, sql: &str) -> Vec<(String, i64)> {
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

type Tables = (Vec<u32>, Vec<String>);

/// The tables that are there, each with its number.
async fn tables(connection: &Connection) -> Tables {
    let rows = connection.query::<orm_core::exec::DriverRow>(TABLES, &[]).await.expect("rows");
    rows.iter().map(|row| (row.get::<_, u32>(0), row.get::<_, String>(1))).unzip()
}

/// The strongest locks of a session on these tables; `ACCESS SHARE`, as any query takes it, left out.
async fn locks(
    connection: &Connection,
    pid: Option<i32>,
    tables: &Tables,
) -> BTreeMap<String, String> {
    let mut held: BTreeMap<String, LockMode> = BTreeMap::new();
    for row in connection
        .query::<orm_core::exec::DriverRow>(LOCKS, &[&pid, &tables.0, &tables.1])
        .await
        .expect("locks")
    {
        let (table, mode): (String, String) = (row.get(0), row.get(1));
        let is_mode = |it: &&LockMode| {
            format!("{}lock", it.to_string().replace(' ', "")).eq_ignore_ascii_case(&mode)
        };
        let Some(mode) = STRENGTH.iter().find(is_mode) else { continue };
        let strongest = held.entry(table).or_insert(*mode);
        *strongest = (*strongest).max(*mode);
    }
    held.into_iter().map(|(table, mode)| (table, mode.to_string())).collect()
}

/// Where the rows of a table are; `d` is divided: see `partitions`.
fn rows_of(table: &str) -> Vec<String> {
    let tables = match table {
        "d" => vec!["d1", "d2a"],
        other => vec![other],
    };
    tables.into_iter().map(str::to_owned).collect()
}

/// What the plan says of a step on a release of the server.
fn planned(step: &Step, version: i32) -> Seen {
    let mut locks: BTreeMap<String, LockMode> = BTreeMap::new();
    for lock in &step.locks_on(version) {
        let strongest = locks.entry(lock.table.name.clone()).or_insert(lock.mode);
        *strongest = (*strongest).max(lock.mode);
    }
    let of = |kinds: &[CostKind]| {
        let costs = step.costs.iter().filter(|cost| kinds.contains(&cost.kind));
        let mut tables: Vec<String> = costs.flat_map(|cost| rows_of(&cost.table.name)).collect();
        tables.sort();
        tables.dedup();
        tables
    };
    Seen {
        locks: locks.into_iter().map(|(table, mode)| (table, mode.to_string())).collect(),
        read: of(&[CostKind::Batches, CostKind::Scan, CostKind::IndexBuild, CostKind::Rewrite]),
        rewritten: of(&[CostKind::Rewrite]),
    }
}

/// What a step does, observed within its own transaction.
async fn seen(case: &Case, step: &Step, tables: &Tables, planned: &Seen) -> Seen {
    let connection = &case.connection;
    let before = pairs(connection, FILES).await;
    run(connection, "BEGIN").await;
    let unread = pairs(connection, READ).await;
    for statement in &step.statements {
        run(connection, statement).await;
    }
    let mut locks = locks(connection, None, tables).await;
    let unseen: Vec<&String> = planned.locks.keys().filter(|it| !locks.contains_key(*it)).collect();
    if !unseen.is_empty() {
        // A lock that is released before the statement ends is not seen after it: a reader is in its way all the same.
        run(connection, "ROLLBACK").await;
        for table in unseen {
            if waits_for_a_reader(case, step, table).await {
                locks.insert(table.clone(), LockMode::AccessExclusive.to_string());
            }
        }
        run(connection, "BEGIN").await;
        for statement in &step.statements {
            run(connection, statement).await;
        }
    }
    let mut read = pairs(connection, READ).await;
    read.retain(|counted| locks.contains_key(&counted.0) && !unread.contains(counted));
    // A foreign key is looked up in the other table, row by row: that is no cost of the other table.
    read.retain(|(table, _)| table != "other");
    let read = read.into_iter().map(|(table, _)| table).collect();
    let after = pairs(connection, FILES).await;
    run(connection, "COMMIT").await;
    Seen { locks, read, rewritten: rewritten(&before, &after) }
}

/// The tables whose rows are in another file than before.
fn rewritten(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<String> {
    let is_rewritten =
        |(table, file): &&(String, i64)| before.iter().any(|(it, old)| it == table && old != file);
    let mut tables: Vec<String> =
        after.iter().filter(is_rewritten).map(|it| it.0.clone()).collect();
    tables.sort();
    tables
}

/// Whether a step cannot be done while another session reads the table, which is so of ACCESS EXCLUSIVE alone.
async fn waits_for_a_reader(case: &Case, step: &Step, table: &str) -> bool {
    let reader = case.another().await;
    run(&reader, &format!("BEGIN; LOCK TABLE {table} IN ACCESS SHARE MODE")).await;
    run(&case.connection, "BEGIN; SET LOCAL lock_timeout = '300ms'").await;
    let mut waits = false;
    for statement in &step.statements {
        if let Err(error) = case.connection.batch_execute(statement).await {
            assert!(error.to_string().contains("lock timeout"), "{statement}: {error:#}");
            waits = true;
            break;
        }
    }
    run(&case.connection, "ROLLBACK").await;
    run(&reader, "COMMIT").await;
    waits
}

/// What a concurrent statement holds and does while it waits for a session that writes.
async fn seen_by_another(case: &Case, step: &Step, tables: &Tables) -> Seen {
    const WAITS: &str = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1";
    const BUILDS: &str = "SELECT c.relname::text FROM pg_stat_progress_create_index AS p
        JOIN pg_class AS c ON c.oid = p.relid WHERE p.pid = $1 AND p.command = 'CREATE INDEX CONCURRENTLY'";
    let (writer, builder) = (case.another().await, case.another().await);
    let is_divided = tables.1.iter().any(|it| it == "d");
    let t = if is_divided { "d" } else { "t" };
    let pid: i32 = builder
        .query::<orm_core::exec::DriverRow>("SELECT pg_backend_pid()", &[])
        .await
        .expect("a pid")[0]
        .get(0);
    let before = pairs(&case.connection, FILES).await;
    run(&writer, &format!("BEGIN; UPDATE {t} SET a = a WHERE id % 10000 = 1")).await;
    let statements = step.statements.clone();
    let building = tokio::spawn(async move {
        for statement in &statements {
            run(&builder, statement).await;
        }
    });
    loop {
        let rows = case
            .connection
            .query::<orm_core::exec::DriverRow>(WAITS, &[&pid])
            .await
            .expect("an activity");
        if rows.first().is_some_and(|row| row.get::<_, Option<bool>>(0) == Some(true)) {
            break;
        }
        assert!(!building.is_finished(), "it waits for no session: {:?}", step.statements);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let locks = locks(&case.connection, Some(pid), tables).await;
    let rows = case
        .connection
        .query::<orm_core::exec::DriverRow>(BUILDS, &[&pid])
        .await
        .expect("what is built");
    let read = rows.iter().map(|row| row.get(0)).collect();
    // Meanwhile others write.
    run(&writer, &format!("UPDATE {t} SET a = a WHERE id = 2; COMMIT")).await;
    building.await.expect("it is built");
    Seen { locks, read, rewritten: rewritten(&before, &pairs(&case.connection, FILES).await) }
}

pub(crate) async fn check_plan(case: &Case, plan: &Plan) {
    let sql = "SELECT current_setting('server_version_num')::int";
    let version: i32 =
        case.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("a version")[0]
            .get(0);
    // No session waits for a table that the migration makes.
    let tables = tables(&case.connection).await;
    for step in &plan.steps {
        let is_concurrent = step.statements.iter().any(|it| it.contains("CONCURRENTLY"));
        let planned = planned(step, version);
        let seen = if is_concurrent {
            seen_by_another(case, step, &tables).await
        } else {
            seen(case, step, &tables, &planned).await
        };
        assert_eq!(planned, seen, "planned and seen of:\n{}", step.statements.join("\n"));
        if step.repeats {
            // The other batches.
            while case.connection.execute(&step.statements[0], &[]).await.expect("a batch") > 0 {}
        }
    }
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new());
}

/// Plain and online. There is no online form only where the plain one was seen to write the table, or an index that it
/// had, again.
pub(crate) async fn check(from: &str, change: &str) {
    const ALL_FILES: &str =
        "SELECT c.relname::text, pg_relation_filenode(c.oid)::bigint FROM pg_class AS c
        WHERE c.relkind IN ('r', 'i') AND c.relnamespace = 'public'::regnamespace";
    let from = format!("{FILLED}{from}");
    let case = Case::new(&from, change).await;
    let before = pairs(&case.connection, ALL_FILES).await;
    check_plan(&case, &case.plain()).await;
    let written = rewritten(&before, &pairs(&case.connection, ALL_FILES).await);
    let case = Case::new(&from, change).await;
    let online = case.online(&case.strategy(Forms::BySize).await);
    if online.refused.is_empty() {
        check_plan(&case, &online.plan).await;
    } else {
        assert_ne!(written, Vec::<String>::new(), "{change} is refused: {:?}", online.refused);
    }
}

#[tokio::test]
async fn columns_that_are_added() {
    for column in [
        "int",
        "int DEFAULT 5 NOT NULL",
        "timestamptz DEFAULT now()",
        "uuid DEFAULT gen_random_uuid()",
        "serial",
        "int GENERATED ALWAYS AS IDENTITY",
        "int GENERATED ALWAYS AS (a + 1) STORED",
    ] {
        check("", &format!("ALTER TABLE t ADD c {column}")).await;
    }
}

#[tokio::test]
async fn times_with_a_zone_and_without() {
    for (from, to) in [
        ("timestamp", "timestamptz"),
        ("timestamptz", "timestamp"),
        ("timestamp(3)", "timestamptz"),
        ("timestamp(3)", "timestamptz(3)"),
        ("timestamp", "timestamptz(3)"),
        ("date", "timestamptz"),
        ("timestamptz", "date"),
    ] {
        for index in ["", "CREATE INDEX i ON t (s);"] {
            let from = format!("ALTER TABLE t ADD s {from}; {index}");
            check(&from, &format!("ALTER TABLE t ALTER s TYPE {to}")).await;
        }
    }
}

#[tokio::test]
async fn columns_of_domains() {
    let domains = "CREATE DOMAIN d AS int CHECK (value > 0); CREATE DOMAIN over AS d; CREATE DOMAIN n AS int NOT NULL;
        CREATE DOMAIN p AS int; CREATE DOMAIN five AS int DEFAULT 5; CREATE DOMAIN r AS float8 DEFAULT random(); CREATE DOMAIN w AS varchar(5);";
    for column in [
        "d",
        "d DEFAULT 3",
        "over",
        "n DEFAULT 3",
        "d[]",
        "p",
        "p DEFAULT 3",
        "five",
        "r",
        "r DEFAULT 3",
        "w",
    ] {
        check(domains, &format!("ALTER TABLE t ADD c {column}")).await;
    }
    for (from, to) in
        [("int", "p"), ("int", "d"), ("p", "int"), ("d", "int"), ("d", "p"), ("p", "bigint")]
    {
        let from = format!("{domains} ALTER TABLE t ADD c {from};");
        check(&from, &format!("ALTER TABLE t ALTER c TYPE {to}")).await;
    }
    check(
        "CREATE DOMAIN p AS int; ALTER TABLE t ADD c p;",
        "ALTER TABLE t ALTER c TYPE int; DROP DOMAIN p",
    )
    .await;
}

/// Whether a default is computed once is asked of the functions that it calls.
#[tokio::test]
async fn defaults_that_are_computed_once_or_for_each_row() {
    let functions = "CREATE FUNCTION lower(int) RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN $1; END'; CREATE FUNCTION once(int) RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN $1; END';
        CREATE FUNCTION said() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN ''IMMUTABLE''; END';";
    for column in [
        "timestamptz DEFAULT CURRENT_TIMESTAMP(3)",
        "text DEFAULT to_char(now(), 'YYYY')",
        "text DEFAULT md5('random()')",
        "jsonb DEFAULT jsonb_build_object('a', 1)",
        "varchar(9) DEFAULT 'x'::varchar(5)",
        "text DEFAULT 'a' || random()",
        "int DEFAULT lower(1)",
        "int DEFAULT once(1)",
        "text DEFAULT said()",
        "timestamptz DEFAULT clock_timestamp()",
    ] {
        check(functions, &format!("ALTER TABLE t ADD c {column}")).await;
    }
}

#[tokio::test]
async fn columns_that_go_or_change() {
    for change in [
        "DROP b",
        "ALTER a SET DEFAULT 1",
        "ALTER a SET NOT NULL",
        "ALTER a TYPE bigint",
        "ALTER b TYPE varchar(100)",
        "ALTER a TYPE text USING a::text",
    ] {
        check("CREATE INDEX i ON t (a);", &format!("ALTER TABLE t {change}")).await;
    }
    check(
        "ALTER TABLE t ADD v varchar(5) NOT NULL DEFAULT 'x';",
        "ALTER TABLE t ALTER v TYPE varchar(9), ALTER v DROP NOT NULL",
    )
    .await;
    check("ALTER TABLE t ADD v varchar(5);", "ALTER TABLE t ALTER v TYPE text").await;
    check("ALTER TABLE t ADD v numeric(5, 2);", "ALTER TABLE t ALTER v TYPE numeric(9, 2)").await;
    check("ALTER TABLE t ADD v numeric(5, 2);", "ALTER TABLE t ALTER v TYPE numeric(9, 3)").await;
}

#[tokio::test]
async fn constraints_that_come_and_go() {
    let unique = "ALTER TABLE t ADD CONSTRAINT c UNIQUE (b);";
    let positive = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);";
    let key = "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (other_id) REFERENCES other;";
    for add in [unique, positive, key] {
        check("", add).await;
        check(add, "ALTER TABLE t DROP CONSTRAINT c").await;
        check(add, "ALTER TABLE t RENAME CONSTRAINT c TO d").await;
    }
    check(
        "ALTER TABLE t DROP CONSTRAINT t_pkey;",
        "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id)",
    )
    .await;
}

#[tokio::test]
async fn indexes_tables_and_comments_that_come_and_go() {
    check("", "CREATE INDEX i ON t (b)").await;
    check("", "CREATE UNIQUE INDEX i ON t (b)").await;
    check("CREATE INDEX i ON t (b);", "DROP INDEX i").await;
    check("CREATE INDEX i ON t (b);", "ALTER INDEX i RENAME TO j").await;
    check("CREATE TABLE n (id int REFERENCES other);", "DROP TABLE n").await;
    check("", "CREATE TABLE n (id int REFERENCES other)").await;
    check("", "COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'").await;
}

#[tokio::test]
async fn triggers_policies_and_settings() {
    let f = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    let trigger = "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();";
    let policy = "CREATE POLICY p ON t USING (a > 3);";
    for add in [trigger, policy] {
        check(f, add).await;
    }
    check(&format!("{f}{trigger}"), "DROP TRIGGER g ON t").await;
    check(policy, "DROP POLICY p ON t").await;
    check(policy, "ALTER POLICY p ON t USING (a > 4)").await;
    check("", "ALTER TABLE t ENABLE ROW LEVEL SECURITY").await;
    check("", "ALTER TABLE t SET (fillfactor = 70)").await;
    check("CREATE INDEX i ON t (a);", "ALTER INDEX i SET (fillfactor = 70)").await;
    check(
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
    )
    .await;
    check(
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (other_id) REFERENCES other NOT VALID;",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
    )
    .await;
    check(
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (other_id) REFERENCES other;",
        "ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE",
    )
    .await;
    check("", "ALTER TABLE t SET UNLOGGED").await;
    check("", "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING btree (id WITH =)").await;
}

#[tokio::test]
async fn types_that_are_made_again_and_views_that_step_aside() {
    let typed = "CREATE TYPE e AS ENUM ('x', 'y'); ALTER TABLE t ADD c e DEFAULT 'x', ADD d e[];";
    let case = Case::new(
        &format!("{FILLED}{typed}"),
        "ALTER TABLE t DROP c, DROP d; DROP TYPE e; CREATE TYPE e AS ENUM ('y', 'x'); ALTER TABLE t ADD c e DEFAULT 'x', ADD d e[]",
    )
    .await;
    check_plan(&case, &case.plain()).await;
    let view = "CREATE VIEW v AS SELECT a FROM t;";
    check(view, "DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW v AS SELECT a FROM t")
        .await;
    let domain = "CREATE DOMAIN d AS int; ALTER TABLE t ADD c d;";
    check(domain, "ALTER DOMAIN d ADD CONSTRAINT small CHECK (value < 100000)").await;
    check(domain, "ALTER DOMAIN d SET DEFAULT 3").await;
}

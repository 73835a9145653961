//! The tool: what it refuses, what it explains, what it writes.

use crate::support::{FILLED, run};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate_test_support::{ToolOutput, connect, tool};
use serde_json::Value;

pub(crate) struct Case {
    live: TestDatabase,
    wanted: TestDatabase,
    pub(crate) place: tempfile::TempDir,
}

impl Case {
    pub(crate) async fn new(from: &str, change: &str) -> Self {
        let [live, wanted] = [(); 2].map(|()| test_database().expect("a database"));
        run(&connect(live.url()).await, from).await;
        let connection = connect(wanted.url()).await;
        run(&connection, from).await;
        run(&connection, change).await;
        Self { live, wanted, place: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn tool(&self, arguments: &[&str]) -> ToolOutput {
        let folder = self.place.path().display().to_string();
        let mut command = tool(arguments);
        command.args(["--migrations", &folder]).env("POSTGRES_URL", self.live.url());
        ToolOutput::of(&mut command)
    }

    pub(crate) fn url(&self) -> &str {
        self.live.url()
    }

    /// Runs SQL on the live database.
    pub(crate) async fn run(&self, sql: &str) {
        run(&connect(self.live.url()).await, sql).await;
    }

    pub(crate) fn diff(&self, more: &[&str]) -> ToolOutput {
        let sides = ["diff", "m", "--from", self.live.url(), "--to", self.wanted.url()];
        self.tool(&[&sides, more].concat())
    }

    pub(crate) fn json(&self, more: &[&str]) -> (Option<i32>, Value) {
        let said = self.diff(&[&["--json"], more].concat());
        (said.code, serde_json::from_str(&said.out).expect("one JSON document"))
    }
}

#[tokio::test]
async fn each_step_is_explained_written_and_applied() {
    let case = Case::new(FILLED, "CREATE INDEX i ON t (a); CREATE INDEX j ON other (id)").await;
    let said = case.diff(&["--explain"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.error);
    for part in [
        "step 1 of 2, ",
        "outside of transactions",
        "sql     CREATE INDEX CONCURRENTLY \"i\"",
        "lock    SHARE UPDATE EXCLUSIVE on \"t\": others may read and write",
        "cost    reads every row of \"t\" to build an index",
        "form    online: \"t\" is big (more than 10000 rows",
        "lock    SHARE on \"other\": others may read, not write",
        "form    plain: \"other\" is small (10 rows, ",
    ] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    let folder =
        std::fs::read_dir(case.place.path()).expect("a folder").next().expect("a migration");
    let folder = folder.expect("an entry").path();
    let up = std::fs::read_to_string(folder.join("up.sql")).expect("up.sql");
    for part in [
        "-- orm:segment autocommit\n",
        "-- lock: SHARE UPDATE EXCLUSIVE on \"t\"",
        "-- form: online",
    ] {
        assert!(up.contains(part), "{part}:\n{up}");
    }
    let plan = std::fs::read_to_string(folder.join("plan.json")).expect("plan.json");
    let plan: Value = serde_json::from_str(&plan).expect("JSON");
    let modes: Vec<&Value> =
        plan["steps"].as_array().expect("steps").iter().map(|it| &it["mode"]).collect();
    assert!(modes.contains(&&Value::from("autocommit")) && modes.len() == 2, "{plan}");
    assert_eq!(case.tool(&["apply"]).code, Some(0));
    assert!(case.diff(&["--check"]).out.contains("no differences"));
}

#[tokio::test]
async fn a_form_is_chosen_by_flags_too() {
    let case = Case::new(FILLED, "CREATE INDEX i ON t (a); CREATE INDEX j ON other (id)").await;
    let concurrently =
        |flag: &str| case.diff(&["--sql", flag]).out.matches("CREATE INDEX CONCURRENTLY").count();
    assert_eq!((concurrently("--plain"), concurrently("--online")), (0, 2));
    assert_eq!(case.diff(&["--plain", "--online"]).code, Some(64));
}

#[tokio::test]
async fn rows_that_fail_are_refused_with_their_number_and_a_query() {
    let case = Case::new(
        &format!("{FILLED} UPDATE t SET a = NULL WHERE id <= 3"),
        "DELETE FROM t; ALTER TABLE t ALTER a SET NOT NULL",
    )
    .await;
    let refused = case.diff(&[]);
    assert_eq!(refused.code, Some(3), "{}", refused.out);
    let (sentence, query) = (
        "3 rows of table \"t\" have NULL in column \"a\"",
        "SELECT * FROM \"public\".\"t\" WHERE \"a\" IS NULL LIMIT 20",
    );
    for part in [sentence, query, "--allow-failing"] {
        assert!(refused.error.contains(part), "{part}: {}", refused.error);
    }
    let (code, said) = case.json(&[]);
    let row = &said["error"]["details"]["rows"][0];
    assert_eq!((code, &row["count"], &row["query"]), (Some(3), &3.into(), &query.into()), "{said}");
    let allowed = case.diff(&["--allow-failing"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.error);
    assert!(allowed.error.contains(&format!("allowed: {sentence}")), "{}", allowed.error);
}

#[tokio::test]
async fn a_rewrite_is_refused_allowed_or_spelled_out() {
    let case = Case::new(FILLED, "ALTER TABLE t ALTER a TYPE bigint").await;
    let refused = case.diff(&[]);
    assert_eq!(refused.code, Some(3), "{}", refused.out);
    for part in ["--allow-rewrite", "what --expand writes instead:", "CREATE TRIGGER"] {
        assert!(refused.error.contains(part), "{part}: {}", refused.error);
    }
    let (code, said) = case.json(&[]);
    assert_eq!(code, Some(3));
    let instead = &said["error"]["details"]["rewrites"][0]["instead"];
    assert!(instead.as_str().is_some_and(|sql| sql.contains("orm:repeat")), "{said}");
    let allowed = case.diff(&["--allow-rewrite", "--sql"]);
    assert!(allowed.code == Some(0) && allowed.out.contains("TYPE bigint"), "{}", allowed.error);
    // Proved on a scratch database before it is written.
    let written = case.diff(&["--expand"]);
    assert_eq!(written.code, Some(0), "{}", written.error);
    let applied = case.tool(&["apply"]);
    assert_eq!(applied.code, Some(0), "{}", applied.error);
    assert!(case.diff(&["--check"]).out.contains("no differences"));
}

/// The `plan.json` of the migration that was written.
pub(crate) fn plan_of(case: &Case) -> Value {
    let mut folder = std::fs::read_dir(case.place.path()).expect("a folder");
    let entry = folder.next().expect("a migration").expect("an entry");
    let plan = std::fs::read_to_string(entry.path().join("plan.json")).expect("plan.json");
    serde_json::from_str(&plan).expect("JSON")
}

#[tokio::test]
async fn a_hazard_is_allowed_by_name_and_kept_in_mind() {
    for (change, name, sentence) in [
        ("ALTER TABLE t DROP b", "data_loss", "the values of column \"b\" of table \"t\" are lost"),
        (
            "ALTER TABLE t ALTER a TYPE bigint",
            "rewrite",
            "table \"t\" is written anew and its indexes are built again; nobody can read or write it meanwhile",
        ),
        (
            "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 2)",
            "fails_on_existing_rows",
            "2 rows of table \"t\" do not satisfy check \"c\": (a > 2)",
        ),
    ] {
        let case = Case::new(FILLED, change).await;
        let others = ["data_loss", "rewrite", "fails_on_existing_rows"];
        let allow: Vec<&str> =
            others.iter().filter(|it| **it != name).flat_map(|it| ["--allow", it]).collect();
        assert_eq!(case.diff(&allow).code, Some(3), "{name} is not allowed by the others");
        let allowed = case.diff(&["--allow", name]);
        assert_eq!(allowed.code, Some(0), "{}", allowed.error);
        let plan = plan_of(&case);
        let hazards = plan["hazards"].as_array().expect("hazards");
        let hazard = hazards.iter().find(|it| it["sentence"] == sentence);
        let hazard = hazard.unwrap_or_else(|| panic!("{sentence}: {plan}"));
        assert_eq!((&hazard["kind"], &hazard["allowed"]), (&name.into(), &true.into()), "{plan}");
        if name == "fails_on_existing_rows" {
            assert_eq!(hazard["rows"], 2);
            assert!(
                hazard["query"].as_str().is_some_and(|it| it.contains("NOT ((a > 2))")),
                "{plan}"
            );
        }
    }
    let said = Case::new(FILLED, "ALTER TABLE t DROP b").await.diff(&["--allow", "everything"]);
    assert_eq!(said.code, Some(64), "{}", said.error);
    assert!(said.error.contains("fails_on_existing_rows"), "{}", said.error);
}

#[tokio::test]
async fn all_that_is_in_the_way_is_said_at_once() {
    let small =
        "CREATE TABLE s (id int PRIMARY KEY, a int, b text); INSERT INTO s VALUES (1, NULL, 'x')";
    let change = "ALTER TABLE s ALTER a SET NOT NULL, DROP b; DELETE FROM s";
    let case = Case::new(small, "DELETE FROM s").await;
    run(&connect(case.wanted.url()).await, change).await;
    let said = case.diff(&[]);
    assert_eq!(said.code, Some(3), "{}", said.error);
    for part in ["would lose data", "column \"b\"", "rows that are there make the migration fail"] {
        assert!(said.error.contains(part), "{part}: {}", said.error);
    }
    let (code, document) = case.json(&[]);
    assert_eq!((code, &document["error"]["exit_code"]), (Some(3), &serde_json::json!(3)));
    assert_eq!(document["error"]["details"]["rows"][0]["count"], 1, "{document}");
    assert_eq!(case.diff(&["--allow", "data_loss"]).code, Some(3));
    assert_eq!(
        case.diff(&["--allow", "data_loss", "--allow", "fails_on_existing_rows"]).code,
        Some(0)
    );
}

#[tokio::test]
async fn a_recreated_type_is_a_hazard_for_running_programs_that_needs_no_flag() {
    let from = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'bored'); CREATE TABLE s (id int PRIMARY KEY, m mood, l mood[]);
        CREATE TYPE place AS (street text); CREATE TABLE u (id int PRIMARY KEY, p place)";
    let change =
        "ALTER TABLE s DROP m, DROP l; DROP TYPE mood; CREATE TYPE mood AS ENUM ('ok', 'sad');
        ALTER TABLE s ADD m mood, ADD l mood[]; ALTER TYPE place ADD ATTRIBUTE zip int";
    let case = Case::new(from, change).await;
    let explained = case.diff(&["--explain"]);
    assert_eq!(explained.code, Some(0), "{}", explained.error);
    let plan = plan_of(&case);
    let hazards = plan["hazards"].as_array().expect("hazards");
    let of_types: Vec<&str> = (hazards.iter().filter(|it| it["kind"] == "changed_type"))
        .filter_map(|it| it["sentence"].as_str())
        .collect();
    let [mood, place] = of_types.as_slice() else { panic!("{plan}") };
    let of_mood =
        "enum \"mood\" (columns \"m\" of \"s\", \"l\" of \"s\") is recreated with a new OID: ";
    assert!(mood.starts_with(of_mood), "{mood}");
    let of_place = "composite type \"place\" (column \"p\" of \"u\") has other attributes: ";
    assert!(place.starts_with(of_place), "{place}");
    let mut folder = std::fs::read_dir(case.place.path()).expect("a folder");
    let migration = folder.next().expect("a migration").expect("an entry").path();
    let up = std::fs::read_to_string(migration.join("up.sql")).expect("up.sql");
    for sentence in of_types {
        assert!(up.contains(&format!("-- hazard: {sentence}\n")), "{up}");
        assert!(explained.out.contains(sentence), "{}", explained.out);
    }
}

//! The real binary: what it prints, and the exit code a shell sees.

use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, PlanFile};
use std::path::Path;
use std::process::{Command, Stdio};

struct Said {
    code: Option<i32>,
    out: String,
    error: String,
}

fn tool(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orm-migrate"));
    command.args(arguments).env_remove("DATABASE_URL").env("POSTGRES_URL", url);
    command.stdin(Stdio::null());
    command
}

fn run(url: &str, arguments: &[&str]) -> Said {
    let output = tool(url, arguments).output().expect("it runs");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        error: String::from_utf8(output.stderr).expect("text"),
    }
}

struct Case {
    database: TestDatabase,
    place: tempfile::TempDir,
}

impl Case {
    fn new(migrations: &[&str]) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        for (index, up) in migrations.iter().enumerate() {
            let (name, up) = (format!("m{index}"), (*up).to_owned());
            let draft = Draft { name, up, down: None, plan: PlanFile::default() };
            Folder::at(place.path()).write(&draft).expect("a migration");
        }
        Self { database: test_database().expect("a database"), place }
    }

    fn run(&self, verb: &str, more: &[&str]) -> Said {
        let path = self.place.path().display().to_string();
        let arguments = [&[verb, "--migrations", &path], more].concat();
        run(self.database.url(), &arguments)
    }

    fn json(&self, verb: &str) -> (Option<i32>, serde_json::Value) {
        let said = self.run(verb, &["--json"]);
        (said.code, serde_json::from_str(&said.out).expect("one JSON document"))
    }
}

#[test]
fn status_and_apply_tell_machines_what_happened() {
    let case = Case::new(&["CREATE TABLE a ();", "CREATE TABLE b ();"]);
    let (code, status) = case.json("status");
    assert_eq!((code, status["pending"].as_array().map(Vec::len)), (Some(2), Some(2)));
    let (code, applied) = case.json("apply");
    assert_eq!((code, applied["applied"].as_array().map(Vec::len)), (Some(0), Some(2)));
    let (code, status) = case.json("status");
    assert_eq!((code, status["applied"].as_array().map(Vec::len)), (Some(0), Some(2)));
    assert_eq!(status["pending"], serde_json::json!([]));
    assert_eq!(case.run("apply", &[]).out, "nothing to apply\n");
}

#[test]
fn eight_processes_at_once_apply_everything_exactly_once() {
    let case = Case::new(&["CREATE TABLE a ();", "SELECT pg_sleep(0.1); CREATE TABLE b ();"]);
    let path = case.place.path().display().to_string();
    let runs: Vec<_> = (0..8)
        .map(|_| {
            tool(case.database.url(), &["apply", "--json", "--migrations", &path])
                .stdout(Stdio::piped())
                .spawn()
                .expect("it runs")
        })
        .collect();
    let mut applied = 0;
    for run in runs {
        let output = run.wait_with_output().expect("it ends");
        assert!(output.status.success());
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        applied += said["applied"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(applied, 2);
}

#[test]
fn a_failing_statement_is_named_without_colour() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT nothing;"]);
    let said = case.run("apply", &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    for part in
        ["statement 2 of 2, line 2", "ERROR: column \"nothing\" does not exist", "nothing of"]
    {
        assert!(said.error.contains(part), "{part}: {}", said.error);
    }
    assert!(!said.error.contains('\u{1b}'), "{}", said.error);
    assert!(case.run("apply", &["--color", "always"]).error.contains('\u{1b}'));
    let (code, document) = case.json("apply");
    assert_eq!((code, &document["error"]["exit_code"]), (Some(1), &serde_json::json!(1)));
}

#[test]
fn an_edited_file_is_a_conflict_for_apply_and_status() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    assert_eq!(case.run("apply", &[]).code, Some(0));
    let migration = Folder::at(case.place.path()).read().expect("migrations").remove(0);
    std::fs::write(migration.up_path(), "SELECT 1;").expect("written");
    for verb in ["apply", "status"] {
        let said = case.run(verb, &[]);
        assert_eq!(said.code, Some(5), "{}", said.error);
        assert!((said.error + &said.out).contains("edited after it was applied"));
    }
}

#[test]
fn wrong_usage_exits_with_64_and_help_with_0() {
    for arguments in
        [&["apply", "--nonsense"][..], &["nonsense"], &[], &["apply", "--lock-wait", "x"]]
    {
        assert_eq!(run("", arguments).code, Some(64), "{arguments:?}");
    }
    assert_eq!(run("", &["--help"]).code, Some(0));
    assert_eq!(run("", &["--version"]).code, Some(0));
}

#[test]
fn passwords_are_never_printed() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().display().to_string();
    for url in [
        "postgres://ada:geheim@127.0.0.1:1/shop",
        "postgres://ada:geheim@127.0.0.1:1/shop?sslmode=nonsense",
        "postgres://ada:geheim@host:port/shop",
    ] {
        let by_flag = run("", &["status", "--migrations", &folder, "--url", url]);
        for said in [run(url, &["status", "--json", "--migrations", &folder]), by_flag] {
            assert_eq!(said.code, Some(1));
            let all = said.out + &said.error;
            assert!(!all.contains("geheim") && !all.trim().is_empty(), "{all}");
        }
    }
}

#[test]
fn init_makes_the_folder_once() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("migrations").display().to_string();
    let said = run("", &["init", "--migrations", &folder]);
    assert!(said.code == Some(0) && said.out.starts_with("made"), "{}", said.error);
    assert!(Path::new(&folder).is_dir());
    let again = run("", &["init", "--migrations", &folder, "--json"]);
    assert!(again.out.contains("\"created\":false"), "{}", again.out);
}

#[test]
fn dev_keeps_its_data_and_runs_a_command() {
    let place = tempfile::tempdir().expect("a folder");
    // The server may run as another user, who must be able to come in.
    std::fs::set_permissions(place.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("open");
    let data = place.path().join("data").display().to_string();
    let tool = env!("CARGO_BIN_EXE_orm-migrate");
    let migrations = place.path().join("migrations");
    let draft = Draft {
        name: "a".to_owned(),
        up: "CREATE TABLE a ();".to_owned(),
        down: None,
        plan: PlanFile::default(),
    };
    Folder::at(&migrations).write(&draft).expect("a migration");
    let migrations = migrations.display().to_string();
    let dev = |verb: &str| {
        run("", &["dev", "--data", &data, "--", tool, verb, "--migrations", &migrations])
    };
    let said = dev("apply");
    assert!(said.code == Some(0) && said.out.contains("1 migration applied"), "{}", said.error);
    let said = dev("status");
    assert!(said.code == Some(0) && said.out.starts_with("applied"), "{}{}", said.out, said.error);
    let failed = run("", &["dev", "--data", &data, "--", "false"]);
    assert_eq!(failed.code, Some(1));
}

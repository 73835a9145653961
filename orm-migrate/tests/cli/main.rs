//! The real binary: what it prints, and the exit code a shell sees.

use orm_migrate::devdb::{Data, Server, TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate_test_support::{self as support, ToolOutput};
use std::path::Path;
use std::process::{Command, Stdio};

fn tool(url: &str, arguments: &[&str]) -> Command {
    let mut command = support::tool(arguments);
    command.env("POSTGRES_URL", url);
    command
}

fn run(url: &str, arguments: &[&str]) -> ToolOutput {
    ToolOutput::of(&mut tool(url, arguments))
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

    fn run(&self, verb: &str, more: &[&str]) -> ToolOutput {
        let path = self.place.path().display().to_string();
        let arguments = [&[verb, "--migrations", &path], more].concat();
        run(self.database.url(), &arguments)
    }

    /// `diff` of the auth example, whose tables are asked for by building it.
    fn diff(&self, more: &[&str]) -> ToolOutput {
        let auth = support::auth_manifest();
        self.run("diff", &[&["--manifest-path", &auth], more].concat())
    }

    fn sql(&self, sql: &str) {
        support::on(self.database.url(), sql);
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
    let said = &document["error"]["server"];
    assert_eq!(said["message"], "column \"nothing\" does not exist", "{said}");
    // PostgreSQL has no hint here, and nobody invents one.
    assert_eq!(said["hint"], serde_json::Value::Null, "{said}");
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
    let said = run("", &["apply", "--json", "--nonsense"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("one JSON document");
    assert_eq!((said.code, &document["error"]["exit_code"]), (Some(64), &serde_json::json!(64)));
    assert!(document["error"]["message"].to_string().contains("--nonsense"), "{document}");
    // What follows `--` is a flag of another program.
    let said = run("", &["dev", "--nonsense", "--", "true", "--json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(64), ""));
}

#[test]
fn a_database_that_cannot_be_used_is_one_clear_error() {
    // Over loopback: the socket of the other tests asks for no password.
    let server = Server::start(Data::Throwaway).expect("a server");
    let right = server.url("postgres");
    let (user, place) = right.split_once('@').expect("postgresql://postgres:<password>@<place>");
    let (user, password) = user.rsplit_once(':').expect("a password");
    let place_of_none = place.replace("/postgres", "/nowhere_at_all");
    let migrations = tempfile::tempdir().expect("a folder");
    let folder = migrations.path().display().to_string();
    for (url, said) in [
        (String::new(), "POSTGRES_URL"),
        (format!("{user}:geheim@{place}"), "password"),
        ("postgres://ada:geheim@127.0.0.1:1/shop".to_owned(), "127.0.0.1:1"),
        ("mysql://ada:geheim@127.0.0.1/shop".to_owned(), "postgres"),
        (format!("{user}:{password}@{place_of_none}"), "nowhere_at_all"),
    ] {
        for verb in ["status", "apply", "diff"] {
            let failed = run(&url, &["--migrations", &folder, verb]);
            assert_eq!((failed.code, failed.out.as_str()), (Some(1), ""), "{}", failed.error);
            let lines: Vec<_> = failed.error.lines().collect();
            assert!(lines[0].starts_with("error: ") && failed.error.contains(said), "{lines:?}");
            assert!(
                lines.len() <= 2 && lines.get(1).is_none_or(|l| l.contains("hint: ")),
                "{lines:?}"
            );
            assert!(
                !failed.error.contains("geheim") && !failed.error.contains(password),
                "{lines:?}"
            );
        }
    }
}

#[test]
fn flags_of_all_verbs_may_stand_before_the_verb() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    let folder = case.place.path().display().to_string();
    let url = case.database.url();
    // The flag counts, not the variable.
    let said = run(
        "postgres://127.0.0.1:1/shop",
        &["--database-url", url, "--migrations", &folder, "--json", "apply"],
    );
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.error);
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
        let by_flag = run("", &["status", "--migrations", &folder, "--database-url", url]);
        for said in [run(url, &["status", "--json", "--migrations", &folder]), by_flag] {
            assert_eq!(said.code, Some(1));
            let all = said.out + &said.error;
            assert!(!all.contains("geheim") && !all.trim().is_empty(), "{all}");
        }
    }
}

#[test]
fn a_url_in_the_wrong_place_keeps_its_password() {
    let folder = tempfile::tempdir().expect("a folder").path().display().to_string();
    for url in ["postgresql://ada:geheim@h/x", "ada:geheim@h/x", "postgres:/ada:geheim@h/x"] {
        for arguments in [
            &["apply", url][..],
            &["diff", url, "--to", "crate", "--from", "crate"],
            &["new", url, "--migrations", &folder],
            &["apply", "--lock-wait", url],
            &["apply", "--to", url, "--migrations", "tests/apply/migrations"],
            &["sql", url],
            &["diff", "--from", url, "--to", url],
            &["repair", "--forget", url, "--migrations", "tests/apply/migrations"],
            &["status", "--migrations", url],
        ] {
            for more in [&[][..], &["--json"]] {
                let said = run("", &[arguments, more].concat());
                let all = said.out + &said.error;
                assert!(said.code != Some(0) && !all.contains("geheim"), "{arguments:?}: {all}");
            }
        }
    }
}

#[test]
fn an_answer_that_could_not_be_written_is_an_error() {
    let case = Case::new(&[]);
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
    let mut command = tool(case.database.url(), &["sql", "database", "--migrations", "none"]);
    let output = command.stdout(full).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("could not write the answer"), "{said}");
}

#[test]
fn a_folder_that_is_missing_is_said_by_each_verb() {
    let case = Case::new(&[]);
    for verb in ["apply", "status", "drift", "down", "repair", "squash", "verify"] {
        let said = run(case.database.url(), &[verb, "--migrations", "nowhere/at/all"]);
        assert_eq!(said.code, Some(1), "{verb}: {}{}", said.out, said.error);
        assert!(said.error.contains("there is no migrations folder"), "{verb}: {}", said.error);
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
    let failed = run("", &["dev", "--data", &data, "--", "sh", "-c", "exit 42"]);
    assert_eq!(failed.code, Some(42), "{}", failed.error);
    // A second `dev` on the same data uses the server of the first.
    let outer = run("", &["dev", "--data", &data, "--", tool, "dev", "--json", "--data", &data]);
    let document: serde_json::Value = serde_json::from_str(&outer.out).expect("one JSON document");
    assert!(document["url"].to_string().contains("postgresql://"), "{document}{}", outer.error);
    let killed = run("", &["dev", "--data", &data, "--", "sh", "-c", "kill -9 $$"]);
    assert_eq!(killed.code, Some(137), "{}", killed.error);
}

#[test]
fn dev_keeps_the_data_of_a_project_out_of_its_repository() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = tempfile::tempdir().expect("a folder");
    // As root the server runs as another account, which must be able to enter.
    std::fs::set_permissions(project.path(), std::fs::Permissions::from_mode(0o755))
        .expect("rights");
    let manifest = project.path().join("Cargo.toml");
    let text = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(&manifest, text).expect("a manifest");
    std::fs::create_dir(project.path().join("src")).expect("a folder");
    std::fs::write(project.path().join("src/lib.rs"), "").expect("a library");
    let manifest = manifest.display().to_string();
    let said = run("", &["dev", "--manifest-path", &manifest, "--", "true"]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    assert!(project.path().join(".orm/postgres/PG_VERSION").exists());
    let ignored = std::fs::read_to_string(project.path().join(".orm/.gitignore"));
    assert_eq!(ignored.expect("a list of what git leaves out"), "*\n");
}

#[test]
fn diff_and_apply_bring_a_database_to_the_declared_tables_and_back() {
    let case = Case::new(&[]);
    let check = case.diff(&["--check"]);
    assert_eq!(check.code, Some(2), "{}", check.error);
    assert!(Folder::at(case.place.path()).read().expect("no migrations").is_empty());
    let said = case.diff(&["first"]);
    assert!(
        said.code == Some(0) && said.out.contains("create table"),
        "{}{}",
        said.out,
        said.error
    );
    let pending = case.diff(&[]);
    assert_eq!(pending.code, Some(5));
    assert!(pending.error.contains("run `orm-migrate apply` first"), "{}", pending.error);
    assert_eq!(case.run("apply", &[]).code, Some(0));
    for arguments in [&[][..], &["--check"]] {
        let again = case.diff(arguments);
        assert_eq!(
            (again.code, again.out.as_str()),
            (Some(0), "no differences\n"),
            "{}",
            again.error
        );
    }
    let migration = Folder::at(case.place.path()).read().expect("migrations").remove(0);
    assert_eq!(migration.plan.expect("a plan").tables.len(), 9);
    // A database made by other means that has the same schema has no differences either.
    let other = Case::new(&[]);
    other.sql(&migration.up);
    assert_eq!(other.diff(&["--check"]).code, Some(0));
    case.sql(&migration.down.expect("a way back"));
    case.sql("DELETE FROM orm_migrate.ledger");
    assert_eq!(case.json("status").1["pending"].as_array().map(Vec::len), Some(1));
    assert_eq!(case.run("apply", &[]).code, Some(0));
}

#[test]
fn a_column_that_was_dropped_by_hand_is_added_again() {
    let case = Case::new(&[]);
    assert_eq!(case.diff(&[]).code, Some(0));
    assert_eq!(case.run("apply", &[]).code, Some(0));
    case.sql("ALTER TABLE \"user\" DROP image");
    let said = case.diff(&["--json", "bring back"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("one JSON document");
    assert_eq!(document["changes"].as_array().map(Vec::len), Some(1), "{document}");
    assert!(document["changes"][0].to_string().contains("image"), "{document}");
    assert!(document["migration"].to_string().contains("_bring_back"), "{document}");
    assert_eq!(case.run("apply", &[]).code, Some(0));
    assert_eq!(case.diff(&["--check"]).code, Some(0));
}

#[test]
fn diff_loses_nothing_unless_that_is_allowed() {
    let case = Case::new(&[]);
    assert_eq!(case.diff(&[]).code, Some(0));
    assert_eq!(case.run("apply", &[]).code, Some(0));
    case.sql("ALTER TABLE \"user\" ADD extra text; CREATE TABLE theirs (id int); CREATE VIEW seen AS SELECT 1");
    let refused = case.diff(&[]);
    assert_eq!(refused.code, Some(3));
    for part in ["column \"extra\" of table \"user\"", "--allow-destructive"] {
        assert!(refused.error.contains(part), "{}", refused.error);
    }
    let allowed = case.diff(&["--allow-destructive", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&allowed.out).expect("JSON");
    assert_eq!(said["hazards"][0]["kind"], "data_loss", "{said}");
    assert_eq!(said["unmanaged"].as_array().map(Vec::len), Some(2), "{said}");
    assert_eq!(case.run("apply", &[]).code, Some(0));
    assert_eq!(case.diff(&["--check"]).code, Some(0));
}

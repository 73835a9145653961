//! A program with migrations compiled into it, whose folder changes while its Rust code does not.

use crate::{workspace, write};
use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::{TestDatabase, test_database};
use std::fs;
use std::path::Path;
use std::process::Command;

const MANIFEST: &str = r#"[package]
name = "embedding-program"
version = "0.1.0"
edition = "2024"
[package.metadata.orm]
ledger = "program"
[dependencies]
orm = { path = "ORM", default-features = false }
orm-migrate = { path = "ORM/orm-migrate", default-features = false }
tokio = { version = "1", features = ["macros", "rt"] }
[workspace]
"#;

const MAIN: &str = r#"#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let db = orm::Db::from_env().await.expect("a database");
    match orm_migrate::apply(&db, orm_migrate::embed_migrations!()).await {
        Ok(applied) => {
            applied.iter().for_each(|it| println!("{}", it.name));
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}
"#;

const ONE: &str = "migrations/20260101T000000_one";
const TWO: &str = "migrations/20260102T000000_two";
const THREE: &str = "migrations/20260103T000000_three";

/// `cargo build`, then the program: whether it succeeded, and what it said.
fn build_and_run(place: &Path, database: &TestDatabase) -> (bool, String) {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).arg("--quiet").current_dir(place);
        command.env_remove("DATABASE_URL").env("POSTGRES_URL", database.url());
        command.output().expect("cargo runs")
    };
    let built = cargo(&["build", "--offline"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let ran = cargo(&["run", "--offline"]);
    let said = [ran.stdout, ran.stderr].map(|it| String::from_utf8(it).expect("text")).concat();
    (ran.status.success(), said)
}

async fn ledger(database: &TestDatabase) -> Vec<String> {
    let config = Config::from_url(database.url()).expect("a URL");
    let connection = Connection::connect(&config).await.expect("a session");
    let rows = connection
        .query::<orm_core::exec::DriverRow>(
            "SELECT name FROM orm_migrate.program ORDER BY name",
            &[],
        )
        .await;
    rows.expect("the ledger that the manifest names").iter().map(|row| row.get(0)).collect()
}

fn names(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| path.trim_start_matches("migrations/").to_owned()).collect()
}

#[tokio::test]
async fn a_folder_that_changes_is_compiled_in_again_or_the_program_says_what_to_do() {
    let place = workspace(&[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)]);
    let place = place.path();
    let add = |path: &str, sql: &str| write(place, &format!("{path}/up.sql"), sql);
    add(ONE, "CREATE TABLE one ();");
    let database = test_database().expect("a database");
    let (ok, said) = build_and_run(place, &database);
    assert!(ok && said.contains("_one"), "{said}");
    assert_eq!(ledger(&database).await, names(&[ONE]));

    // Cargo knows nothing of the folder: the program applies nothing, and says why and what to do.
    add(TWO, "CREATE TABLE two ();");
    for _ in 0..2 {
        let (ok, said) = build_and_run(place, &database);
        assert!(!ok, "{said}");
        for part in
            ["_two is not in the program", "nothing was applied", "rerun-if-changed=migrations"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    // What the error says to write makes Cargo look.
    write(place, "build.rs", "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }");
    let (ok, said) = build_and_run(place, &database);
    assert!(ok && said.contains("_two"), "{said}");
    add(THREE, "CREATE TABLE three ();");
    let (ok, said) = build_and_run(place, &database);
    assert!(ok && said.contains("_three"), "{said}");
    assert_eq!(ledger(&database).await, names(&[ONE, TWO, THREE]));

    // An edit and a removal are compiled in, too, and are what they are: contradictions to the ledger.
    add(THREE, "CREATE TABLE four ();");
    let (ok, said) = build_and_run(place, &database);
    assert!(!ok && said.contains("_three/up.sql was edited after it was applied"), "{said}");
    fs::remove_dir_all(place.join(THREE)).expect("removed");
    let (ok, said) = build_and_run(place, &database);
    assert!(!ok && said.contains("_three was applied to this database"), "{said}");
    let cleaned = Command::new(env!("CARGO"))
        .args(["clean", "--offline", "--quiet", "--package", "embedding-program"])
        .current_dir(place)
        .status();
    assert!(cleaned.expect("cargo runs").success());
}

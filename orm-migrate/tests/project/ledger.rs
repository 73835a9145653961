//! Two crates that share one database, each with a ledger of its own.

use crate::{workspace, write};
use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::Folder;
use orm_migrate_test_support::{ToolOutput, tool};
use std::path::Path;

fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
         orm = {{ path = \"ORM\", default-features = false }}\n"
    )
}

fn tables(tables: &[&str]) -> String {
    let mut text = "use orm::prelude::*;\n".to_owned();
    for name in tables {
        text += &format!(
            "#[derive(Table)] pub struct {name} {{ #[column(primary_key)] pub id: i64, pub note: String }}\n"
        );
    }
    text
}

fn run(place: &Path, package: &str, database: &TestDatabase, arguments: &[&str]) -> ToolOutput {
    let mut command = tool(arguments);
    command.arg("--json").arg("--manifest-path").arg(place.join(package).join("Cargo.toml"));
    ToolOutput::of(command.env("POSTGRES_URL", database.url()))
}

async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let config = Config::from_url(database.url()).expect("a URL");
    let connection = Connection::connect(&config).await.expect("a session");
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    rows.iter().map(|row| row.get(0)).collect()
}

const LEDGERS: &str = "SELECT relname::text FROM pg_class WHERE relnamespace = 'orm_migrate'::regnamespace AND relkind = 'r' ORDER BY 1";
const TABLES: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";

#[tokio::test]
async fn two_crates_share_a_database_and_leave_each_other_alone() {
    let place = workspace(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"ledger-shop\", \"ledger-billing\"]\n",
        ),
        ("ledger-shop/Cargo.toml", &manifest("ledger-shop")),
        ("ledger-shop/src/lib.rs", &tables(&["Article", "Review"])),
        ("ledger-billing/Cargo.toml", &manifest("ledger-billing")),
        ("ledger-billing/src/lib.rs", &tables(&["Invoice"])),
    ]);
    let place = place.path();
    let database = test_database().expect("a database");
    let shop = |arguments: &[&str]| run(place, "ledger-shop", &database, arguments);
    let billing = |arguments: &[&str]| run(place, "ledger-billing", &database, arguments);
    let is = |said: ToolOutput, code: i32| {
        assert_eq!(said.code, Some(code), "{}", said.all());
        said
    };
    is(shop(&["diff", "first"]), 0);
    is(shop(&["apply"]), 0);

    // With one ledger for both, each is a contradiction to the other, and that says the way out.
    let said = is(billing(&["diff", "first"]), 5);
    assert!(said.all().contains("--ledger") && said.all().contains("orm.toml"), "{}", said.all());
    write(place, "ledger-billing/orm.toml", "ledger = \"billing\"\n");
    is(billing(&["diff", "first"]), 0);
    is(billing(&["apply"]), 0);
    assert_eq!(texts(&database, LEDGERS).await, ["billing", "ledger"]);
    assert_eq!(texts(&database, TABLES).await, ["article", "invoice", "review"]);

    // Each sees its own history, and nothing to do; neither ledger is a table of anybody's.
    for (said, name) in [(shop(&["status"]), "shop"), (billing(&["status"]), "billing")] {
        let said = is(said, 0);
        assert_eq!(
            said.json()["applied"].as_array().map(Vec::len),
            Some(1),
            "{name}: {}",
            said.all()
        );
    }
    for verb in ["check", "drift", "diff"] {
        for said in [shop(&[verb]), billing(&[verb])] {
            let said = is(said, 0);
            assert!(!said.all().contains("orm_migrate"), "{}", said.all());
        }
    }
    is(billing(&["repair"]), 0);

    // A table that goes is one's own; the way back touches nothing of the other.
    write(place, "ledger-shop/src/lib.rs", &tables(&["Article"]));
    let said = is(shop(&["diff", "less", "--allow-destructive"]), 0);
    assert_eq!(said.json()["changes"].as_array().map(Vec::len), Some(1), "{}", said.all());
    is(shop(&["apply"]), 0);
    assert_eq!(texts(&database, TABLES).await, ["article", "invoice"]);
    is(billing(&["down"]), 0);
    assert_eq!(texts(&database, TABLES).await, ["article"]);
    assert!(texts(&database, "SELECT name FROM orm_migrate.billing").await.is_empty());
    assert_eq!(texts(&database, "SELECT name FROM orm_migrate.ledger").await.len(), 2);
    is(shop(&["check"]), 0);

    // The flag wins over the setting, and a name that no ledger can have is refused.
    is(billing(&["apply", "--ledger", "elsewhere"]), 0);
    assert_eq!(texts(&database, LEDGERS).await, ["billing", "elsewhere", "ledger"]);
    let said = is(billing(&["status", "--ledger", "Else where"]), 1);
    assert!(said.all().contains("`Else where` cannot name a ledger"), "{}", said.all());
    assert_eq!(Folder::at(place.join("ledger-billing/migrations")).read().expect("one").len(), 1);
}

#[tokio::test]
async fn a_role_that_may_not_make_a_ledger_is_told_what_gives_the_right() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "20260101T000000_one/up.sql", "SELECT 1;");
    let database = test_database().expect("a database");
    let config = Config::from_url(database.url()).expect("a URL");
    let connection = Connection::connect(&config).await.expect("a session");
    let role = format!("ledger_role_{}", std::process::id());
    let made =
        format!("CREATE SCHEMA orm_migrate; CREATE ROLE {role}; GRANT {role} TO CURRENT_USER");
    connection.batch_execute(&made).await.expect("a role");
    let apply = || {
        let mut command = tool(&["apply", "--ledger", "second", "--migrations"]);
        command.arg(place.path());
        command.env("POSTGRES_URL", format!("{}&options=-crole%3D{role}", database.url()));
        let ran = ToolOutput::of(&mut command);
        (ran.code, ran.error)
    };
    let (code, said) = apply();
    let grant = format!("GRANT USAGE, CREATE ON SCHEMA orm_migrate TO \"{role}\"");
    assert!(code == Some(1) && said.contains(&grant), "{said}");
    assert!(said.contains("orm_migrate.second"), "{said}");
    connection.batch_execute(&grant).await.expect("the right");
    let (code, said) = apply();
    assert_eq!(code, Some(0), "{said}");
    connection
        .batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .await
        .expect("gone");
}

//! The settings file, as the verbs read it.

use crate::support::Case;
use serde_json::json;
use std::fs;
use std::process::{Command, Stdio};

/// The tool in a folder with these files, and what it says.
fn tool_in(
    files: &[(&str, &str)],
    arguments: &[&str],
    url: Option<(&str, &str)>,
) -> (Option<i32>, String) {
    let place = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_orm-migrate"));
    command.args(arguments).current_dir(place.path()).stdin(Stdio::null());
    command.env_remove("DATABASE_URL").env_remove("POSTGRES_URL").envs(url);
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("text");
    (output.status.code(), text.replace(&place.path().display().to_string(), "."))
}

const CRATE: (&str, &str) =
    ("Cargo.toml", "[package]\nname = \"plain\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
const LIBRARY: (&str, &str) = ("src/lib.rs", "");

#[test]
fn the_folder_of_migrations_is_where_the_settings_say() {
    let own = ("orm.toml", "migrations = \"db/changes\"");
    let (code, said) = tool_in(&[CRATE, LIBRARY, own], &["init", "--json"], None);
    assert!(code == Some(0) && said.contains("/db/changes\""), "{said}");
    let text = format!("{}[package.metadata.orm]\nmigrations = \"other\"\n", CRATE.1);
    let (code, said) = tool_in(&[("Cargo.toml", &text), LIBRARY], &["init", "--json"], None);
    assert!(code == Some(0) && said.contains("/other\""), "{said}");
    // A flag wins.
    let flags = ["init", "--json", "--migrations", "flag"];
    let (code, said) = tool_in(&[CRATE, LIBRARY, own], &flags, None);
    assert!(code == Some(0) && said.contains("\"flag\""), "{said}");
    let (code, said) = tool_in(&[("Cargo.toml", &text), LIBRARY, own], &["init"], None);
    assert!(code == Some(1) && said.contains("move them all into one"), "{said}");
    let wrong = ("orm.toml", "\nmigation = \"db\"");
    let (code, said) = tool_in(&[CRATE, LIBRARY, wrong], &["init"], None);
    assert_eq!(code, Some(1), "{said}");
    for part in ["orm.toml, line 2", "`migation`", "did you mean `migrations`?"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn the_variable_of_the_url_is_the_one_that_the_settings_name() {
    let case = Case::new();
    let folder = case.folder().path().display().to_string();
    let own = ("orm.toml", "database-url-env = \"SHOP_URL\"");
    let status = ["status", "--migrations", &folder];
    let (code, said) = tool_in(&[own], &status, Some(("SHOP_URL", case.database.url())));
    assert_eq!((code, said.as_str()), (Some(0), "no migrations\n"));
    // Not the usual ones: they may name another database.
    let (code, said) = tool_in(&[own], &status, Some(("POSTGRES_URL", case.database.url())));
    assert!(code == Some(1) && said.contains("SHOP_URL"), "{said}");
}

#[test]
fn a_variable_that_is_not_set_and_a_url_in_a_file_are_errors() {
    let case = Case::new();
    let folder = case.folder().path().display().to_string();
    let status = ["status", "--migrations", &folder];
    let own = ("orm.toml", "\nscratch-url-env = \"postgres://ada:geheim@h/x\"");
    let (code, said) = tool_in(&[own], &status, None);
    assert!(code == Some(1) && said.contains("orm.toml, line 2"), "{said}");
    assert!(said.contains("name of an environment variable") && !said.contains("geheim"), "{said}");
    // Nothing is built on the server of the database where somebody has named another one.
    let own = ("orm.toml", "scratch-url-env = \"SHOP_SCRATCH\"");
    let url = case.database.url();
    let drift = ["drift", "--migrations", &folder];
    let (code, said) = tool_in(&[own], &drift, Some(("POSTGRES_URL", url)));
    assert!(code == Some(1) && said.contains("SHOP_SCRATCH, which `scratch-url-env`"), "{said}");
    assert!(said.contains("--scratch-url"), "{said}");
}

#[test]
fn the_folder_of_the_settings_needs_no_project() {
    let case = Case::new();
    let folder = case.folder().path().display().to_string();
    let text = format!("migrations = {folder:?}");
    let said =
        tool_in(&[("orm.toml", &text)], &["status"], Some(("POSTGRES_URL", case.database.url())));
    assert_eq!(said, (Some(0), "no migrations\n".to_owned()));
}

#[test]
fn lint_rules_are_turned_off_and_on_in_the_settings() {
    let rules = |text: &str, more: &[&str]| {
        let arguments = [&["check", "--rules", "--json", "--migrations", "."], more].concat();
        let (code, said) = tool_in(&[("orm.toml", text)], &arguments, None);
        assert_eq!(code, Some(0), "{said}");
        let document: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        let all = document["rules"].as_array().expect("a list").clone();
        move |name: &str| all.iter().find(|it| it["name"] == name).expect("a rule")["on"].clone()
    };
    let text = "lint = { allow = [\"money-type\", \"char-type\"], deny = [\"mixed-case-name\"] }";
    let on = rules(text, &["--deny", "char-type"]);
    let all = ["money-type", "char-type", "mixed-case-name", "varchar-limit"].map(&on);
    assert_eq!(all, [json!(false), json!(true), json!(true), json!(false)]);
    assert_eq!(rules("lint.pedantic = true", &[])("varchar-limit"), true);
    let wrong = [("orm.toml", "lint.allow = [\"mony-type\"]")];
    let (code, said) = tool_in(&wrong, &["check", "--rules", "--migrations", "."], None);
    assert!(
        code == Some(1) && said.contains("settings") && said.contains("`money-type`"),
        "{said}"
    );
}

#[test]
fn tables_are_left_out_by_the_settings_unless_flags_say_which() {
    let case = Case::applied("");
    let settings = "exclude-tables = [\"note\"]";
    let check = ["-F", "faults", "--json"];
    let said = case.run_with(settings, "check", &check);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.error);
    let said = case.run_with("tables = [\"person\"]", "check", &check);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.error);
    let other = [&check[..], &["--exclude-table", "other"]].concat();
    assert_eq!(case.run_with(settings, "check", &other).code, Some(2));
}

#[test]
fn the_size_of_a_small_table_is_what_the_settings_say() {
    let case = Case::applied("");
    case.sql("INSERT INTO person (name) SELECT 'p' FROM generate_series(1, 20)");
    let sql = ["-F", "indexed", "--sql", "--no-verify"];
    let said = case.run_with("online.max-rows = 20", "diff", &sql);
    assert!(said.out.contains("CREATE INDEX \"person_name_idx\""), "{}{}", said.out, said.error);
    let said = case.run_with("online.max-rows = 19", "diff", &sql);
    assert!(said.out.contains("CREATE INDEX CONCURRENTLY"), "{}{}", said.out, said.error);
    let said = case.run_with("online.max-bytes = 10", "diff", &sql);
    assert!(said.out.contains("CREATE INDEX CONCURRENTLY"), "{}{}", said.out, said.error);
}

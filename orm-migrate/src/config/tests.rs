use super::*;
use std::fs;

/// The settings of a folder with these files.
fn of(own: Option<&str>, manifest: Option<&str>) -> Result<Settings, ConfigError> {
    let place = tempfile::tempdir().expect("a folder");
    for (name, text) in [(FILE, own), ("Cargo.toml", manifest)] {
        if let Some(text) = text {
            fs::write(place.path().join(name), text).expect("written");
        }
    }
    let mut settings = Settings::of(place.path())?;
    for path in [&mut settings.migrations, &mut settings.dev.data].into_iter().flatten() {
        *path = path.strip_prefix(place.path()).expect("in the folder").to_owned();
    }
    Ok(settings)
}

const MANIFEST: &str = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n\n[dependencies]\n";

#[test]
fn both_places_say_the_same_and_neither_says_nothing() {
    let text =
        "migrations = \"db\"\nlint = { allow = [\"char-type\"] }\n\n[online]\nmax-rows = 5\n";
    let own = of(Some(text), Some(MANIFEST)).expect("settings");
    let text = "[package.metadata.orm]\nmigrations = \"db\"\nlint.allow = [\"char-type\"]\nonline.max-rows = 5\n";
    let metadata = of(None, Some(&format!("{MANIFEST}{text}"))).expect("settings");
    assert_eq!(own, metadata);
    assert_eq!(own.migrations.as_deref(), Some(Path::new("db")));
    assert_eq!((own.online.max_rows, own.online.max_bytes), (Some(5), None));
    assert_eq!(of(None, Some(MANIFEST)).expect("none"), Settings::default());
    assert_eq!(of(None, None).expect("none"), Settings::default());
    // Another tool's metadata is none of ours, nor is a workspace without a package.
    let other = format!("{MANIFEST}[package.metadata.docs]\nall = 1\n[workspace]\n");
    assert_eq!(of(None, Some(&other)).expect("none"), Settings::default());
    assert_eq!(of(None, Some("[workspace]\nmembers = []")).expect("none"), Settings::default());
}

#[test]
fn settings_in_both_places_are_an_error_that_names_both() {
    let manifest = format!("{MANIFEST}[package.metadata.orm]\n");
    let error = of(Some(""), Some(&manifest)).expect_err("both").to_string();
    assert!(error.contains(FILE) && error.contains("Cargo.toml"), "{error}");
}

#[track_caller]
fn wrong(own: Option<&str>, manifest: Option<&str>, parts: &[&str]) {
    let error = of(own, manifest).expect_err("wrong").to_string();
    for part in parts {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest() {
    wrong(
        Some("\n\nmigration = \"db\"\n"),
        None,
        &["orm.toml, line 3", "`migration`", "`migrations`?"],
    );
    wrong(Some("[online]\nmax-row = 5\n"), None, &["line 2", "`max-row`", "`max-rows`?"]);
    wrong(Some("lint = { pedantc = true }"), None, &["line 1", "`pedantic`?"]);
    wrong(Some("[lint]\nlevel = 1"), None, &["line 2", "the keys here are allow, deny, pedantic"]);
    wrong(Some("[nonsense]\n"), None, &["line 1", "`nonsense`", "the keys here are migrations,"]);
    let manifest = format!("{MANIFEST}\n[package.metadata.orm]\nmigratons = \"db\"\n");
    wrong(None, Some(&manifest), &["Cargo.toml, line 8", "`migratons`", "`migrations`?"]);
}

#[test]
fn a_value_of_the_wrong_kind_is_named_with_its_line() {
    wrong(Some("tables = \"a\"\n"), None, &["orm.toml, line 1", "expected a sequence"]);
    wrong(Some("\nlock-timeout = 0\n"), None, &["line 2", "0", "nonzero"]);
    wrong(Some("\nlock-wait = -1\n"), None, &["line 2", "-1"]);
    wrong(Some("migrations = \"a\"\nmigrations = \"b\"\n"), None, &["line 2", "duplicate key"]);
    wrong(Some("[lint\n"), None, &["line 1"]);
}

#[test]
fn each_listed_key_is_known_and_each_known_key_is_listed() {
    for key in KEYS {
        let text = format!("{} = {}\n", key.name, key.example);
        let settings = of(Some(&text), None).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(settings, Settings::default(), "{text}");
    }
    // What serde knows, by its own words.
    for (table, text) in
        [("", "x = 1"), ("lint.", "lint.x = 1"), ("online.", "online.x = 1"), ("dev.", "dev.x = 1")]
    {
        let error = of(Some(text), None).expect_err("unknown").to_string();
        let (_, known) = error.split_once("the keys here are ").expect("a list");
        let known: Vec<String> = known.split(", ").map(|key| format!("{table}{key}")).collect();
        let listed = |name: &String| {
            KEYS.iter().any(|key| {
                key.name == name
                    || key.name.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let missing: Vec<_> = known.iter().filter(|name| !listed(name)).collect();
        assert!(missing.is_empty() && !known.is_empty(), "{missing:?}");
    }
}

#[test]
fn the_page_of_settings_says_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let mut page = String::from(
        "# Settings\n\n\
         A project says them once, in `orm.toml` beside its `Cargo.toml`, or in that file below `[package.metadata.orm]`; in both\n\
         is an error, and so is a key that is not in this table. A flag wins. Without a project around it (`apply\n\
         --migrations ..` on a machine without Rust) it is the nearest of both files from the current folder upwards.\n\n\
         ```toml\n",
    );
    let plain = KEYS.iter().filter(|key| !key.name.contains('.'));
    plain.for_each(|key| page += &format!("{} = {}\n", key.name, key.example));
    for table in ["lint", "online", "dev"] {
        page += &format!("\n[{table}]\n");
        let keys = KEYS.iter().filter_map(|key| {
            Some((key.name.strip_prefix(table)?.strip_prefix('.')?, key.example))
        });
        keys.for_each(|(name, example)| page += &format!("{name} = {example}\n"));
    }
    page += "```\n\n| Key | What it is | Without it | Flag |\n|---|---|---|---|\n";
    for key in KEYS {
        let flag = key.flag.map(|flag| format!("`{flag}`")).unwrap_or_default();
        page += &format!("| `{}` | {} | {} | {flag} |\n", key.name, key.what, key.default);
    }
    page += "\nThis page is written by a test: `BLESS=1 cargo test -p orm-migrate --lib config`.\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, &page).expect("written");
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), page, "run it with BLESS=1");
    // The example is a file that is read.
    let example = page.split("```").nth(1).and_then(|it| it.strip_prefix("toml\n"));
    of(example, None).expect("settings");
}

#[test]
fn the_nearest_folder_upwards_has_the_settings() {
    let place = tempfile::tempdir().expect("a folder");
    let inner = place.path().join("a/b");
    fs::create_dir_all(&inner).expect("folders");
    fs::write(place.path().join(FILE), "migrations = \"far\"").expect("written");
    let migrations = || Settings::around(&inner).expect("settings").migrations;
    assert_eq!(migrations(), Some(place.path().join("far")));
    fs::write(place.path().join("a").join(FILE), "migrations = \"near\"").expect("written");
    assert_eq!(migrations(), Some(place.path().join("a/near")));
}

//! Asking real crates for their tables: each is built by cargo, in this workspace's target folder.

mod embedded;
mod ledger;
mod offline;

use orm_migrate::project::{Project, ProjectError, Selection};
use std::fs;
use std::path::{Path, PathBuf};

/// The root of this workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the root")
}

/// A workspace with the members and their files: `("member/src/lib.rs", text)`.
fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| write(place.path(), path, text);
    let target = root().join("target").display().to_string();
    write(".cargo/config.toml", &format!("build.target-dir = {target:?}"));
    for (path, text) in files {
        write(path, text);
    }
    // As in a project that was built before: nothing has to be looked up.
    let lock = root().join("Cargo.lock");
    if lock.exists() {
        fs::copy(lock, place.path().join("Cargo.lock")).expect("copied");
    }
    place
}

/// A file of the project; `ORM` in it stands for the root of this workspace.
fn write(place: &Path, path: &str, text: &str) {
    let path = place.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text.replace("ORM", &root().display().to_string())).expect("written");
}

fn select(place: &Path, package: Option<&str>, features: &[&str]) -> Result<Project, ProjectError> {
    Project::find(Selection {
        manifest_path: Some(place.join("Cargo.toml")),
        package: package.map(str::to_owned),
        features: features.iter().map(|&feature| feature.to_owned()).collect(),
        ..Selection::default()
    })
}

fn tables(project: &Project) -> Vec<String> {
    let schema = project.declared().unwrap_or_else(|error| panic!("{error}"));
    schema.tables.iter().map(|table| table.name.to_string()).collect()
}

const SHOP: &str = r#"[package]
name = "my-shop"
version = "0.1.0"
edition = "2024"
[features]
extra = []
[package.metadata.orm]
migrations = "db/changes"
[dependencies]
db = { package = "orm", path = "ORM", default-features = false }
[[bin]]
name = "my-shop"
path = "src/main.rs"
"#;

const SHOP_LIB: &str = r#"mod tables {
    use db::prelude::*;
    #[derive(Table)]
    #[table(name = "article", crate = ::db)]
    pub struct Article { #[column(primary_key)] pub id: i64, pub name: String }
    #[cfg(feature = "extra")]
    #[derive(Table)]
    #[table(name = "review", crate = ::db)]
    pub struct Review { #[column(primary_key)] pub id: i64 }
}
"#;

#[test]
fn crates_of_a_workspace_are_asked_for_their_tables() {
    let place = workspace(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"shop\", \"tool\"]\n[profile.dev]\ndebug = 1\n",
        ),
        ("shop/Cargo.toml", SHOP),
        ("shop/src/lib.rs", SHOP_LIB),
        ("shop/src/main.rs", "fn main() {}"),
        (
            "tool/Cargo.toml",
            "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        ("tool/src/main.rs", "fn main() {}"),
    ]);
    // A hyphen in the name, a library and a binary, `orm` by another name, in a workspace.
    let shop = select(place.path(), None, &[]).expect("the only one with orm");
    assert_eq!(shop.name(), "my-shop");
    let migrations = shop.migrations().expect("settings");
    assert!(migrations.ends_with("shop/db/changes"), "{migrations:?}");
    assert_eq!(tables(&shop), ["article"]);
    let begun = std::time::Instant::now();
    assert_eq!(tables(&shop), ["article"]);
    assert!(begun.elapsed().as_secs() < 5, "nothing to build took {:?}", begun.elapsed());
    let extra = select(&place.path().join("shop"), None, &["extra"]).expect("by its folder");
    assert_eq!(tables(&extra), ["article", "review"]);

    let tool = select(place.path(), Some("tool"), &[]).expect("found");
    let error = tool.declared().expect_err("no library").to_string();
    assert!(error.contains("`tool` has no library"), "{error}");
    let error = select(place.path(), Some("shop"), &[]).expect_err("unknown").to_string();
    assert!(error.contains("no package `shop`") && error.contains("my-shop, tool"), "{error}");
}

#[test]
fn the_nine_auth_tables_are_found() {
    let auth = select(&root().join("examples/auth"), None, &[]).expect("found");
    let names = tables(&auth);
    assert_eq!(names.len(), 9, "{names:?}");
    assert!(names.contains(&"team_member".to_owned()), "{names:?}");
}

#[test]
fn a_folder_without_a_project_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let error = select(place.path(), None, &[]).expect_err("no project").to_string();
    assert!(error.contains("Cargo.toml"), "{error}");
}

#[test]
fn a_library_that_no_program_can_link_is_named_with_the_way_out() {
    let manifest = |forms: &str| {
        format!(
            "[package]\nname = \"plugin\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\ncrate-type = {forms}\n[dependencies]\norm = {{ path = \"ORM\" }}\n"
        )
    };
    for (forms, expected) in [
        (r#"["dylib"]"#, "is a dylib, which cannot be linked"),
        (r#"["cdylib", "staticlib"]"#, "is a cdylib and staticlib, which cannot be linked"),
    ] {
        let place =
            workspace(&[("Cargo.toml", manifest(forms).as_str()), ("src/lib.rs", "pub fn f() {}")]);
        let plugin = select(place.path(), None, &[]).expect("found");
        let error = plugin.declared().expect_err("not linked").to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains(r#"hint: write `crate-type = ["lib", "#), "{error}");
    }
}

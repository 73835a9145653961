//! A crate without a network: what it needs to be built is all that is needed to ask it for its tables.

use crate::{select, tables, workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const MANIFEST: &str = r#"[package]
name = "offline-shop"
version = "0.1.0"
edition = "2024"
[dependencies]
orm = { path = "ORM", default-features = false }
[workspace]
"#;

/// The names of the packages in a lock file.
fn packages(lock: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(lock).expect("a lock file");
    let names = text.lines().filter_map(|line| line.strip_prefix("name = "));
    names.map(|name| name.trim_matches('"').to_owned()).collect()
}

#[test]
fn no_crate_is_needed_that_the_lock_file_of_the_project_does_not_name() {
    let place = workspace(&[
        ("Cargo.toml", MANIFEST),
        (
            "src/lib.rs",
            "use orm::prelude::*;\n#[derive(Table)] pub struct Article { #[column(primary_key)] pub id: i64 }\n",
        ),
    ]);
    // Cargo takes out what the project does not need.
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .current_dir(place.path())
        .output()
        .expect("cargo runs");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let ours = packages(&place.path().join("Cargo.lock"));
    assert!(!ours.contains("serde_json"), "{ours:?}");
    let project = select(place.path(), None, &[]).expect("found");
    assert_eq!(tables(&project), ["article"]);
    let probe = super::root().join("target/orm-migrate/offline-shop/Cargo.lock");
    let more: Vec<String> = packages(&probe).difference(&ours).cloned().collect();
    assert_eq!(more, ["orm-migrate-probe-offline-shop"]);
}

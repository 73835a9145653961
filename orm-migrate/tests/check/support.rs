//! A crate whose tables depend on its features, a database and a folder.

use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate_test_support::{self as support, ToolOutput};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

const MANIFEST: &str = r#"[package]
name = "checked-crate"
version = "0.1.0"
edition = "2024"
[features]
age = []
faults = []
broken = []
indexed = []
dated = []
[workspace]
[dependencies]
orm = { path = "ORM", default-features = false }
"#;

const LIBRARY: &str = r#"use orm::prelude::*;

#[derive(Table)]
#[table(name = "person")]
#[cfg_attr(
    feature = "dated",
    table(check("dated", "'2024-03-04'::date < '2024-05-06 01:02:03+02'::timestamptz + interval '1 day -2 hours' OR id > 0"))
)]
pub struct Person {
    #[column(primary_key, identity)]
    pub id: i64,
    #[cfg_attr(feature = "indexed", column(index))]
    pub name: String,
    #[cfg(feature = "age")]
    pub age: Option<i32>,
}

#[cfg(feature = "faults")]
#[derive(Table)]
#[table(name = "note")]
pub struct Note {
    #[column(primary_key)]
    pub id: String,
    #[column(references = Person::id)]
    pub person_id: i64,
}

#[cfg(feature = "broken")]
pub const BROKEN: i64 = "this does not compile";
"#;

/// The crate, and the right to build it: its features decide what the probe is built with.
fn project() -> &'static Mutex<PathBuf> {
    static PROJECT: OnceLock<Mutex<PathBuf>> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("root");
        // Where it stays from run to run: it is built once.
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checked-crate");
        let write = |path: &str, text: &str| {
            let path = place.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let text = text.replace("ORM", &root.display().to_string());
            if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                fs::write(path, text).expect("written");
            }
        };
        write("Cargo.toml", MANIFEST);
        write("src/lib.rs", LIBRARY);
        let target = root.join("target").display().to_string();
        write(".cargo/config.toml", &format!("build.target-dir = {target:?}"));
        let lock = root.join("Cargo.lock");
        if lock.exists() && !place.join("Cargo.lock").exists() {
            fs::copy(lock, place.join("Cargo.lock")).expect("copied");
        }
        Mutex::new(place)
    })
}

pub(crate) struct Case {
    pub(crate) database: TestDatabase,
    place: tempfile::TempDir,
}

impl Case {
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        Self { database: test_database().expect("a database"), place }
    }

    /// One whose tables were made by a migration that was applied.
    pub(crate) fn applied(features: &str) -> Self {
        let case = Self::new();
        let features: &[&str] = if features.is_empty() { &[] } else { &["-F", features] };
        let said = case.run("diff", features);
        assert_eq!(said.code, Some(0), "{}", said.error);
        let said = case.run("apply", &[]);
        assert_eq!(said.code, Some(0), "{}", said.error);
        case
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(self.place.path())
    }

    /// A migration that a person wrote.
    pub(crate) fn write(&self, up: &str) -> String {
        let (name, up) = ("by_hand".to_owned(), up.to_owned());
        let draft = Draft { name, up, down: None, plan: PlanFile::default() };
        let written = self.folder().write(&draft).expect("written");
        fs::remove_file(written.path.join("plan.json")).expect("removed");
        written.name
    }

    /// A verb on this folder, database and crate.
    pub(crate) fn run(&self, verb: &str, more: &[&str]) -> ToolOutput {
        self.run_at(Some(self.database.url()), verb, more)
    }

    pub(crate) fn run_at(&self, url: Option<&str>, verb: &str, more: &[&str]) -> ToolOutput {
        let project = project().lock().unwrap_or_else(PoisonError::into_inner);
        self.run_in(&project, url, verb, more)
    }

    /// The same with an `orm.toml` in the crate.
    pub(crate) fn run_with(&self, settings: &str, verb: &str, more: &[&str]) -> ToolOutput {
        let project = project().lock().unwrap_or_else(PoisonError::into_inner);
        let file = project.join("orm.toml");
        fs::write(&file, settings).expect("written");
        let said = self.run_in(&project, Some(self.database.url()), verb, more);
        fs::remove_file(file).expect("removed");
        said
    }

    fn run_in(&self, project: &Path, url: Option<&str>, verb: &str, more: &[&str]) -> ToolOutput {
        let mut command = support::tool(&[verb, "--migrations"]);
        command.arg(self.place.path());
        command.arg("--manifest-path").arg(project.join("Cargo.toml")).args(more);
        // Cargo's configuration is that of the folder it is started in.
        command.current_dir(project);
        if let Some(url) = url {
            command.env("POSTGRES_URL", url);
        }
        ToolOutput::of(&mut command)
    }

    pub(crate) fn sql(&self, sql: &str) {
        support::on(self.database.url(), sql);
    }
}

//! [`Folder`]: the migrations on disk.

use super::DeclaredHash;
use super::{HistoryError, Replaced};
use chrono::{NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What follows the name of a migration in the name of its way back. No folder can be called so.
pub(crate) const BACK: &str = "/down";

const TIMESTAMP: &str = "%Y%m%dT%H%M%S";

/// The folder that holds the migrations, each in a folder of its own.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// One migration of the folder.
#[derive(Debug, Clone)]
pub struct Migration {
    /// `<yyyymmddThhmmss>_<name>`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// `up.sql`.
    pub up: String,
    /// `down.sql`, where it can be undone.
    pub down: Option<String>,
    /// `plan.json`, unless it was written by hand.
    pub plan: Option<PlanFile>,
}

impl Migration {
    /// SHA-256 of `up.sql`, the same whatever the line ends are.
    pub fn checksum(&self) -> String {
        checksum(&self.up)
    }

    /// The file with its statements.
    pub fn up_path(&self) -> PathBuf {
        self.path.join(if self.name.ends_with(BACK) { "down.sql" } else { "up.sql" })
    }

    /// The way back as a migration of its own, called `<name>/down`: when it is done, the ledger has neither.
    pub fn back(&self) -> Option<Self> {
        let up = self.down.clone()?;
        let name = format!("{}{BACK}", self.name);
        Some(Self { name, path: self.path.clone(), up, down: None, plan: None })
    }

    /// The file with the statements of the way back.
    pub fn down_path(&self) -> PathBuf {
        self.path.join("down.sql")
    }

    /// Writes `plan.json` anew.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_plan(&self, plan: &PlanFile) -> Result<(), HistoryError> {
        let path = self.path.join("plan.json");
        let (unfinished, text) = (self.path.join(".plan.json"), json(plan, &path)?);
        // Whole or not at all.
        fs::write(&unfinished, text + "\n").map_err(file("write", &unfinished))?;
        fs::rename(&unfinished, &path).map_err(file("write", &path))
    }
}

/// What `plan.json` says of a migration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFile {
    /// The differences, each in a line for people.
    pub changes: Vec<String>,
    /// What is done about them.
    pub steps: Vec<PlannedStep>,
    /// The hash of the managed tables before it.
    pub schema_before: String,
    /// The hash of the managed tables after it.
    pub schema_after: String,
    /// `server_version_num` of the server that both hashes are in the words of: 150020 is 15.20. Another release may
    /// write the same schema in other words, and have another hash. 0 where it is not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub server_version: i32,
    /// The newest migration that was known when it was written.
    pub parent: Option<String>,
    /// The newest ones of other branches that were known, and those that somebody says it goes together with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<String>,
    /// What it makes, changes and drops, such as `public.user` and `public.user.email`; empty when that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touches: Vec<String>,
    /// What of that is not there afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<String>,
    /// The tables and columns that the way back drops, with what is in them by then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub down_loses: Vec<String>,
    /// What somebody said of names: what is new, and what only has another name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameAnswer>,
    /// The tables that are managed after it, each as its schema and name.
    pub tables: Vec<[String; 2]>,
    /// What else is managed after it, each as its schema and name: see
    /// [`Object::name`](orm_core::schema::Object::name).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<[String; 2]>,
    /// What the crate declared when it was written; none where it was written for another side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<DeclaredHash>,
    /// The migrations that it stands for, when it was made by `squash`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
    /// What it may do to data and to people, and what of that somebody had to allow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<PlannedHazard>,
    /// What could not be tried on a scratch database before it was written, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untried: Vec<String>,
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// What somebody said of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameAnswer {
    /// The name, such as `user.full_name`.
    pub name: String,
    /// The name it had; none if it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where it was said: `code`, `flag`, `hints` or `terminal`.
    pub by: String,
}

/// A hazard of a migration, as it was known when it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedHazard {
    /// Its kind: `data_loss`, `rewrite`, `fails_on_existing_rows` and so on.
    pub kind: String,
    /// What happens, and to what.
    pub sentence: String,
    /// Whether it was allowed by name, for nothing is written without that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
    /// How many rows there were that make it fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<i64>,
    /// SQL that shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Its statements.
    pub statements: Vec<String>,
    /// The locks it takes on tables that exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<String>,
    /// What it may do to running users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<String>,
    /// What it reads or writes of tables that exist, beside the catalog.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub costs: Vec<String>,
    /// What it does, in a line for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub does: Vec<String>,
    /// `transaction`: with its neighbours; `own_transaction`: alone; `autocommit`: each statement for itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// Whether its last statement runs until it changes no row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// Which form was chosen, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// A migration that is to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is called, without the time.
    pub name: String,
    /// The text of `up.sql`.
    pub up: String,
    /// The text of `down.sql`.
    pub down: Option<String>,
    /// What `plan.json` says.
    pub plan: PlanFile,
}

impl Folder {
    /// The folder at that path; it need not exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder; `false` when it was there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create(&self) -> Result<bool, HistoryError> {
        let is_new = !self.path.is_dir();
        fs::create_dir_all(&self.path).map_err(file("make the folder", &self.path))?;
        Ok(is_new)
    }

    /// The migrations, oldest first; none when there is no folder.
    ///
    /// # Errors
    /// Something cannot be read, or is not a migration.
    pub fn read(&self) -> Result<Vec<Migration>, HistoryError> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(file("read the folder", &self.path))?,
        };
        let mut migrations = Vec::new();
        for entry in entries {
            let path = entry.map_err(file("read the folder", &self.path))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let Some(name) = name.filter(|name| !name.starts_with('.') && path.is_dir()) else {
                continue;
            };
            if time_of(&name).is_none() {
                return Err(HistoryError::Name { path });
            }
            migrations.push(read_migration(name, path)?);
        }
        migrations.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(migrations)
    }

    /// Writes a migration that sorts after all others, whole or not at all.
    ///
    /// # Errors
    /// The name is not one, or a file cannot be written.
    pub fn write(&self, draft: &Draft) -> Result<Migration, HistoryError> {
        let name = slug(&draft.name)?;
        self.create()?;
        let last = self.read()?.last().and_then(|last| time_of(&last.name));
        let now = Utc::now().naive_utc();
        let time = match last {
            Some(last)
                if last.format(TIMESTAMP).to_string() >= now.format(TIMESTAMP).to_string() =>
            {
                last + TimeDelta::seconds(1)
            }
            _ => now,
        };
        self.place(&format!("{}_{name}", time.format(TIMESTAMP)), draft)
    }

    /// Writes a migration at the time of another one, whole or not at all.
    ///
    /// # Errors
    /// As [`write`](Self::write); or there is one of that time and name.
    pub(crate) fn write_at(
        &self,
        time: &Migration,
        draft: &Draft,
    ) -> Result<Migration, HistoryError> {
        let time = time.name.split_once('_').map_or("", |(time, _)| time);
        let name = format!("{time}_{}", slug(&draft.name)?);
        self.place(&name, draft)
    }

    /// Removes the folder of a migration.
    ///
    /// # Errors
    /// It cannot be removed.
    pub(crate) fn remove(&self, migration: &Migration) -> Result<(), HistoryError> {
        fs::remove_dir_all(&migration.path).map_err(file("remove", &migration.path))
    }

    fn place(&self, name: &str, draft: &Draft) -> Result<Migration, HistoryError> {
        let path = self.path.join(name);
        let unfinished = tempfile::Builder::new()
            .prefix(".unfinished-")
            .tempdir_in(&self.path)
            .map_err(file("make a folder in", &self.path))?;
        let plan = json(&draft.plan, &path)?;
        let mut files = vec![("up.sql", draft.up.as_str()), ("plan.json", plan.as_str())];
        files.extend(draft.down.as_deref().map(|down| ("down.sql", down)));
        let inner = unfinished.path().join("migration");
        fs::create_dir(&inner).map_err(file("make the folder", &inner))?;
        for (file_name, text) in files {
            let path = inner.join(file_name);
            let text = format!("{}\n", text.trim_end());
            fs::write(&path, text).map_err(file("write", &path))?;
        }
        fs::rename(&inner, &path).map_err(file("write", &path))?;
        read_migration(name.to_owned(), path)
    }
}

fn json(plan: &PlanFile, path: &Path) -> Result<String, HistoryError> {
    serde_json::to_string_pretty(plan)
        .map_err(|error| HistoryError::Plan { path: path.to_owned(), message: error.to_string() })
}

fn read_migration(name: String, path: PathBuf) -> Result<Migration, HistoryError> {
    let Some(up) = read_if_there(&path.join("up.sql"))? else {
        return Err(HistoryError::NoUp { path });
    };
    let down = read_if_there(&path.join("down.sql"))?;
    let plan_path = path.join("plan.json");
    let plan = read_if_there(&plan_path)?.map(|text| read_plan(&text, &plan_path)).transpose()?;
    Ok(Migration { name, path, up, down, plan })
}

pub(super) fn read_plan(text: &str, path: &Path) -> Result<PlanFile, HistoryError> {
    serde_json::from_str(text)
        .map_err(|error| HistoryError::Plan { path: path.to_owned(), message: error.to_string() })
}

fn read_if_there(path: &Path) -> Result<Option<String>, HistoryError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => text.map(Some).map_err(file("read", path)),
    }
}

fn file(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> HistoryError {
    let path = path.to_owned();
    move |source| HistoryError::File { act, path, source }
}

/// The time in a migration's name.
fn time_of(name: &str) -> Option<NaiveDateTime> {
    let (time, rest) = name.split_once('_')?;
    let is_exact = time.len() == 15 && !rest.is_empty();
    NaiveDateTime::parse_from_str(time, TIMESTAMP).ok().filter(|_| is_exact)
}

fn slug(name: &str) -> Result<String, HistoryError> {
    let slug: String = name
        .trim()
        .chars()
        .map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() })
        .collect();
    let is_name = !slug.is_empty()
        && slug.len() <= 100
        && slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(slug).ok_or_else(|| HistoryError::NewName { name: name.to_owned() })
}

/// SHA-256 in hexadecimal, with line ends as `\n`: a checkout on Windows is not an edit.
pub(crate) fn checksum(text: &str) -> String {
    let mut checksum = Checksum::default();
    checksum.add(text);
    checksum.hex()
}

/// A [`checksum`] of texts that come one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checksum(Sha256);

impl Checksum {
    pub(crate) fn add(&mut self, text: &str) {
        self.0.update(text.replace("\r\n", "\n").as_bytes());
    }

    /// That of all texts so far.
    pub(crate) fn hex(&self) -> String {
        self.0.clone().finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(name: &str) -> Draft {
        let plan =
            PlanFile { tables: vec![["public".to_owned(), "a".to_owned()]], ..PlanFile::default() };
        Draft { name: name.to_owned(), up: "SELECT 1;".to_owned(), down: None, plan }
    }

    #[test]
    fn what_is_written_is_read_in_order() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(place.path().join("migrations"));
        assert!(folder.read().expect("no folder").is_empty());
        let names: Vec<String> = ["one", "Add slug", "a"]
            .iter()
            .map(|name| folder.write(&draft(name)).expect("a migration").name)
            .collect();
        let read = folder.read().expect("migrations");
        assert_eq!(read.iter().map(|m| m.name.clone()).collect::<Vec<_>>(), names);
        assert!(names.iter().any(|name| name.ends_with("_add_slug")), "{names:?}");
        assert_eq!(read[0].plan, Some(draft("one").plan));
    }

    #[test]
    fn line_ends_do_not_change_a_checksum() {
        assert_eq!(checksum("a\r\nb\r\n"), checksum("a\nb\n"));
        assert_ne!(checksum("a b"), checksum("a\nb"));
    }

    #[test]
    fn names_that_would_leave_the_folder_are_refused() {
        let place = tempfile::tempdir().expect("a folder");
        for name in ["", "../a", "a/b", "a.b", "é"] {
            let error = Folder::at(place.path()).write(&draft(name)).expect_err("refused");
            assert!(error.to_string().contains("cannot name a migration"), "{error}");
        }
    }

    #[test]
    fn a_folder_that_is_no_migration_is_named() {
        let place = tempfile::tempdir().expect("a folder");
        fs::create_dir(place.path().join("20261301T000000_a")).expect("a folder");
        let error = Folder::at(place.path()).read().expect_err("refused");
        assert!(error.to_string().contains("20261301T000000_a"), "{error}");
    }
}

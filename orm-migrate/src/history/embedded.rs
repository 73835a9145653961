//! [`Embedded`]: migrations that are compiled into a program.

use super::folder::read_plan;
use super::{Folder, HistoryError, Migration};
use std::fmt;
use std::path::{Path, PathBuf};

/// Migrations that are compiled into a program, by [`embed_migrations!`](crate::embed_migrations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// As it was named, from the folder of the manifest.
    folder: &'static str,
    origin: Origin,
    /// Oldest first.
    migrations: &'static [Texts],
}

/// A name, its `up.sql`, and its `plan.json` where it has one.
type Texts = (&'static str, &'static str, Option<&'static str>);

/// The project that migrations were compiled in.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The folder of its manifest; none without Cargo.
    pub place: Option<&'static str>,
    /// `orm.toml`, where there is one.
    pub settings: Option<&'static str>,
    /// `Cargo.toml`, where it may have settings.
    pub manifest: Option<&'static str>,
}

/// In what a folder differs from the migrations in a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// The folder.
    pub folder: PathBuf,
    /// The folder as the program names it, from that of its manifest.
    pub named: String,
    /// Its migrations that are not in the program.
    pub added: Vec<String>,
    /// Those in the program that are not in the folder.
    pub removed: Vec<String>,
    /// Those that are other ones.
    pub edited: Vec<String>,
}

impl fmt::Display for Outdated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, added, removed, edited, .. } = self;
        write!(f, "the migrations in this program are not those of {}:", folder.display())?;
        for (names, what) in [
            (added, "is not in the program"),
            (removed, "is in the program, and no longer in the folder"),
            (edited, "was edited after the program was compiled"),
        ] {
            for name in names {
                write!(f, "\n- {name} {what}")?;
            }
        }
        Ok(())
    }
}

impl Embedded {
    /// For `embed_migrations!`: names and texts, oldest first, and the folder that messages name.
    #[doc(hidden)]
    pub const fn new(folder: &'static str, origin: Origin, migrations: &'static [Texts]) -> Self {
        Self { folder, origin, migrations }
    }

    /// The project that they were compiled in.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// In what the folder that they were compiled from differs by now, where it is there and can be read: on the
    /// machine that compiles, and not on the one that the program is deployed to.
    ///
    /// # Errors
    /// A `plan.json` of the program is none.
    pub fn outdated(&self) -> Result<Option<Outdated>, HistoryError> {
        let Some(place) = self.origin.place else { return Ok(None) };
        let folder = Folder::at(Path::new(place).join(self.folder));
        if !folder.path().is_dir() {
            return Ok(None);
        }
        // What is no folder of migrations is another project's, or is in the middle of a change.
        let Ok(there) = folder.read() else { return Ok(None) };
        let ours = self.migrations()?;
        let mut found = Outdated {
            folder: folder.path().to_owned(),
            named: self.folder.to_owned(),
            added: Vec::new(),
            removed: Vec::new(),
            edited: Vec::new(),
        };
        for it in &there {
            match ours.iter().find(|own| own.name == it.name) {
                None => found.added.push(it.name.clone()),
                Some(own) if own.checksum() != it.checksum() || own.plan != it.plan => {
                    found.edited.push(it.name.clone());
                }
                Some(_) => {}
            }
        }
        let is_gone = |own: &&Migration| !there.iter().any(|it| it.name == own.name);
        found.removed = ours.iter().filter(is_gone).map(|own| own.name.clone()).collect();
        let differs = [&found.added, &found.removed, &found.edited].iter().any(|it| !it.is_empty());
        Ok(differs.then_some(found))
    }

    /// The names, oldest first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.migrations.iter().map(|(name, ..)| *name)
    }

    /// The migrations as a folder would give them, without their ways back.
    ///
    /// # Errors
    /// A `plan.json` is none.
    pub fn migrations(&self) -> Result<Vec<Migration>, HistoryError> {
        let migrations = self.migrations.iter().map(|(name, up, plan)| {
            let path = Path::new(self.folder).join(name);
            // It says what a squashed migration stands for, and what branches touch.
            let plan = plan.map(|text| read_plan(text, &path.join("plan.json"))).transpose()?;
            let (name, up) = ((*name).to_owned(), (*up).to_owned());
            Ok(Migration { name, path, up, down: None, plan })
        });
        migrations.collect()
    }
}

//! [`Embedded`]: migrations that are compiled into a program.

use super::folder::read_plan;
use super::{HistoryError, Migration};
use std::path::Path;

/// Migrations that are compiled into a program, by [`embed_migrations!`](crate::embed_migrations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    folder: &'static str,
    /// Oldest first.
    migrations: &'static [Texts],
}

/// A name, its `up.sql`, and its `plan.json` where it has one.
type Texts = (&'static str, &'static str, Option<&'static str>);

impl Embedded {
    /// For `embed_migrations!`: names and texts, oldest first, and the folder that messages name.
    #[doc(hidden)]
    pub const fn new(folder: &'static str, migrations: &'static [Texts]) -> Self {
        Self { folder, migrations }
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

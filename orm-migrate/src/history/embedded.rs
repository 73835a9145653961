//! [`Embedded`]: migrations that are compiled into a program.

use super::Migration;
use std::path::Path;

/// Migrations that are compiled into a program, by [`embed_migrations!`](crate::embed_migrations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    folder: &'static str,
    /// Name and `up.sql`, oldest first.
    migrations: &'static [(&'static str, &'static str)],
}

impl Embedded {
    /// For `embed_migrations!`: names and texts of `up.sql`, oldest first, and the folder that messages name.
    #[doc(hidden)]
    pub const fn new(
        folder: &'static str,
        migrations: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { folder, migrations }
    }

    /// The names, oldest first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.migrations.iter().map(|(name, _)| *name)
    }

    /// The migrations as a folder would give them, without their ways back and plans.
    pub fn migrations(&self) -> Vec<Migration> {
        let migrations = self.migrations.iter().map(|(name, up)| Migration {
            name: (*name).to_owned(),
            path: Path::new(self.folder).join(name),
            up: (*up).to_owned(),
            down: None,
            plan: None,
        });
        migrations.collect()
    }
}

//! Folders that go with the test.

use orm_migrate::history::{Draft, Folder, PlanFile};
use std::path::{Path, PathBuf};

/// A folder to write in.
#[derive(Debug)]
pub struct TempFolder(tempfile::TempDir);

impl TempFolder {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file; its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    /// A folder with these migrations, each its `up.sql` and perhaps its `down.sql`; its path.
    pub fn migrations(&self, name: &str, migrations: &[(&str, Option<&str>)]) -> String {
        let path: PathBuf = self.path().join(name);
        let folder = Folder::at(&path);
        folder.create().expect("a folder");
        for (index, (up, down)) in migrations.iter().enumerate() {
            let draft = Draft {
                name: format!("m{index}"),
                up: (*up).to_owned(),
                down: down.map(str::to_owned),
                plan: PlanFile::default(),
            };
            folder.write(&draft).expect("a migration");
        }
        path.display().to_string()
    }
}

/// The manifest of the example: a crate that is built and asked for its tables.
pub fn auth_manifest() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../examples/auth/Cargo.toml");
    path.canonicalize().expect("the example").display().to_string()
}

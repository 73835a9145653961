//! Where the server's programs are.

use super::DevdbError;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds `initdb` and `postgres`.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// Looks at `ORM_POSTGRES_BIN`, `pg_config --bindir`, `PATH` and the usual places, the newest version first.
    ///
    /// # Errors
    /// None is found; the error says how to get them on this system.
    pub fn find() -> Result<Self, DevdbError> {
        if let Some(folder) = std::env::var_os("ORM_POSTGRES_BIN") {
            let folder = PathBuf::from(folder);
            return Self::at(&folder).ok_or_else(|| DevdbError::NoBinaries {
                looked_at: format!("ORM_POSTGRES_BIN, {}", folder.display()),
                hint: "set ORM_POSTGRES_BIN to the folder that holds `initdb` and `postgres`"
                    .to_owned(),
            });
        }
        let places = by_pg_config().into_iter().chain(on_path()).chain(usual_places());
        let found = places.into_iter().find_map(|folder| Self::at(&folder));
        found.ok_or_else(|| DevdbError::NoBinaries {
            looked_at: "pg_config, PATH and the usual places".to_owned(),
            hint: hint(),
        })
    }

    fn at(folder: &Path) -> Option<Self> {
        let complete = ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file());
        complete.then(|| Self { folder: folder.to_owned() })
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

fn on_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// Debian, Fedora, Homebrew on both kinds of Mac, Postgres.app.
fn usual_places() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix, below) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
        let folders = entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.trim_start_matches('@');
            let major = version.split('.').next().unwrap_or(version).parse::<u32>().unwrap_or(0);
            Some((major, entry.path().join(below)))
        });
        found.extend(folders);
    }
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn hint() -> String {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is = |words: &[&str]| words.iter().any(|word| system.to_lowercase().contains(word));
    let command = if cfg!(target_os = "macos") {
        "brew install postgresql"
    } else if is(&["debian", "ubuntu"]) {
        "apt-get install postgresql"
    } else if is(&["fedora", "rhel", "centos"]) {
        "dnf install postgresql-server"
    } else if is(&["alpine"]) {
        "apk add postgresql"
    } else if is(&["arch"]) {
        "pacman -S postgresql"
    } else if is(&["suse"]) {
        "zypper install postgresql-server"
    } else {
        "install the PostgreSQL server"
    };
    format!("`{command}`, or set ORM_POSTGRES_BIN to the folder that holds `initdb` and `postgres`")
}

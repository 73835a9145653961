//! PostgreSQL refuses to run as root: then it runs as an account without rights.

use super::DevdbError;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Who the server runs as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account {
    /// Whoever we are.
    Own,
    /// Another, because we are root.
    Other {
        /// Its user id.
        user: u32,
        /// Its group id.
        group: u32,
    },
}

impl Account {
    pub(super) fn find() -> Result<Self, DevdbError> {
        if !is_root() {
            return Ok(Self::Own);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let find = |name: &str| {
            let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line.split(':').skip(2);
            let user = numbers.next()?.parse().ok()?;
            let group = numbers.next()?.parse().ok()?;
            Some(Self::Other { user, group })
        };
        find("postgres").or_else(|| find("nobody")).ok_or(DevdbError::NoAccount)
    }

    /// Makes a command run as the account.
    pub(super) fn applied_to(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Own => command,
            // Without supplementary groups: `uid` alone drops them (documentation of `CommandExt::uid`).
            Self::Other { user, group } => command.uid(user).gid(group),
        }
    }

    /// Whether the account may enter a folder, or run a program: root may where others may not, as below `/root`.
    pub(super) fn can_enter(self, path: &Path) -> bool {
        match self {
            Self::Own => true,
            // The account is asked itself: rights are more than the bits of the folders above.
            Self::Other { .. } => self
                .applied_to(Command::new("test").arg("-x").arg(path).current_dir("/"))
                .status()
                .is_ok_and(|status| status.success()),
        }
    }

    /// Gives a folder or file to the account.
    pub(super) fn own(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { user, group } => std::os::unix::fs::chown(path, Some(user), Some(group)),
        }
    }
}

/// The standard library does not tell who we are; a file that we make does.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    tempfile::tempfile().and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.uid() == 0)
}

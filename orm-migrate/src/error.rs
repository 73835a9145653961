//! [`Failure`]: why a verb did not do what it should, and [`Exit`]: the number a shell sees.

use crate::apply::ApplyError;
use crate::devdb::DevdbError;
use crate::history::{Conflict, HistoryError};
use crate::plan::{HazardKind, Refused};
use crate::preflight::Failing;
use crate::project::ProjectError;
use crate::rename::Question;
use crate::scratch::ScratchError;
use crate::source::SideError;
use std::process::ExitCode;

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// An error.
    Error = 1,
    /// Differences exist.
    Differences = 2,
    /// A step would lose data, and nobody allowed it.
    Hazard = 3,
    /// A question is open, and there is nobody to ask.
    Question = 4,
    /// The folder and the ledger contradict each other.
    Conflict = 5,
    /// A lock was not obtained.
    Lock = 6,
    /// Applied in part; the next `apply` goes on.
    Partial = 7,
    /// A migration does not lead where it should.
    Proof = 8,
    /// Wrong flags.
    Usage = 64,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a verb failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The database could not be reached, or refused.
    #[error("{}{}", .0, hint(.0))]
    Database(#[from] orm_core::Error),
    /// The crate could not be asked for its tables.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The folder or the ledger could not be used.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A migration was not applied.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// A migration was not undone.
    #[error(transparent)]
    Down(crate::apply::DownError),
    /// There is no private PostgreSQL.
    #[error(transparent)]
    Devdb(#[from] DevdbError),
    /// The folder and the ledger contradict each other.
    #[error("the migrations folder and the database contradict each other:{}", list(.0))]
    Conflicts(Vec<Conflict>),
    /// The declared tables could not be built.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// A migration on top of others that were not applied would repeat them.
    #[error("{} not applied to this database yet: {}\n  hint: run `orm-migrate apply` first, then `diff` writes what is left", if .0.len() == 1 { "a migration is" } else { "migrations are" }, .0.join(", "))]
    Pending(Vec<String>),
    /// PostgreSQL refuses a step as the database is.
    #[error("the migration cannot run as the database is:{}\n  hint: CASCADE is never written, for it drops what nobody named", items(.0))]
    InTheWay(Vec<String>),
    /// What is said of names cannot be understood, or answers nothing.
    #[error(transparent)]
    Hint(#[from] crate::rename::HintError),
    /// Whether something is new or has another name is not known, and nobody is there to ask.
    #[error("{}", open(.0))]
    Questions(Vec<Question>),
    /// Data would be lost, and nobody allowed it.
    #[error("the migration would lose data:{}\n  hint: look at the list, then run it again with --allow-destructive", items(.0))]
    Destructive(Vec<String>),
    /// The migration has hazards of a kind that must be allowed by name.
    #[error("the migration has hazards of the kind {}, which must be allowed:{}\n  hint: {}", .kind.name(), items(.sentences), allow_hint(*.kind))]
    NotAllowed {
        /// The kind.
        kind: HazardKind,
        /// What happens, and to what.
        sentences: Vec<String>,
    },
    /// A big table would be written anew while nobody can use it, and nobody allowed it.
    #[error("the migration would write big tables anew, and nobody could read or write them meanwhile:{}\n  hint: {}", rewrites(.0), REWRITE_HINT)]
    Rewrite(Vec<Refused>),
    /// Rows that are there make the migration fail.
    #[error("rows that are there make the migration fail:{}\n  hint: change the rows or what is declared, then run it again; --allow-failing writes the migration all the same", failing(.0))]
    Rows(Vec<Failing>),
    /// Several of these at once.
    #[error("{}", .0.iter().map(Failure::to_string).collect::<Vec<_>>().join("\nerror: "))]
    Several(Vec<Failure>),
    /// On a scratch database the migration does not lead where it should. Nothing was written.
    #[error("the migration was tried on a scratch database, and {file} does not do what it should:{}\n  nothing was written; --no-verify writes it all the same", items(.found))]
    Proof {
        /// `up.sql` or `down.sql`.
        file: &'static str,
        /// What would still have to change, or the error.
        found: Vec<String>,
    },
    /// A side of a comparison cannot be had.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The settings of the project cannot be used.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The lint settings contradict each other.
    #[error(transparent)]
    Lint(#[from] crate::lint::SettingsError),
    /// A right is missing, and it is known what gives it.
    #[error("{source}\n  hint: {hint}")]
    Right {
        /// What failed.
        source: Box<Failure>,
        /// The statements that give the right.
        hint: String,
    },
    /// What was asked for does not go together with what is there.
    #[error("{what}\n  hint: {hint}")]
    Refused {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
        /// The number for the shell.
        exit: Exit,
    },
    /// The system refused something.
    #[error("could not {act}: {source}")]
    System {
        /// What was being done.
        act: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<crate::apply::DownError> for Failure {
    fn from(error: crate::apply::DownError) -> Self {
        match error {
            crate::apply::DownError::Apply(error) => Self::Apply(error),
            error => Self::Down(error),
        }
    }
}

impl Failure {
    /// All that failed, as one.
    pub(crate) fn all(results: impl IntoIterator<Item = Result<(), Self>>) -> Result<(), Self> {
        let mut failures: Vec<Self> = results.into_iter().filter_map(Result::err).collect();
        match failures.len() {
            0 => Ok(()),
            1 => failures.pop().map_or(Ok(()), Err),
            _ => Err(Self::Several(failures)),
        }
    }

    /// What machines should know beside the message.
    pub fn details(&self) -> Option<serde_json::Value> {
        match self {
            Self::Questions(questions) => {
                let questions: Vec<_> = questions.iter().map(Question::as_json).collect();
                Some(serde_json::json!({ "questions": questions }))
            }
            Self::NotAllowed { kind, sentences } => {
                Some(serde_json::json!({ (kind.name()): sentences }))
            }
            Self::Rewrite(refused) => Some(serde_json::json!({ "rewrites": refused })),
            Self::Rows(rows) => Some(serde_json::json!({ "rows": rows })),
            Self::Down(crate::apply::DownError::Loses(lost)) => {
                Some(serde_json::json!({ "loses": lost }))
            }
            Self::Conflicts(conflicts) | Self::Apply(ApplyError::Conflicts(conflicts)) => {
                let conflicts: Vec<_> = conflicts.iter().map(Conflict::as_json).collect();
                Some(serde_json::json!({ "conflicts": conflicts }))
            }
            Self::Right { source, .. } => source.details(),
            Self::Several(failures) => {
                let details = failures.iter().filter_map(Self::details);
                let details = details.filter_map(|it| it.as_object().cloned()).flatten();
                Some(serde_json::Value::Object(details.collect()))
            }
            _ => None,
        }
    }

    /// What failed, without what is known of the missing right.
    pub fn cause(&self) -> &Self {
        match self {
            Self::Right { source, .. } => source.cause(),
            other => other,
        }
    }

    /// What the server or the driver said of a statement.
    fn reported(&self) -> Option<&orm_core::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Apply(error) => error.reported(),
            _ => None,
        }
    }

    /// The same with what gives the right, where one is missing that the catalog tells of.
    pub(crate) async fn with_rights(self, connection: &orm_core::exec::Connection) -> Self {
        let Some(error) = self.reported() else { return self };
        match crate::privileges::hint(connection, error).await {
            Some(hint) => Self::Right { source: Box::new(self), hint },
            None => self,
        }
    }

    /// As [`with_rights`](Self::with_rights), with a session of its own.
    pub(crate) async fn with_rights_in(self, config: &orm_core::exec::Config) -> Self {
        if self.reported().is_none_or(|error| error.sqlstate() != Some("42501")) {
            return self;
        }
        match crate::session::open(config).await {
            Ok(connection) => self.with_rights(&connection).await,
            Err(_) => self,
        }
    }

    /// The number for the shell.
    pub fn exit(&self) -> Exit {
        use crate::apply::Committed;
        match self {
            Self::Conflicts(_) | Self::Pending(_) | Self::Apply(ApplyError::Conflicts(_)) => {
                Exit::Conflict
            }
            Self::Apply(ApplyError::Unknown { .. }) => Exit::Partial,
            Self::Apply(error) if matches!(error.kept(), Some(Committed::Statements(_))) => {
                Exit::Partial
            }
            Self::Apply(ApplyError::Locked { .. } | ApplyError::LockTimeout { .. }) => Exit::Lock,
            Self::InTheWay(_)
            | Self::Destructive(_)
            | Self::NotAllowed { .. }
            | Self::Rewrite(_)
            | Self::Rows(_) => Exit::Hazard,
            Self::Proof { .. } | Self::Side(SideError::Replay(_)) => Exit::Proof,
            Self::Questions(_) => Exit::Question,
            Self::Refused { exit, .. } => *exit,
            Self::Right { source, .. } => source.exit(),
            Self::Several(failures) => failures.first().map_or(Exit::Error, Self::exit),
            Self::Down(crate::apply::DownError::Loses(_)) => Exit::Hazard,
            _ => Exit::Error,
        }
    }
}

fn hint(error: &orm_core::Error) -> String {
    error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default()
}

fn list(conflicts: &[Conflict]) -> String {
    conflicts.iter().map(|conflict| format!("\n- {conflict}")).collect()
}

fn open(questions: &[Question]) -> String {
    let are = if questions.len() == 1 { "a question is" } else { "questions are" };
    let explained: Vec<String> = questions.iter().map(Question::explained).collect();
    let snippets: Vec<String> = questions.iter().map(Question::snippet).collect();
    let snippets = snippets.join("\n");
    let snippets = snippets.trim_end().replace('\n', "\n    ");
    format!(
        "{are} open, and nobody is there to ask: to drop the one and add the other would lose what it holds\n{}\n  hint: or answer in a file, and name it with --hints:\n    {}",
        explained.join("\n"),
        snippets.replace("\n    \n", "\n\n"),
    )
}

const REWRITE_HINT: &str = "--expand writes the long way for a change of type: a second column that is filled in batches and takes the \
place of the first; --allow-rewrite writes the plain form";

fn allow_hint(kind: HazardKind) -> String {
    let name = kind.name();
    match kind {
        HazardKind::Meaning => format!(
            "--rebuild also computes again what an old function body computed; --allow {name} leaves it as it is, and \
             accepts how values are read"
        ),
        _ => format!("look at the list, then run it again with --allow {name}"),
    }
}

fn rewrites(refused: &[Refused]) -> String {
    let item = |it: &Refused| {
        let instead = it.instead.as_ref().map_or_else(String::new, |sql| {
            format!(
                "\n  what --expand writes instead:\n    {}",
                sql.trim_end().replace('\n', "\n    ")
            )
        });
        format!("\n- {}{instead}", it.sentence)
    };
    refused.iter().map(item).collect()
}

fn failing(rows: &[Failing]) -> String {
    rows.iter().map(|it| format!("\n- {}\n  {};", it.sentence, it.query)).collect()
}

fn items(items: &[String]) -> String {
    items.iter().map(|item| format!("\n- {}", item.replace('\n', "\n  "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::Committed;

    #[track_caller]
    fn check(failure: impl Into<Failure>, expected: Exit) {
        let failure = failure.into();
        assert_eq!(failure.exit(), expected, "{failure}");
    }

    fn statement(kept: Committed) -> ApplyError {
        let source = orm_core::Error::new(orm_core::ErrorKind::Database, "no");
        ApplyError::Commit { file: "up.sql".into(), source, kept }
    }

    #[test]
    fn each_failure_has_its_exit_code() {
        check(Failure::Conflicts(vec![Conflict::Missing { name: "a".to_owned() }]), Exit::Conflict);
        check(ApplyError::Conflicts(Vec::new()), Exit::Conflict);
        check(Failure::Pending(vec!["a".to_owned()]), Exit::Conflict);
        check(ApplyError::Locked { holder: None, waited: Default::default() }, Exit::Lock);
        check(statement(Committed::Nothing), Exit::Error);
        check(statement(Committed::Statements(1)), Exit::Partial);
        check(DevdbError::NoAccount, Exit::Error);
        check(Failure::Destructive(vec!["all rows of t".to_owned()]), Exit::Hazard);
        let (kind, sentences) = (HazardKind::Meaning, Vec::new());
        check(Failure::NotAllowed { kind, sentences }, Exit::Hazard);
        check(Failure::Questions(Vec::new()), Exit::Question);
        check(Failure::Rewrite(Vec::new()), Exit::Hazard);
        check(Failure::Rows(Vec::new()), Exit::Hazard);
        let several = [Err(Failure::Destructive(Vec::new())), Err(Failure::Rows(Vec::new()))];
        check(Failure::all(several).expect_err("both"), Exit::Hazard);
        check(Failure::Proof { file: "up.sql", found: Vec::new() }, Exit::Proof);
        assert_eq!(Exit::Usage as u8, 64);
    }
}

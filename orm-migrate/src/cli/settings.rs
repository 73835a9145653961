//! What the settings of the project say, where no flag says otherwise.

use super::config;
use super::context::{Context, Cut};
use crate::config::{ConfigError, Settings};
use crate::error::Failure;
use crate::history::Ledger;
use crate::lint;
use crate::plan::Thresholds;
use crate::project::Project;
use crate::source::Filter;
use orm_core::exec::Config;
use std::path::Path;
use std::time::Duration;

impl Context<'_> {
    /// The crate that is meant; it is looked for once.
    pub(super) fn project(&self) -> Result<&Project, Failure> {
        match self.project.get() {
            Some(project) => Ok(project),
            None => {
                let project = self.place.project(&self.build)?;
                Ok(self.project.get_or_init(|| project))
            }
        }
    }

    /// The settings of the project, or of the folders around us where there is none.
    pub(super) fn settings(&self) -> Result<&Settings, Failure> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        // A machine that only applies may have no Rust, and nothing is to be asked of the network for it.
        let is_bare = self.migrations.is_some()
            && self.place.manifest_path.is_none()
            && self.place.package.is_none();
        let project = if is_bare { None } else { self.project().ok() };
        let settings = match project {
            Some(project) => project.settings()?,
            None => Settings::around(Path::new("."))?,
        };
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The database of the flag, of the variable that the settings name, or of the usual ones.
    pub(super) fn target(&self) -> Result<Config, Failure> {
        if let Some(url) = &self.database_url {
            return config(Some(url));
        }
        match &self.settings()?.database_url_env {
            Some(name) => match said(name) {
                Some(url) => config(Some(&url)),
                None => Err(unset("database-url-env", name)),
            },
            None => config(None),
        }
    }

    /// The ledger of the flag, of the settings, or the usual one.
    pub(super) fn ledger(&self) -> Result<Ledger, Failure> {
        let name = match &self.ledger {
            Some(name) => Some(name),
            None => self.settings()?.ledger.as_ref(),
        };
        Ok(name.map(|name| Ledger::named(name)).transpose()?.unwrap_or_default())
    }

    /// Whether a database is named anywhere.
    pub(super) fn names_a_database(&self) -> Result<bool, Failure> {
        let names = match &self.settings()?.database_url_env {
            Some(name) => vec![name.as_str()],
            None => vec!["POSTGRES_URL", "DATABASE_URL"],
        };
        Ok(self.database_url.is_some() || names.into_iter().any(|name| said(name).is_some()))
    }

    /// The URL of what may be built and dropped again, if one was named.
    pub(super) fn scratch_url(&self) -> Result<Option<String>, Failure> {
        if let Some(url) = &self.scratch_url {
            return Ok(Some(url.clone()));
        }
        match &self.settings()?.scratch_url_env {
            // Not elsewhere instead: somebody wanted nothing built on the server of the database.
            Some(name) => said(name).map(Some).ok_or_else(|| unset("scratch-url-env", name)),
            None => Ok(None),
        }
    }

    /// Which schemas and tables are looked at: each flag in place of its setting.
    pub(super) fn filter(&self, cut: &Cut) -> Result<Filter, Failure> {
        let settings = self.settings()?;
        let or = |flag: &[String], said: &[String]| {
            if flag.is_empty() { said.to_vec() } else { flag.to_vec() }
        };
        let (schemas, tables) = if cut.schema.is_empty() && cut.table.is_empty() {
            (settings.schemas.clone(), settings.tables.clone())
        } else {
            // Who names tables means these, in whatever schema; and the other way round.
            (cut.schema.clone(), cut.table.clone())
        };
        let excluded = or(&cut.exclude_table, &settings.exclude_tables);
        Ok(Filter::new(&schemas, &tables, &excluded))
    }

    /// Up to which size a table is small.
    pub(super) fn thresholds(&self) -> Result<Thresholds, Failure> {
        let (online, usual) = (&self.settings()?.online, Thresholds::default());
        Ok(Thresholds {
            rows: online.max_rows.unwrap_or(usual.rows),
            bytes: online.max_bytes.unwrap_or(usual.bytes),
        })
    }

    /// How long `apply` waits for another one, and its statements for table locks.
    pub(super) fn waits(&self, flags: Waits) -> Result<(Duration, Duration), Failure> {
        let settings = self.settings()?;
        let wait = flags.lock_wait.or(settings.lock_wait).unwrap_or(60);
        let said = settings.lock_timeout.map(|it| u64::from(it.get()));
        let timeout = flags.lock_timeout.or(said).unwrap_or(3000).min(LONGEST);
        Ok((Duration::from_secs(wait), Duration::from_millis(timeout)))
    }

    /// Which lint rules are on: what the flags say of a rule takes the place of what the settings say of it.
    pub(super) fn lint(&self, flags: lint::LintSettings) -> Result<lint::LintSettings, Failure> {
        let said = &self.settings()?.lint;
        let in_file = |error: lint::SettingsError| error.within("the settings");
        let allow = said.allow.iter().map(|text| text.parse().map_err(in_file));
        let below = lint::LintSettings {
            allow: allow.collect::<Result<_, _>>()?,
            deny: said.deny.clone(),
            pedantic: said.pedantic,
        };
        let below = below.checked().map_err(in_file)?;
        Ok(flags.checked()?.over(below))
    }
}

/// Milliseconds: what PostgreSQL's `lock_timeout` holds.
const LONGEST: u64 = i32::MAX as u64;

/// How long to wait for locks.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct Waits {
    /// Seconds to wait for another `apply` on the same database [default: 60, or what the settings say].
    #[arg(long, value_name = "SECONDS")]
    lock_wait: Option<u64>,
    /// Milliseconds a statement may wait for a table lock before the migration is tried again [default: 3000, or what
    /// the settings say].
    #[arg(long, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    lock_timeout: Option<u64>,
}

fn unset(key: &'static str, name: &str) -> Failure {
    ConfigError::Variable { key, name: name.to_owned() }.into()
}

/// The variable's value, unless it is empty.
fn said(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|url| !url.trim().is_empty())
}

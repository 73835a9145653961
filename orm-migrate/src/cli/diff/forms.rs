//! Forms: plain or online, by what the tables hold; and the rows that a migration would fail on.

use super::gather::Found;
use super::plan;
use crate::change::{Change, ObjectName};
use crate::cli::output::Output;
use crate::error::Failure;
use crate::facts::{self, Failing};
use crate::plan::{Forms, Online, Plan, Size, Sizes, Strategy, Thresholds, online};
use crate::rename::OldNames;
use crate::session;
use orm_core::exec::Config;
use orm_core::schema::Object;
use std::collections::BTreeSet;

/// The hazards that somebody may allow, by the names that answers and `plan.json` have for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(in crate::cli) enum Allow {
    /// As --allow-destructive.
    DataLoss,
    /// As --allow-rewrite.
    Rewrite,
    /// As --allow-failing.
    FailsOnExistingRows,
}

/// How a step is done, and what is not done without being asked for.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Flags {
    /// Says of each step its lock, what it reads or writes, how it runs and why.
    #[arg(long)]
    pub(super) explain: bool,
    /// Writes the plain form of each step, however big its table is: short, and others wait while it runs.
    #[arg(long, conflicts_with = "online")]
    plain: bool,
    /// Writes the online form of each step, however small its table is here: for a database that is small while the one
    /// the migration is for is big.
    #[arg(long)]
    online: bool,
    /// Changes the type of a column of a big table by a second column that is filled in batches and takes its place.
    #[arg(long, conflicts_with_all = ["plain", "allow_rewrite"])]
    expand: bool,
    /// Allows steps that write a big table anew, while nobody can use it.
    #[arg(long)]
    allow_rewrite: bool,
    /// Writes the migration although rows that are there make it fail.
    #[arg(long)]
    allow_failing: bool,
}

/// How a step is done at once.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct Steps {
    /// Says of each step its lock, what it reads or writes, how it runs and why.
    #[arg(long)]
    pub(in crate::cli) explain: bool,
    /// Runs the online form of each step, in several transactions, so that nobody waits for long.
    #[arg(long)]
    online: bool,
    /// Tries it although rows that are there make it fail.
    #[arg(long)]
    allow_failing: bool,
}

impl Steps {
    /// Allows what was said by name.
    pub(in crate::cli) fn allow(&mut self, allowed: &[Allow]) {
        self.allow_failing |= allowed.contains(&Allow::FailsOnExistingRows);
    }

    fn flags(self) -> Flags {
        let Self { explain, online, allow_failing } = self;
        // One short transaction, unless somebody asks for more.
        Flags { explain, plain: !online, online, expand: false, allow_rewrite: true, allow_failing }
    }

    /// The plan.
    pub(in crate::cli) async fn of(
        self,
        live: &Config,
        found: &Found,
        thresholds: Thresholds,
    ) -> Result<Plan, Failure> {
        Ok(self.flags().chosen(Some(live), found, thresholds).await?.plan)
    }

    /// Asks whether rows are there on which it would fail.
    ///
    /// # Errors
    /// There are, and nobody said that this does not matter.
    pub(in crate::cli) async fn ask_rows(
        self,
        live: &Config,
        found: &Found,
        output: &Output,
    ) -> Result<(), Failure> {
        self.flags().ask_rows(Some(live), found, output).await.map(|_| ())
    }
}

impl Flags {
    /// Allows what was said by name.
    pub(super) fn allow(&mut self, allowed: &[Allow]) {
        self.allow_rewrite |= allowed.contains(&Allow::Rewrite);
        self.allow_failing |= allowed.contains(&Allow::FailsOnExistingRows);
    }

    /// Whether a big table may be written anew.
    pub(super) fn may_rewrite(&self) -> bool {
        self.allow_rewrite
    }

    fn forms(&self) -> Forms {
        match (self.plain, self.online) {
            (true, _) => Forms::Plain,
            (_, true) => Forms::Online,
            _ => Forms::BySize,
        }
    }

    /// The plan, each step in the form that its table asks for.
    pub(super) async fn chosen(
        &self,
        live: Option<&Config>,
        found: &Found,
        thresholds: Thresholds,
    ) -> Result<Online, Failure> {
        let from = found.live.canonical.schema();
        let is_kept = |it: &&Object| matches!(it, Object::View(it) if it.materialized);
        let views = from.objects.iter().filter(is_kept).map(ObjectName::of_object);
        let tables: BTreeSet<ObjectName> =
            from.tables.iter().map(ObjectName::of).chain(views).collect();
        let mut plan = plan::steps(found);
        let sizes = match live {
            Some(config) => {
                let locked = plan.steps.iter().flat_map(|step| &step.locks);
                let locked = locked.map(|lock| &lock.table).filter(|name| tables.contains(name));
                let locked: BTreeSet<ObjectName> = locked.cloned().collect();
                let names = OldNames::of(&found.renamings);
                let now = locked.iter().map(|name| names.table(name)).collect();
                let connection = session::open(config).await?;
                let mut sizes = facts::sizes(&connection, &now, &thresholds).await?;
                // Also what steps aside for a while: only then it is known what stays in the way.
                let now: Vec<(usize, Change)> = (plan.steps.iter().enumerate())
                    .flat_map(|(place, step)| step.changes.iter().map(move |it| (place, it)))
                    .map(|(place, change)| (place, names.in_place(std::slice::from_ref(change))))
                    .flat_map(|(place, change)| change.into_iter().map(move |it| (place, it)))
                    .collect();
                let (places, changes): (Vec<usize>, Vec<Change>) = now.into_iter().unzip();
                let before = found.before.schema();
                let mut asked = facts::dependents(&connection, &changes, before).await?;
                asked.extend(facts::uncast(&connection, &changes, before).await?);
                for (number, hazard) in asked {
                    let step = places.get(number).and_then(|place| plan.steps.get_mut(*place));
                    if let Some(step) = step {
                        step.hazards.push(hazard);
                    }
                }
                connection.close().await;
                // The steps call them by the names that they have then.
                let known = sizes.0.clone();
                for name in locked {
                    if let Some(size) = known.get(&names.table(&name)) {
                        sizes.0.insert(name, *size);
                    }
                }
                sizes
            }
            None => Sizes(tables.into_iter().map(|table| (table, Size::default())).collect()),
        };
        let strategy = Strategy {
            forms: self.forms(),
            thresholds,
            sizes,
            allow_rewrite: self.allow_rewrite,
            expand: self.expand,
        };
        Ok(online(plan, &strategy, from, found.after.schema()))
    }

    /// Asks whether rows are there on which the migration would fail.
    ///
    /// # Errors
    /// There are, and nobody said that this does not matter.
    pub(super) async fn ask_rows(
        &self,
        live: Option<&Config>,
        found: &Found,
        output: &Output,
    ) -> Result<Vec<Failing>, Failure> {
        let Some(config) = live else { return Ok(Vec::new()) };
        let changes = OldNames::of(&found.renamings).changes(found.others_than_names());
        let checks = facts::checks(&changes, found.before.schema());
        if checks.is_empty() {
            return Ok(Vec::new());
        }
        let connection = session::open(config).await?;
        let findings = facts::failing(&connection, &checks, facts::CHECK_TIMEOUT).await?;
        connection.close().await;
        for unknown in &findings.unknown {
            output.note(unknown);
        }
        if self.allow_failing || findings.failing.is_empty() {
            for failing in &findings.failing {
                output.note(&format!("allowed: {}", failing.sentence));
            }
            return Ok(findings.failing);
        }
        Err(Failure::Rows(findings.failing))
    }
}

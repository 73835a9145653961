//! Forms: plain or online, by what the tables hold; and the rows that a migration would fail on.

use super::gather::Found;
use super::live::{self, OfLive};
use super::plan;
use crate::change::ObjectName;
use crate::cli::output::Output;
use crate::error::Failure;
use crate::plan::{
    Forms, HazardKind, OnlinePlan, Plan, Refused, Size, Sizes, Stored, Strategy, Thresholds, online,
};
use crate::preflight::{self, Failing};
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
    /// Values are read otherwise, or what a function computed stays as its old body computed it: see --rebuild.
    Meaning,
    /// Indexes are dropped and not replaced.
    DropsIndex,
}

impl Allow {
    /// What is allowed.
    pub(in crate::cli) fn kind(self) -> HazardKind {
        match self {
            Self::DataLoss => HazardKind::DataLoss,
            Self::Rewrite => HazardKind::Rewrite,
            Self::FailsOnExistingRows => HazardKind::FailsOnExistingRows,
            Self::Meaning => HazardKind::Meaning,
            Self::DropsIndex => HazardKind::DropsIndex,
        }
    }
}

/// A plan in the forms that were chosen.
#[derive(Debug)]
pub(in crate::cli) struct Chosen {
    pub(in crate::cli) plan: Plan,
    /// The steps that would write a big table again, which are not allowed.
    pub(in crate::cli) refused: Vec<Refused>,
    /// What it computes again of the results of functions that change.
    pub(in crate::cli) stored: Vec<Stored>,
}

/// How a step is done, and what is not done without being asked for.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct StrategyFlags {
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
    /// Where the body of a function changes, also computes again what its old body computed: indexes, stored columns,
    /// checks, materialized views.
    #[arg(long)]
    rebuild: bool,
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
    /// Where the body of a function changes, also computes again what its old body computed: indexes, stored columns,
    /// checks, materialized views.
    #[arg(long)]
    rebuild: bool,
}

impl Steps {
    /// Allows what was said by name.
    pub(in crate::cli) fn allow(&mut self, allowed: &[Allow]) {
        self.allow_failing |= allowed.contains(&Allow::FailsOnExistingRows);
    }

    fn flags(self) -> StrategyFlags {
        let Self { explain, online, allow_failing, rebuild } = self;
        // One short transaction, unless somebody asks for more.
        StrategyFlags {
            explain,
            plain: !online,
            online,
            expand: false,
            allow_rewrite: true,
            allow_failing,
            rebuild,
        }
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

impl StrategyFlags {
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
    ) -> Result<Chosen, Failure> {
        let from = found.live.canonical.schema();
        let is_kept = |it: &&Object| matches!(it, Object::View(it) if it.materialized);
        let views = from.objects.iter().filter(is_kept).map(ObjectName::of_object);
        let tables: BTreeSet<ObjectName> =
            from.tables.iter().map(ObjectName::of).chain(views).collect();
        let mut plan = plan::steps(found);
        let of_live = match live {
            Some(config) => OfLive::ask(config, &plan, found, &tables, &thresholds).await?,
            None => {
                let unknown = tables.into_iter().map(|table| (table, Size::default()));
                OfLive { sizes: Sizes(unknown.collect()), ..OfLive::default() }
            }
        };
        let OfLive { sizes, in_the_way, stored, used } = of_live;
        for (place, hazard) in in_the_way {
            plan.steps
                .get_mut(place)
                .into_iter()
                .for_each(|step| step.hazards.push(hazard.clone()));
        }
        let strategy = Strategy {
            forms: self.forms(),
            thresholds,
            sizes,
            allow_rewrite: self.allow_rewrite,
            expand: self.expand,
        };
        let to = found.after.schema();
        let all: Vec<Stored> = stored.iter().map(|(_, _, it)| it.clone()).collect();
        let all: Vec<Stored> = all.into_iter().filter(|it| plan.leaves(it)).collect();
        let left = match self.rebuild {
            true => plan.clone().recompute(&all, &strategy, to).1,
            false => all.clone(),
        };
        for (place, hazard, it) in stored {
            let step = plan.steps.get_mut(place).filter(|_| left.contains(&it));
            step.into_iter().for_each(|step| step.hazards.push(hazard.clone()));
        }
        let OnlinePlan { mut plan, refused } = online(plan, &strategy, from, to);
        let stored = match self.rebuild {
            true => plan.recompute(&all, &strategy, to).0,
            false => Vec::new(),
        };
        live::say_use(&mut plan, &used);
        Ok(Chosen { plan, refused, stored })
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
        let checks = preflight::checks(&changes, found.before.schema());
        if checks.is_empty() {
            return Ok(Vec::new());
        }
        let connection = session::open(config).await?;
        let findings = preflight::failing(&connection, &checks, preflight::CHECK_TIMEOUT).await?;
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

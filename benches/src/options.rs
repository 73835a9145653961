//! What is given on the command line.

use crate::cell::Cell;
use crate::way::Outcome;
use std::path::PathBuf;
use std::time::Duration;

/// What the command line may say.
pub(crate) const USAGE: &str = "\
cargo run --release -p orm-benches -- [options]

  --quick             short rounds, and few: to see where things are
  --only NAME         only workloads whose name contains NAME; may be given again
  --rounds N          so many rounds instead of 7
  --without-peers     no other libraries: nothing of theirs is compiled
  --output FILE       where the tables are written; docs/benchmarks.md if all is measured, else nowhere
  --list              the names of the workloads";

#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    /// How long a way is measured in a round.
    pub(crate) batch: Duration,
    pub(crate) only: Vec<String>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) list: bool,
    pub(crate) help: bool,
}

impl Options {
    pub(crate) fn from_arguments(arguments: impl IntoIterator<Item = String>) -> Outcome<Self> {
        let mut options = Self {
            rounds: 7,
            batch: Duration::from_millis(80),
            only: Vec::new(),
            output: None,
            list: false,
            help: false,
        };
        let (mut quick, mut rounds) = (false, None);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => quick = true,
                "--only" => options.only.push(value()?),
                "--rounds" => rounds = Some(value()?.parse()?),
                "--output" => options.output = Some(value()?.into()),
                "--help" => options.help = true,
                "--list" => options.list = true,
                // The launcher has acted on it.
                "--without-peers" => {}
                _ => return Err(format!("unknown option {argument}\n\n{USAGE}").into()),
            }
        }
        if quick {
            (options.rounds, options.batch) = (3, Duration::from_millis(20));
        }
        options.rounds = rounds.unwrap_or(options.rounds);
        if options.output.is_none() && !quick && options.only.is_empty() {
            let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/benchmarks.md");
            options.output = Some(page.into());
        }
        Ok(options)
    }

    pub(crate) fn cells(&self) -> Vec<Cell> {
        let wanted = |cell: &Cell| {
            let name = cell.name();
            self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
        };
        Cell::all().into_iter().filter(wanted).collect()
    }
}

//! The page: what was measured how, and the tables.

use crate::cell::{Allocations, Cell, Limit};
use crate::contender::{Entry, FLOOR, OURS};
use crate::machine;
use crate::options::Options;
use crate::ratio::{Ratio, Time, base_of, best, leanest, median};
use crate::rounds::Measured;
use crate::server::Server;
use std::fmt::Write as _;
use std::path::Path;

type Results = [(Cell, Vec<Measured>)];

/// What the page says of the run.
pub(crate) struct Run<'a> {
    pub(crate) entries: &'a [Entry],
    pub(crate) lock: &'a Path,
    pub(crate) server: &'a Server,
    pub(crate) options: &'a Options,
    /// Whether client and server could be put on cores of their own.
    pub(crate) pinned: bool,
    /// Whether the cores did not halt.
    pub(crate) spins: bool,
    pub(crate) load: String,
}

fn micros(value: f64) -> String {
    match value {
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn spread(ratio: Ratio) -> String {
    format!("{:.2} ({:.2} – {:.2})", ratio.median, ratio.least, ratio.most)
}

/// A line of progress.
pub(crate) fn line(cell: Cell, ways: &[Measured]) -> String {
    let mut line = cell.name();
    for (time, name) in [(Time::Wall, "wall"), (Time::Cpu, "CPU")] {
        let Some(base) = best(ways, FLOOR, time) else { continue };
        let floor = micros(median(base.times(time)).unwrap_or_default());
        let _ = write!(line, "; {name}: floor {floor} µs ({})", base.form);
        if let Some(way) = best(ways, OURS, time)
            && let Some(ratio) = way.ratio(base, time)
        {
            let _ = write!(line, ", orm {} ({})", spread(ratio), way.form);
        }
    }
    for way in ways {
        if let Some(why) = &way.failed {
            let _ = write!(line, "\n    {} {}: {why}", way.contender, way.form);
        }
    }
    line
}

/// The version of a crate in the lock file; the first one if there are several.
fn version(lock: &str, name: &str) -> Option<String> {
    let after = lock.split(&format!("name = \"{name}\"\nversion = \"")).nth(1)?;
    Some(after.split('"').next()?.to_owned())
}

fn target(limit: Option<Limit>) -> String {
    match limit {
        None => String::new(),
        Some(Limit { ratio, of: None }) => format!("{ratio:.2}"),
        Some(Limit { ratio, of: Some(form) }) => format!("{ratio:.2} of {form}"),
    }
}

/// Whether the limit holds for our best way, and the ratio where it is to a form that is named.
fn verdict(ways: &[Measured], limit: Option<Limit>, time: Time) -> String {
    let (Some(limit), Some(ours)) = (limit, best(ways, OURS, time)) else { return String::new() };
    let ratio = base_of(ways, limit, time).and_then(|base| ours.ratio(base, time));
    let Some(ratio) = ratio else { return String::new() };
    let met = if ratio.median <= limit.ratio + 0.005 { "met" } else { "missed" };
    match limit.of {
        None => met.to_owned(),
        Some(_) => format!("{met}: {:.2}", ratio.median),
    }
}

/// "first", or who is before us and by how much.
fn place(scores: &[(&str, f64)], ours: f64) -> String {
    let before = scores.iter().filter(|(name, score)| *name != OURS && *score < ours);
    match before.min_by(|one, other| one.1.total_cmp(&other.1)) {
        None => "first".to_owned(),
        Some((name, score)) => format!("{name} {:.2}", score / ours),
    }
}

fn head(page: &mut String, names: &[&str]) {
    let _ = writeln!(page, "| {} |", names.join(" | "));
    let _ = writeln!(page, "|---|{}", "---:|".repeat(names.len() - 1));
}

fn libraries<'a>(entries: &'a [Entry]) -> impl Iterator<Item = &'static str> + 'a {
    entries.iter().map(|entry| entry.name).filter(|name| *name != FLOOR && *name != OURS)
}

fn table_of_times(page: &mut String, run: &Run<'_>, results: &Results, time: Time) {
    let mut names = vec!["workload", "floor, µs", "target", "", OURS, "against libraries"];
    names.extend(libraries(run.entries));
    head(page, &names);
    for (cell, ways) in results {
        let Some(base) = best(ways, FLOOR, time) else { continue };
        let limit = match time {
            Time::Wall => cell.targets().wall,
            Time::Cpu => cell.targets().cpu,
        };
        let floor = micros(median(base.times(time)).unwrap_or_default());
        let ratio = |name| {
            let way = best(ways, name, time)?;
            Some((way, way.ratio(base, time)?))
        };
        let ours = ratio(OURS).map(|(way, ratio)| {
            format!("**{:.2}** ({:.2} – {:.2}) {}", ratio.median, ratio.least, ratio.most, way.form)
        });
        let scores: Vec<(&str, f64)> =
            libraries(run.entries).filter_map(|name| Some((name, ratio(name)?.1.median))).collect();
        let place = match (ratio(OURS), scores.is_empty()) {
            (Some((_, ours)), false) => place(&scores, ours.median),
            _ => String::new(),
        };
        let mut cells = vec![
            cell.name(),
            format!("{floor} ({})", base.form),
            target(limit),
            verdict(ways, limit, time),
            ours.unwrap_or("–".to_owned()),
            place,
        ];
        cells.extend(libraries(run.entries).map(|name| {
            ratio(name).map_or("–".to_owned(), |(_, ratio)| format!("{:.2}", ratio.median))
        }));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

fn limit_of_allocations(cell: Cell, floor: f64) -> Option<(String, f64)> {
    match cell.targets().allocations? {
        Allocations::FloorAnd(0) => Some(("floor".to_owned(), floor)),
        Allocations::FloorAnd(more) => Some((format!("floor + {more}"), floor + more as f64)),
        // What does not grow with the rows is not what it is about.
        Allocations::OnePerRow => Some(("1 a row".to_owned(), cell.size as f64 * 1.05 + 20.0)),
    }
}

fn table_of_allocations(page: &mut String, run: &Run<'_>, results: &Results) {
    let mut names = vec!["workload", FLOOR, "target", "", OURS];
    names.extend(libraries(run.entries));
    head(page, &names);
    for (cell, ways) in results {
        let Some((lean, floor)) = leanest(ways, FLOOR) else { continue };
        let ours = leanest(ways, OURS);
        let limit = limit_of_allocations(*cell, floor);
        let met = match (&limit, ours) {
            // Buffers that grow differ by a few in ten thousand.
            (Some((_, limit)), Some((_, ours))) if ours <= limit * 1.01 + 0.5 => "met",
            (Some(_), Some(_)) => "missed",
            _ => "",
        };
        let mut cells = vec![
            cell.name(),
            format!("{floor:.0} ({})", lean.form),
            limit.map_or(String::new(), |(text, _)| text),
            met.to_owned(),
            ours.map_or("–".to_owned(), |(way, count)| format!("**{count:.0}** {}", way.form)),
        ];
        cells.extend(libraries(run.entries).map(|name| {
            leanest(ways, name).map_or("–".to_owned(), |(_, count)| format!("{count:.0}"))
        }));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

fn table_of_forms(page: &mut String, results: &Results) {
    head(
        page,
        &[
            "workload",
            "who",
            "form",
            "wall, µs",
            "ratio",
            "CPU, µs",
            "ratio",
            "allocations",
            "bytes",
        ],
    );
    for (cell, ways) in results {
        for way in ways {
            let mut cells = vec![cell.name(), way.contender.to_owned(), way.form.to_owned()];
            if let Some(why) = &way.failed {
                cells.push(why.clone());
                cells.resize(9, String::new());
            } else {
                for time in [Time::Wall, Time::Cpu] {
                    let base = best(ways, FLOOR, time);
                    let ratio = base.and_then(|base| way.ratio(base, time)).map(spread);
                    cells.push(median(way.times(time)).map_or("–".to_owned(), micros));
                    cells.push(ratio.unwrap_or("–".to_owned()));
                }
                let (count, bytes) =
                    way.allocations.map_or(("–".to_owned(), "–".to_owned()), |it| {
                        (format!("{:.0}", it.0), format!("{:.0}", it.1))
                    });
                cells.extend([count, bytes]);
            }
            let _ = writeln!(page, "| {} |", cells.join(" | "));
        }
    }
}

/// The text of another page that is written by hand, or by another program, between its marks.
const MARKS: [&str; 2] = ["<!-- compile time -->", "<!-- end of compile time -->"];

/// The page with what stands between the marks in the page before.
pub(crate) fn with_kept_part(page: &str, before: Option<&str>) -> String {
    let part = |page: &str| {
        let (head, rest) = page.split_once(MARKS[0])?;
        let (part, tail) = rest.split_once(MARKS[1])?;
        Some((head.to_owned(), part.to_owned(), tail.to_owned()))
    };
    match (part(page), before.and_then(part)) {
        (Some((head, _, tail)), Some((_, kept, _))) => {
            format!("{head}{}{kept}{}{tail}", MARKS[0], MARKS[1])
        }
        _ => page.to_owned(),
    }
}

fn method(run: &Run<'_>) -> String {
    let rounds = run.options.rounds;
    let batch = run.options.batch.as_millis();
    let pinning = match (run.pinned, run.spins) {
        (true, true) => {
            "Wall time is measured with client and server on a core each, which are kept from halting; the client's \
            processor time with both on one core, where no other core has to be woken."
        }
        (true, false) => {
            "Wall time is measured with client and server on a core each, the client's processor time with both on one \
            core, where no other core has to be woken."
        }
        _ => {
            "Client and server ran wherever the system put them, as they could not be put on cores of their own."
        }
    };
    format!(
        "Everything is in one process, on a private PostgreSQL over loopback (fsync, JIT, autovacuum and parallel plans off). \
Each contender has its own connections, and makes the structs that its users would have; what it found is reduced to one number, \
and a contender that finds another one than the floor is an error. **Floor** is hand-written tokio-postgres: statements prepared once, \
columns read by position, in several forms of which the best one counts, in each workload and for each kind of time. Of every other \
contender, the best of its forms counts as well.\n\n\
There are {rounds} rounds. In each, every form runs for {batch} ms (at least twice), one after the other; who is first changes from \
round to round. A ratio is a form's median operation to the floor's in the same round; the table has the median of the rounds, and in \
parentheses the least and the most. {pinning} Allocations are counted in a process of their own; what libpq allocates in C is not seen. \
A form that takes longer than 5 s is a dash.\n\n\
\"Against libraries\" is first, or the library that is fastest and its time as a share of ours. Targets are those of issue 11.\n"
    )
}

/// The whole page.
pub(crate) fn page(run: &Run<'_>, results: &Results) -> String {
    let lock = std::fs::read_to_string(run.lock).unwrap_or_default();
    let crates = run.entries.iter().flat_map(|entry| entry.crates.iter());
    let versions: Vec<String> =
        crates.filter_map(|name| Some(format!("{name} {}", version(&lock, name)?))).collect();
    let mut page = String::from("# Benchmarks\n\n");
    page.push_str(
        "Written by `cargo run --release -p orm-benches`, which starts a PostgreSQL of its own; `--help` lists its options.\n\n",
    );
    let _ = writeln!(page, "- {}", machine::when_and_what());
    let _ = writeln!(
        page,
        "- {}; load before the run {}, so other work {} part",
        machine::description(),
        run.load,
        if run.load.parse::<f64>().unwrap_or(0.0) > 0.5 { "took" } else { "took no" }
    );
    let _ = writeln!(page, "- PostgreSQL {}; {}\n", run.server.version, versions.join(", "));
    let _ = writeln!(page, "## How it is measured\n\n{}", method(run));
    page.push_str("## Wall time, ratio to the floor\n\n");
    table_of_times(&mut page, run, results, Time::Wall);
    page.push_str("\n## The client's processor time, ratio to the floor\n\n");
    table_of_times(&mut page, run, results, Time::Cpu);
    page.push_str("\n## Allocations of an operation\n\n");
    table_of_allocations(&mut page, run, results);
    let _ = write!(
        page,
        "\n## Compile time\n\n{}\n\nMeasured by `benches/compile_time.sh`.\n\n{}\n",
        MARKS[0], MARKS[1]
    );
    page.push_str("\n## Every form\n\n");
    table_of_forms(&mut page, results);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_kept() {
        let page = |part: &str, rest: &str| format!("a {}{part}{} {rest}", MARKS[0], MARKS[1]);
        let kept = with_kept_part(&page("new", "new"), Some(&page("a table", "old")));
        assert_eq!(kept, page("a table", "new"));
        assert_eq!(with_kept_part(&page("new", "b"), None), page("new", "b"));
    }

    #[test]
    fn the_version_of_a_crate_is_that_of_the_lock_file() {
        let lock = "[[package]]\nname = \"orm-core\"\nversion = \"2.0.0\"\n\n[[package]]\nname = \"orm\"\nversion = \"1.0.0\"\n";
        assert_eq!(version(lock, "orm").as_deref(), Some("1.0.0"));
        assert_eq!(version(lock, "sqlx"), None);
    }
}

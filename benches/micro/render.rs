//! What it costs to build a statement and to render it: nanoseconds, allocations and instructions of one call.
//!
//! `cargo bench -p orm-benches --bench render`. A terminal method builds nothing and renders once: its share is the line "rendered", which is
//! `to_sql` without the clone of the tree that `to_sql` makes first; what is left of `to_sql` beyond that is the clone of the
//! list of parameters. Allocations are counted by an allocator, whose counting is in the times too. Instructions
//! are counted where `valgrind` is installed.

use auth::{Session, User};
use chrono::{DateTime, Utc};
use orm::prelude::*;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

/// Four columns of four types.
#[derive(Table)]
#[table(name = "event")]
struct Event {
    #[column(primary_key)]
    id: i64,
    name: String,
    done: bool,
    at: DateTime<Utc>,
}

const BATCHES: usize = 200;
const BATCH: u32 = 500;
/// Instructions are the difference between a process that makes so many calls and one that makes none.
const COUNTED: u64 = 1000;

/// One thing to measure.
struct Case {
    name: &'static str,
    call: Box<dyn Fn()>,
}

fn case<T>(name: &'static str, call: impl Fn() -> T + 'static) -> Case {
    Case { name, call: Box::new(move || drop(black_box(call()))) }
}

/// Building, cloning and rendering of one statement.
macro_rules! cases {
    ($name:literal, $build:expr) => {{
        let build = $build;
        let (cloned, rendered) = (build(), build());
        [
            case(concat!($name, ": built"), build.clone()),
            case(concat!($name, ": cloned"), move || cloned.clone()),
            case(concat!($name, ": to_sql"), move || rendered.to_sql()),
            case(concat!($name, ": built and to_sql"), move || build().to_sql()),
        ]
    }};
}

fn cases() -> Vec<Case> {
    let moment = DateTime::<Utc>::UNIX_EPOCH;
    let select = move || {
        Session::query()
            .join(Session::user)
            .filter(User::name.like(black_box("A%")))
            .filter(User::email_verified.eq(black_box(true)))
            .filter(Session::expires_at.gt(black_box(moment)))
            .select((Session::id, Session::token, User::email))
    };
    let insert = move || {
        Event::insert()
            .id(black_box(7))
            .name(black_box("Ada"))
            .done(black_box(true))
            .at(moment)
            .build()
    };
    cases!("select", select).into_iter().chain(cases!("insert", insert)).collect()
}

/// The nanoseconds of one call, in the median of the batches and in the fastest one.
fn nanoseconds(case: &Case) -> (f64, f64) {
    let mut times: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..BATCH {
                (case.call)();
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[BATCHES / 2], times[0])
}

/// The instructions of a process that makes so many calls; none without `valgrind`.
fn collected(name: &str, calls: u64) -> Option<u64> {
    let this = std::env::current_exe().ok()?;
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this)
        .args(["call", name, &calls.to_string()])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&counted.stderr);
    let line = report.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

fn instructions(case: &Case) -> Option<u64> {
    let (some, none) = (collected(case.name, COUNTED)?, collected(case.name, 0)?);
    some.checked_sub(none).map(|all| all / COUNTED)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

fn say_row(name: &str, (median, least): (f64, f64), allocations: i128, instructions: Option<i128>) {
    let instructions = instructions.map_or("?".to_owned(), |count| count.to_string());
    say(&format!("| {name} | {median:.0} | {least:.0} | {allocations} | {instructions} |"));
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let cases = cases();
    if let [_, call, name, count] = &arguments[..]
        && call == "call"
    {
        let count = count.parse().unwrap_or(0);
        let found = cases.iter().find(|case| case.name == name);
        (0..count).for_each(|_: u64| found.iter().for_each(|case| (case.call)()));
        return;
    }
    for case in &cases {
        // Warm.
        (0..10_000).for_each(|_| (case.call)());
    }
    say("| | nanoseconds | least | allocations | instructions |\n|---|---|---|---|---|");
    for four in cases.chunks(4) {
        let measured: Vec<_> = four
            .iter()
            .map(|case| {
                let counted = allocation_counter::measure(|| (case.call)());
                let count = instructions(case).map(i128::from);
                (nanoseconds(case), i128::from(counted.count_total), count)
            })
            .collect();
        for (case, (time, allocations, instructions)) in four.iter().zip(&measured) {
            say_row(case.name, *time, *allocations, *instructions);
        }
        let (cloned, shown) = (measured[1], measured[2]);
        let name = four[0].name.replace("built", "rendered (to_sql less cloned)");
        let instructions = shown.2.zip(cloned.2).map(|(shown, cloned)| shown - cloned);
        say_row(
            &name,
            (shown.0.0 - cloned.0.0, shown.0.1 - cloned.0.1),
            shown.1 - cloned.1,
            instructions,
        );
    }
}

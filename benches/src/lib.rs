//! What this library costs, beside hand-written tokio-postgres and other libraries: all in one process, in turn.
//!
//! `cargo run --release -p orm-benches`; start at [`measure`]. A contender is added as an [`Entry`]: other libraries are in
//! `benches/peers`, a workspace of its own.

mod cell;
mod contender;
mod count;
mod crowd;
pub mod digest;
mod floor;
mod machine;
mod model;
mod options;
mod ours;
mod ratio;
mod report;
mod rounds;
mod server;
mod way;

pub use cell::{Cell, Data, Workload};
pub use contender::{Contender, Entry, FLOOR, OURS, Open, OpenCrowd};
pub use count::{Counter, count};
pub use crowd::{CONNECTIONS, Crowd, TASKS, key};
pub use floor::ENTRY as FLOOR_ENTRY;
pub use model::{CHANGED, NAME, NewEntry, READ, joined, new_entries};
pub use ours::ENTRY as OUR_ENTRY;
pub use server::Place;
pub use way::{Outcome, Sample, Way};

use options::Options;
use std::path::Path;

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

/// Measures all contenders as the command line says, and writes the report. The versions of crates are those of the lock file.
///
/// # Errors
/// PostgreSQL could not be started, a contender did not find what the floor did, or the report could not be written.
pub fn measure(entries: &[Entry], lock: &Path) -> Outcome {
    let options = Options::from_arguments(std::env::args().skip(1))?;
    let cells = options.cells();
    if options.help {
        say(options::USAGE);
        return Ok(());
    }
    if options.list {
        cells.iter().for_each(|cell| say(&cell.name()));
        return Ok(());
    }
    let (runtime, crowd_runtime) = (
        tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?,
    );
    let server = runtime.block_on(server::Server::start())?;
    say(&format!("PostgreSQL {} in {}", server.version, server.folder().display()));
    let contenders = runtime.block_on(rounds::open_all(entries, &server.place))?;
    let mut results = Vec::new();
    let mut spinners = machine::Spinners::start();
    let spins = spinners.run();
    let pinned = machine::Pinning::Split.apply(server.postmaster);
    let load = machine::load();
    for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !rounds::is_crowd(**cell)) {
        let ways = runtime.block_on(rounds::run(*cell, &contenders, &server, &options))?;
        say(&format!("[{}/{}] {}", place + 1, cells.len(), report::line(*cell, &ways)));
        results.push((*cell, ways));
    }
    drop(spinners);
    say("counting allocations");
    machine::Pinning::Free.apply(server.postmaster);
    count::add_allocations(&server, &mut results)?;
    if let Some(cell) = cells.iter().find(|cell| rounds::is_crowd(**cell)) {
        let ways = rounds::run_crowd(entries, &server, &options, &crowd_runtime);
        say(&format!("[{0}/{0}] {1}", cells.len(), report::line(*cell, &ways)));
        results.push((*cell, ways));
    }
    let run =
        report::Run { entries, lock, server: &server, options: &options, pinned, spins, load };
    let page = report::page(&run, &results);
    match &options.output {
        Some(path) => {
            let page = report::with_kept_part(&page, std::fs::read_to_string(path).ok().as_deref());
            std::fs::write(path, page)?;
            say(&format!("written: {}", path.display()));
        }
        None => say(&page),
    }
    let wrong = results.iter().flat_map(|(_, ways)| ways).filter(|way| way.is_wrong()).count();
    match wrong {
        0 => Ok(()),
        _ => Err(format!("{wrong} ways have failed, see the notes").into()),
    }
}

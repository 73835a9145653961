//! A table of cases, a folder each: `old.sql` becomes `new.sql` by exactly `up.sql`, the rows survive, and the way back
//! leads home. See README.md beside this file.
//!
//! Each folder is a test of its own, by its name: `cargo test -p orm-migrate --test cases enum_value`.

mod case;

use case::{Case, Databases};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// How many run at once unless `--test-threads` says so: half of the time is the server's.
const AT_ONCE: usize = 4;

/// The databases that no case is using: to empty them is faster than to make others.
type Idle = Arc<Mutex<Vec<Databases>>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let idle = Idle::default();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(&here).expect("the folder of cases");
    let mut folders: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let trials = folders.into_iter().map(|folder| {
        let idle = Arc::clone(&idle);
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        Trial::test(name, move || run(&folder, &idle).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn run(folder: &Path, idle: &Idle) -> Result<(), String> {
    let case = Case::read(folder)?;
    let taken = idle.lock().expect("the list").pop();
    let databases = taken.unwrap_or_else(Databases::new);
    let result = databases.run(&case);
    idle.lock().expect("the list").push(databases);
    result
}

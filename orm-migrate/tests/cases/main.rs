//! A table of cases, a folder each: `old.sql` becomes `new.sql` by exactly `up.sql`, the rows survive, and the way back
//! leads home. See README.md beside this file.

mod case;

use case::{Case, Places};
use std::path::Path;
use std::sync::Mutex;

/// How many run at once: the machine has two cores, and most of the time is the server's.
const AT_ONCE: usize = 4;

#[test]
fn each_case_leads_there_and_back() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let wanted = std::env::var("CASE").unwrap_or_default();
    let mut folders: Vec<_> = std::fs::read_dir(&here)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir() && path.to_string_lossy().contains(&wanted))
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no case is called like {wanted}");
    folders.reverse();
    let (count, waiting, failed) = (folders.len(), Mutex::new(folders), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let runtime = runtime.expect("a runtime");
                let places = Places::new(&runtime);
                loop {
                    let Some(folder) = waiting.lock().expect("the list").pop() else { break };
                    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
                    let result =
                        Case::read(&folder).and_then(|case| runtime.block_on(case.run(&places)));
                    if let Err(error) = result {
                        failed.lock().expect("the list").push(format!("{name}: {error}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("the list");
    assert!(failed.is_empty(), "{} of {count} cases:\n\n{}", failed.len(), failed.join("\n\n"));
}

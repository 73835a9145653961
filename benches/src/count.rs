//! Counts allocations, in a process of its own: an allocator that counts would slow down what is timed.

use crate::cell::Cell;
use crate::contender::Entry;
use crate::rounds::{Measured, open_all};
use crate::server::{Place, Server, connect};
use crate::way::{Outcome, Way};
use std::io::{BufRead as _, Write as _};
use std::process::{Command, Stdio};

/// Runs something and tells how many allocations it made, and of how many bytes.
pub type Counter = fn(&mut dyn FnMut()) -> (u64, u64);

/// The part of the process that counts: reads the names of ways, writes what they allocate.
///
/// # Errors
/// A connection could not be made.
pub fn count(entries: &[Entry], counter: Counter) -> Outcome {
    let mut lines = std::io::stdin().lock().lines();
    let place = lines.next().ok_or("no place is given")??;
    let place = Place::from_text(&place).ok_or("a place is three words")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let admin = runtime.block_on(connect(&place.url(crate::cell::Data::Indexed)))?;
    let contenders = runtime.block_on(open_all(entries, &place))?;
    let wanted: Vec<String> = lines.collect::<Result<_, _>>()?;
    for cell in Cell::all() {
        let name = cell.name();
        for (entry, contender) in &contenders {
            let is_wanted =
                |form: &str| wanted.contains(&format!("{name}\t{}\t{form}", entry.name));
            if !wanted.iter().any(|it| it.starts_with(&format!("{name}\t{}\t", entry.name))) {
                continue;
            }
            for way in runtime.block_on(contender.ways(cell))? {
                if !is_wanted(way.form) {
                    continue;
                }
                let run = |count: usize| -> Outcome<(u64, u64)> {
                    if let Some(sql) = cell.before() {
                        runtime.block_on(admin.batch_execute(sql))?;
                    }
                    counted(&runtime, &way, count, counter)
                };
                let times = if cell.size > 100 { 3 } else { 40 };
                // Plans and statements are made first. What takes too long today, and did not before, is not counted.
                let taken = || -> Outcome<_> { Ok((run(8.min(times))?, run(0)?, run(times)?)) };
                let Ok((_, before, after)) = taken() else { continue };
                let each =
                    |after: u64, before: u64| after.saturating_sub(before) as f64 / times as f64;
                let (count, bytes) = (each(after.0, before.0), each(after.1, before.1));
                let form = way.form;
                let line = format!("{name}\t{}\t{form}\t{count}\t{bytes}\n", entry.name);
                std::io::stdout().write_all(line.as_bytes())?;
            }
        }
    }
    Ok(())
}

fn counted(
    runtime: &tokio::runtime::Runtime,
    way: &Way,
    count: usize,
    counter: Counter,
) -> Outcome<(u64, u64)> {
    let mut result = Ok(());
    let counts = counter(&mut || result = runtime.block_on(way.run(count)).map(drop));
    result.map(|()| counts)
}

/// The other part: has that process count, and adds what it says.
pub(crate) fn add_allocations(server: &Server, cells: &mut [(Cell, Vec<Measured>)]) -> Outcome {
    let program = std::env::current_exe()?.with_file_name("allocations");
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not run {}: {error}", program.display()))?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    writeln!(input, "{}", server.place.to_text())?;
    for (cell, ways) in &*cells {
        for way in ways.iter().filter(|way| way.failed.is_none()) {
            writeln!(input, "{}\t{}\t{}", cell.name(), way.contender, way.form)?;
        }
    }
    drop(input);
    let output = child.wait_with_output()?;
    for line in String::from_utf8(output.stdout)?.lines() {
        let words: Vec<&str> = line.split('\t').collect();
        let [cell, contender, form, count, bytes] = words[..] else { continue };
        let counts = (count.parse()?, bytes.parse()?);
        for (_, ways) in cells.iter_mut().filter(|(it, _)| it.name() == cell) {
            for way in ways.iter_mut().filter(|it| it.contender == contender && it.form == form) {
                way.allocations = Some(counts);
            }
        }
    }
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{} has failed", program.display()).into()),
    }
}

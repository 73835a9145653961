//! Runs the ways of a cell in turn, round after round.

use crate::cell::{Cell, Workload};
use crate::contender::{Contender, Entry};
use crate::crowd::Crowd;
use crate::machine::{Pinning, processor_time};
use crate::options::Options;
use crate::server::{Place, Server};
use crate::way::{Outcome, Sample, Way};
use std::time::Instant;
use tokio::runtime::Runtime;

/// What was measured of a way.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) contender: &'static str,
    pub(crate) form: &'static str,
    /// Microseconds of an operation, of each round.
    pub(crate) wall: Vec<f64>,
    /// Microseconds of this process's processor time, of each round.
    pub(crate) cpu: Vec<f64>,
    /// How many, and of how many bytes.
    pub(crate) allocations: Option<(f64, f64)>,
    /// Why it was not measured.
    pub(crate) failed: Option<String>,
}

impl Measured {
    fn new(contender: &'static str, form: &'static str) -> Self {
        let (wall, cpu) = (Vec::new(), Vec::new());
        Self { contender, form, wall, cpu, allocations: None, failed: None }
    }

    /// Whether it failed otherwise than by taking too long.
    pub(crate) fn is_wrong(&self) -> bool {
        self.failed.as_ref().is_some_and(|why| why != TOO_LONG)
    }
}

/// Why a way was not measured that did not end.
pub(crate) const TOO_LONG: &str = "more than 5 s";

/// A contender with its connections open.
pub(crate) type Opened = (Entry, &'static dyn Contender);

/// Opens the connections of all.
pub(crate) async fn open_all(entries: &[Entry], place: &Place) -> Outcome<Vec<Opened>> {
    let mut opened = Vec::new();
    for entry in entries {
        let contender = (entry.open)(place.clone()).await;
        opened.push((*entry, contender.map_err(|error| format!("{}: {error}", entry.name))?));
    }
    Ok(opened)
}

fn why(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    match text.contains("statement timeout") {
        true => TOO_LONG.to_owned(),
        false => text.replace(['\n', '|'], " "),
    }
}

/// A way that is being measured.
struct Running {
    way: Way,
    measured: Measured,
    /// Operations in a batch.
    count: usize,
}

async fn batch(running: &Running, server: &Server, cell: Cell, count: usize) -> Outcome<Sample> {
    if let Some(sql) = cell.before() {
        server.admin.batch_execute(sql).await?;
    }
    running.way.run(count).await
}

/// Runs it once, compares what it found, and then until the server has chosen its plan.
async fn warm(
    running: &mut Running,
    server: &Server,
    cell: Cell,
    options: &Options,
    expected: &mut Option<u64>,
) -> Outcome {
    let sample = batch(running, server, cell, 0).await?;
    if *expected.get_or_insert(sample.digest) != sample.digest {
        return Err("it finds another result than the floor".into());
    }
    let begun = Instant::now();
    let mut estimate = f64::INFINITY;
    for _ in 0..4 {
        estimate = batch(running, server, cell, 1).await?.wall;
        if begun.elapsed().as_secs() >= 3 {
            break;
        }
    }
    running.count = match estimate {
        1e6.. => 1,
        _ => ((options.batch.as_secs_f64() * 1e6 / estimate) as usize).clamp(2, 4000),
    };
    Ok(())
}

/// Measures all ways of a cell.
pub(crate) async fn run(
    cell: Cell,
    contenders: &[Opened],
    server: &Server,
    options: &Options,
) -> Outcome<Vec<Measured>> {
    let mut running = Vec::new();
    let mut failed = Vec::new();
    for (entry, contender) in contenders {
        match contender.ways(cell).await {
            Ok(ways) => running.extend(ways.into_iter().map(|way| {
                let measured = Measured::new(entry.name, way.form);
                Running { way, measured, count: 1 }
            })),
            Err(error) => {
                let mut measured = Measured::new(entry.name, "");
                measured.failed = Some(why(&*error));
                failed.push(measured);
            }
        }
    }
    Pinning::Split.apply(server.postmaster);
    let mut expected = None;
    for it in &mut running {
        if let Err(error) = warm(it, server, cell, options, &mut expected).await {
            it.measured.failed = Some(why(&*error));
        }
    }
    let (mut sound, unsound): (Vec<_>, Vec<_>) =
        running.into_iter().partition(|it| it.measured.failed.is_none());
    failed.extend(unsound.into_iter().map(|it| it.measured));
    for pinning in [Pinning::Split, Pinning::Same] {
        pinning.apply(server.postmaster);
        for round in 0..options.rounds {
            let ways = sound.len();
            for turn in 0..ways {
                // Who is first changes from round to round.
                let it = &mut sound[(turn + round) % ways];
                let count = it.count;
                match (batch(it, server, cell, count).await, pinning) {
                    (Ok(sample), Pinning::Split) => it.measured.wall.push(sample.wall),
                    (Ok(sample), _) => it.measured.cpu.push(sample.cpu),
                    (Err(error), _) => it.measured.failed = Some(why(&*error)),
                }
            }
            let (good, bad): (Vec<_>, Vec<_>) =
                sound.into_iter().partition(|it| it.measured.failed.is_none());
            failed.extend(bad.into_iter().map(|it| it.measured));
            sound = good;
        }
    }
    Ok(sound.into_iter().map(|it| it.measured).chain(failed).collect())
}

/// Measures the ways of serving many tasks, on a runtime with two threads.
pub(crate) fn run_crowd(
    entries: &[Entry],
    server: &Server,
    options: &Options,
    runtime: &Runtime,
) -> Vec<Measured> {
    Pinning::Free.apply(server.postmaster);
    let mut crowds: Vec<(Crowd, Measured, usize)> = Vec::new();
    let mut failed = Vec::new();
    for entry in entries {
        let Some(open) = entry.crowd else { continue };
        match runtime.block_on(runtime.spawn(open(server.place.clone()))) {
            Ok(Ok(opened)) => crowds.extend(opened.into_iter().map(|crowd| {
                let measured = Measured::new(entry.name, crowd.form);
                (crowd, measured, 1)
            })),
            Ok(Err(error)) => {
                let mut measured = Measured::new(entry.name, "");
                measured.failed = Some(why(&*error));
                failed.push(measured);
            }
            Err(error) => {
                let mut measured = Measured::new(entry.name, "");
                measured.failed = Some(error.to_string());
                failed.push(measured);
            }
        }
    }
    let run = |crowd: &Crowd, turns: usize| {
        let crowd = crowd.clone();
        let task = runtime.spawn(async move { crowd.run(turns).await });
        runtime.block_on(task).map_err(Into::into).and_then(|it| it)
    };
    let mut expected = None;
    for (crowd, measured, turns) in &mut crowds {
        let begun = Instant::now();
        match run(crowd, 20).and_then(|_| run(crowd, 20)) {
            Ok(digest) if *expected.get_or_insert(digest) == digest => {
                let each = begun.elapsed().as_secs_f64() / 40.0;
                *turns = ((options.batch.as_secs_f64() * 2.0 / each) as usize).clamp(5, 2000);
            }
            Ok(_) => measured.failed = Some("it finds another result than the floor".into()),
            Err(error) => measured.failed = Some(why(&*error)),
        }
    }
    for round in 0..options.rounds {
        let ways = crowds.len();
        for turn in 0..ways {
            let (crowd, measured, turns) = &mut crowds[(turn + round) % ways];
            if measured.failed.is_some() {
                continue;
            }
            let (begun, before) = (Instant::now(), processor_time());
            match run(crowd, *turns) {
                Ok(_) => {
                    let reads = (*turns * crate::crowd::TASKS) as f64;
                    let used = processor_time().saturating_sub(before);
                    measured.wall.push(begun.elapsed().as_secs_f64() * 1e6 / reads);
                    measured.cpu.push(used.as_secs_f64() * 1e6 / reads);
                }
                Err(error) => measured.failed = Some(why(&*error)),
            }
        }
    }
    crowds.into_iter().map(|(_, measured, _)| measured).chain(failed).collect()
}

/// Whether the cell is measured by [`run_crowd`].
pub(crate) fn is_crowd(cell: Cell) -> bool {
    cell.workload == Workload::Crowd
}

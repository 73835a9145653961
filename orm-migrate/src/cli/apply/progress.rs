//! [`Progress`]: shows on a terminal which statement runs and for how long; elsewhere it says so once of a long one.

use super::super::output::Output;
use crate::apply::{Event, IndexProgress};
use crate::history::Statement;
use crate::session;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use orm_core::exec::{Config, Connection};
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// From when on a statement is worth a line in a log.
const LONG: Duration = Duration::from_secs(10);

/// How often what is shown is brought up to date.
const TICK: Duration = Duration::from_millis(200);

/// From when on the time is shown, and how often the server is asked at most.
const SECOND: Duration = Duration::from_secs(1);

/// Shows how `apply` is getting on.
pub(in crate::cli) struct Progress {
    /// None where nobody watches.
    bar: Option<ProgressBar>,
    now: Arc<Mutex<Now>>,
    task: Option<JoinHandle<()>>,
}

/// What runs at the moment.
#[derive(Default)]
struct Now {
    pid: i32,
    statement: Option<Running>,
}

#[derive(Clone)]
struct Running {
    label: String,
    begun: Instant,
    is_told: bool,
}

impl Progress {
    /// Begins to watch; only where there is somebody to tell.
    pub(in crate::cli) fn new(config: &Config, output: &Output) -> Self {
        let now = Arc::new(Mutex::new(Now::default()));
        if output.is_json() {
            return Self { bar: None, now, task: None };
        }
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            // A template that is always valid.
            if let Ok(style) = ProgressStyle::with_template("{wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        let watch = watch(Arc::clone(&now), config.clone(), bar.clone());
        Self { bar, now, task: Some(tokio::spawn(watch)) }
    }

    /// Takes note of what happens.
    pub(in crate::cli) fn note(&self, event: &Event<'_>) {
        let mut now = lock(&self.now);
        match event {
            Event::Connected { pid } => now.pid = *pid,
            Event::Statement { name, statement, count } => {
                let label = label(name, statement, *count);
                self.show(&label);
                now.statement = Some(Running { label, begun: Instant::now(), is_told: false });
            }
            Event::Repeated { statement, rows } => {
                if let Some(running) = &mut now.statement {
                    let head = running.label.split(": ").next().unwrap_or_default();
                    running.label =
                        format!("{head}: {rows} rows so far: {}", first_line(statement));
                }
            }
            Event::Applied(_) => {
                now.statement = None;
                if let Some(bar) = &self.bar {
                    bar.set_message("");
                }
            }
            _ => {}
        }
    }

    /// Writes something that stays, beside what moves.
    pub(in crate::cli) fn beside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn show(&self, label: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(label.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

async fn watch(now: Arc<Mutex<Now>>, config: Config, bar: Option<ProgressBar>) {
    let mut second = Second { connection: None, is_gone: false, said: String::new(), asked: None };
    loop {
        tokio::time::sleep(TICK).await;
        let (pid, running) = {
            let now = lock(&now);
            (now.pid, now.statement.clone())
        };
        let Some(running) = running.filter(|running| running.begun.elapsed() >= SECOND) else {
            continue;
        };
        let elapsed = running.begun.elapsed();
        let Some(bar) = &bar else {
            if elapsed >= LONG && !running.is_told {
                let seconds = elapsed.as_secs();
                super::super::output::aside(&format!("{}: running for {seconds} s", running.label));
                if let Some(running) = &mut lock(&now).statement {
                    running.is_told = true;
                }
            }
            continue;
        };
        second.ask(&config, pid, running.begun).await;
        // Meanwhile another one may have begun.
        if lock(&now).statement.as_ref().is_some_and(|it| it.begun == running.begun) {
            bar.set_message(format!("{} s {}{}", elapsed.as_secs(), second.said, running.label));
            bar.tick();
        }
    }
}

/// The session that asks, and what it has heard.
struct Second {
    connection: Option<Connection>,
    /// One that cannot be had is not asked for again: what it would say is only for show.
    is_gone: bool,
    said: String,
    asked: Option<Instant>,
}

impl Second {
    async fn ask(&mut self, config: &Config, pid: i32, begun: Instant) {
        let is_of_another = self.asked.is_none_or(|asked| asked < begun);
        if is_of_another {
            self.said.clear();
        }
        if self.is_gone || self.asked.is_some_and(|asked| asked.elapsed() < SECOND) {
            return;
        }
        self.asked = Some(Instant::now());
        if self.connection.is_none() {
            self.connection = session::open(config).await.ok();
        }
        let answer = match &self.connection {
            Some(connection) => IndexProgress::of(connection, pid).await.ok(),
            None => None,
        };
        self.is_gone = answer.is_none();
        self.said = answer.flatten().map(|index| said(&index)).unwrap_or_default();
    }
}

fn said(index: &IndexProgress) -> String {
    let percent = index.percent.map(|percent| format!(" {percent} %")).unwrap_or_default();
    let waits = match index.waits_for {
        0 => String::new(),
        count => format!(" ({count} left)"),
    };
    format!("[{}{percent}{waits}] ", index.phase)
}

fn label(name: &str, statement: &Statement, count: usize) -> String {
    let number = statement.number;
    format!(
        "{name} statement {number} of {count}, line {}: {}",
        statement.line,
        first_line(statement)
    )
}

fn first_line(statement: &Statement) -> String {
    let line = statement.text.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn lock(now: &Mutex<Now>) -> std::sync::MutexGuard<'_, Now> {
    now.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The machine: on which core a process runs, what it used of it, and what is said of it in the report.

use crate::way::Outcome;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// What this process has used of processors so far.
pub(crate) fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs().try_into().unwrap_or(0))
}

/// How many cores there were before this process was put on one of them.
fn core_count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// Where client and server run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pinning {
    /// A core each: they overlap, as they do in use.
    Split,
    /// One core for both: nobody is woken on another core, which costs more than a small operation does.
    Same,
    /// Wherever the system puts them.
    Free,
}

/// The processes of a server: the first one and those that it started.
fn server_processes(postmaster: i32) -> Vec<i32> {
    let mut found = vec![postmaster];
    let Ok(entries) = fs::read_dir("/proc") else { return found };
    for entry in entries.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // After the name in parentheses: the state, and the process that started this one.
        let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1));
        if parent == Some(postmaster.to_string().as_str()) {
            found.push(pid);
        }
    }
    found
}

fn threads_of_this_process() -> Vec<i32> {
    let entries = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn cores(which: &[usize]) -> CpuSet {
    let mut set = CpuSet::new();
    for core in which {
        set.set(*core);
    }
    set
}

impl Pinning {
    /// Applies it to the threads of this process and to the server; false if the machine or the system does not let us.
    pub(crate) fn apply(self, postmaster: i32) -> bool {
        let count = core_count();
        let all: Vec<usize> = (0..count).collect();
        let (client, server) = match self {
            Self::Split if count > 1 => (cores(&[0]), cores(&[1])),
            Self::Split => return false,
            Self::Same => (cores(&[0]), cores(&[0])),
            Self::Free => (cores(&all), cores(&all)),
        };
        let set = |pid: i32, cores: &CpuSet| {
            Pid::from_raw(pid).is_some_and(|pid| sched_setaffinity(Some(pid), cores).is_ok())
        };
        let ours = threads_of_this_process().into_iter().all(|thread| set(thread, &client));
        // What the server starts from now on is where its first process is; of the others, some may have ended.
        let first = set(postmaster, &server);
        for process in server_processes(postmaster) {
            set(process, &server);
        }
        ours && first
    }
}

/// Processes that run when a core would halt, and only then: a core that wakes up answers late.
#[derive(Debug)]
pub(crate) struct Spinners(Vec<Child>);

impl Spinners {
    /// One for each of the first two cores; none where `chrt` and `taskset` are missing.
    pub(crate) fn start() -> Self {
        let spin = |core: usize| {
            Command::new("taskset")
                .args(["-c", &core.to_string(), "chrt", "--idle", "0", "sh", "-c"])
                // Ends with our end of the pipe, however this process ends.
                .arg("while :; do :; done & spin=$!; read end; kill $spin")
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        };
        Self((0..2).filter_map(|core| spin(core).ok()).collect())
    }

    /// Whether there are any.
    pub(crate) fn run(&mut self) -> bool {
        let mut alive = self.0.iter_mut().map(|child| matches!(child.try_wait(), Ok(None)));
        alive.len() > 0 && alive.all(|alive| alive)
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        for child in &mut self.0 {
            drop(child.stdin.take());
            let _ended = child.wait();
        }
    }
}

/// The number of the server's first process.
pub(crate) fn postmaster(data: &Path) -> Outcome<i32> {
    let lines = fs::read_to_string(data.join("postmaster.pid"))?;
    Ok(lines.lines().next().unwrap_or_default().trim().parse()?)
}

fn first_line(path: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim_start_matches([':', ' ', '\t']).trim().to_owned())
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Processor, cores, memory, system, compiler.
pub(crate) fn description() -> String {
    let processor = first_line("/proc/cpuinfo", "model name").unwrap_or("a processor".into());
    let count = core_count();
    let memory = first_line("/proc/meminfo", "MemTotal")
        .and_then(|kib| kib.split(' ').next()?.parse::<u64>().ok())
        .map_or(String::new(), |kib| format!(", {} GiB", kib.div_ceil(1 << 20)));
    let system = output("uname", &["-sr"]).unwrap_or_default();
    let rust = output("rustc", &["--version"]).unwrap_or_default();
    format!("{count} cores of {processor}{memory}; {system}; {rust}")
}

/// The day, and the commit that was measured.
pub(crate) fn when_and_what() -> String {
    let day = output("date", &["-u", "+%Y-%m-%d"]).unwrap_or_default();
    match output("git", &["rev-parse", "--short", "HEAD"]) {
        Some(commit) => format!("{day}, commit {commit}"),
        None => day,
    }
}

/// How busy the machine was in the last minute.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

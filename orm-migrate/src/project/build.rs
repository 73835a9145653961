//! [`Build`]: the program that runs for a project, which may be ended from elsewhere: cargo takes minutes.

use std::io::{self, Read};
use std::process::{Child, Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What runs while a crate is built and asked for its tables. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Build {
    state: Arc<Mutex<BuildState>>,
}

#[derive(Debug, Default)]
struct BuildState {
    child: Option<Child>,
    is_stopped: bool,
}

impl Build {
    /// Ends what runs, and whatever would run after it: the thread that waits for it goes on with a failure.
    pub fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        if let Some(child) = &mut state.child {
            // One that has ended needs no end.
            let _ended = child.kill();
        }
    }

    /// Whether it was told to stop.
    pub fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Runs a program to its end; what it wrote to the pipes that it was given.
    pub(super) fn output(&self, command: &mut Command) -> io::Result<Output> {
        let mut child = command.spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let mut state = self.state();
        if state.is_stopped {
            child.kill()?;
        }
        state.child = Some(child);
        drop(state);
        let stderr = thread::spawn(move || read(stderr));
        let stdout = read(stdout);
        let stderr = stderr.join().unwrap_or_default();
        let status = match self.state().child.take() {
            Some(mut child) => child.wait()?,
            None => return Err(io::Error::other("another thread waits for it")),
        };
        Ok(Output { status, stdout, stderr })
    }

    fn state(&self) -> MutexGuard<'_, BuildState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came until it broke is what there is.
        let _read = pipe.read_to_end(&mut bytes);
    }
    bytes
}

//! [`Drivers`]: on which tokio runtime the connections of a pool are driven.
//!
//! A connection is a task of a runtime, and ends with it. A pool that one runtime uses has its connections there: a
//! query then wakes no other thread. As soon as a second runtime asks for a session (each `#[tokio::test]` has one of
//! its own, actix has one for each worker), new connections are driven by a thread that lasts as long as the process.

use crate::error::{Error, ErrorKind, Result};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::runtime::{Builder, Handle, Id};

/// Where the connections of one pool are driven.
#[derive(Default)]
pub(crate) struct Drivers {
    /// The runtime that asked first.
    first: OnceLock<Id>,
    /// Another one has asked since.
    several: AtomicBool,
}

/// Where one connection is driven.
#[derive(Debug, Clone)]
pub(crate) struct Driver {
    pub(crate) runtime: Handle,
    /// The connection lasts as long as the process: every runtime may use it.
    is_shared: bool,
}

impl Drivers {
    /// Where a connection is driven that the current runtime asks for.
    ///
    /// # Errors
    /// There is no current runtime, or the system has no thread left.
    pub(crate) fn choose(&self) -> Result<Driver> {
        let here = Driver::here()?;
        let first = *self.first.get_or_init(|| here.runtime.id());
        if first != here.runtime.id() {
            self.several.store(true, Ordering::Release);
        }
        if self.several.load(Ordering::Acquire) { Driver::shared() } else { Ok(here) }
    }
}

impl Driver {
    /// The current runtime.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn here() -> Result<Self> {
        let runtime = Handle::try_current().map_err(|error| {
            Error::new(ErrorKind::Connect, "there is no tokio runtime to drive a connection")
                .with_hint("call this from async code that tokio runs: `#[tokio::main]`, `Runtime::block_on`")
                .with_source(error)
        })?;
        Ok(Self { runtime, is_shared: false })
    }

    /// The thread that lasts as long as the process, started when it is first needed.
    fn shared() -> Result<Self> {
        static SHARED: OnceLock<std::io::Result<Handle>> = OnceLock::new();
        let started = SHARED.get_or_init(|| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            std::thread::Builder::new()
                .name("orm-connections".to_owned())
                .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
            Ok(handle)
        });
        match started {
            Ok(runtime) => Ok(Self { runtime: runtime.clone(), is_shared: true }),
            Err(error) => Err(Error::new(
                ErrorKind::Connect,
                format!("could not start the thread that drives connections: {error}"),
            )
            .with_hint("several runtimes share this pool; a pool for each needs no such thread")),
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Whether the current runtime may use the connection: another one may end while the current one waits.
    pub(crate) fn serves_current(&self) -> bool {
        self.is_shared
            || Handle::try_current().is_ok_and(|current| current.id() == self.runtime.id())
    }
}

//! [`State`]: what is known of a session without asking the server. Decides what the pool does with it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is known of one session.
pub(crate) struct State {
    /// How many transactions are open, one within the other.
    depth: AtomicU32,
    /// How many statements were sent whose answer was not read to its end. Counted from the start, so that a
    /// future that is forgotten counts as one that is dropped.
    in_flight: AtomicU32,
    /// SQL ran that this library did not write: it may leave anything behind.
    marked: AtomicBool,
    /// Not to be given to another user: the connection is lost, or its prepared statements are.
    spent: AtomicBool,
    /// When the pool got it back.
    released: Mutex<Instant>,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            depth: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            marked: AtomicBool::new(false),
            spent: AtomicBool::new(false),
            released: Mutex::new(Instant::now()),
        }
    }

    /// How many transactions are open, one within the other.
    pub(crate) fn depth(&self) -> u32 {
        self.depth.load(Ordering::Acquire)
    }

    pub(crate) fn set_depth(&self, depth: u32) {
        self.depth.store(depth, Ordering::Release);
    }

    /// A statement is sent.
    pub(crate) fn begun(&self) {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
    }

    /// Its answer was seen to the end.
    pub(crate) fn answered(&self) {
        self.in_flight.fetch_sub(1, Ordering::AcqRel);
    }

    /// Whether the server may still run a statement.
    pub(crate) fn is_busy(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) > 0
    }

    /// SQL runs that may leave anything behind.
    pub(crate) fn mark(&self) {
        self.marked.store(true, Ordering::Release);
    }

    pub(crate) fn is_marked(&self) -> bool {
        self.marked.load(Ordering::Acquire)
    }

    /// No other user may get the session.
    pub(crate) fn spend(&self) {
        self.spent.store(true, Ordering::Release);
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.spent.load(Ordering::Acquire)
    }

    /// Whether the next user may have it as it is.
    pub(crate) fn is_clean(&self) -> bool {
        !self.is_marked() && !self.is_busy() && self.depth() == 0
    }

    /// The server has answered everything and undone everything.
    pub(crate) fn cleaned(&self) {
        self.in_flight.store(0, Ordering::Release);
        self.set_depth(0);
        self.marked.store(false, Ordering::Release);
    }

    /// The pool has it back.
    pub(crate) fn released(&self) {
        *self.released.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long it is unused.
    pub(crate) fn idle(&self) -> Duration {
        self.released.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

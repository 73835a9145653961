//! [`State`]: what is known of a session without asking the server. Decides what the pool does with it.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
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
    /// Statements of several callers run on it at the same time.
    shared: AtomicBool,
    /// When a shared session last answered a statement, or was given one while it had none: microseconds after `since`.
    progressed: AtomicU64,
    since: Instant,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            depth: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            marked: AtomicBool::new(false),
            spent: AtomicBool::new(false),
            released: Mutex::new(Instant::now()),
            shared: AtomicBool::new(false),
            progressed: AtomicU64::new(0),
            since: Instant::now(),
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
        if self.is_shared() {
            self.progressed(Instant::now());
        }
    }

    /// Nothing runs that was sent so far, although futures were dropped before their answers.
    pub(crate) fn settled(&self) {
        self.in_flight.store(0, Ordering::Release);
    }

    /// Whether statements of several callers run on it: what stops one of them may hit another.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared.load(Ordering::Acquire)
    }

    pub(crate) fn share(&self, shared: bool) {
        self.shared.store(shared, Ordering::Release);
    }

    /// A shared session has answered, or is given something to do.
    pub(crate) fn progressed(&self, now: Instant) {
        self.progressed.store(self.since_opened(now), Ordering::Release);
    }

    /// For how long a shared session has not answered, where it has something to do.
    pub(crate) fn silent_for(&self, now: Instant) -> Duration {
        let progressed = self.progressed.load(Ordering::Acquire);
        Duration::from_micros(self.since_opened(now).saturating_sub(progressed))
    }

    fn since_opened(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.since).as_micros()).unwrap_or(u64::MAX)
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

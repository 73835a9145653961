//! [`Sharing`]: which of the pool's sessions are shared, and which of them a statement gets.
//!
//! A statement goes to the session that has the least to do. One that has not answered for a while is left alone: what
//! waits for a lock there delays what was sent just before, and nothing later. A session is opened, up to the limit, when all
//! have something to do; who asks for it does not wait for that, but for the first one.

pub(crate) use super::shared::SharedLease;

use super::shared::Shared;
use crate::error::Result;
use crate::exec::{Config, PooledConnection};
use futures_util::future::{Either, select};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// After how long it is tried again to open one more session.
const GROW_AGAIN: Duration = Duration::from_millis(250);
/// After how long those that wait look again, although nothing was told.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// The least time that a statement on a shared session waits for a lock.
const LOCK_WAIT_MIN: Duration = Duration::from_secs(1);

/// The shared sessions of one pool.
pub(super) struct Sharing {
    /// The most sessions there are.
    limit: usize,
    /// SQL that a session needs before it is shared.
    settings: Option<String>,
    members: Mutex<Members>,
    changes: Arc<Changes>,
}

#[derive(Default)]
struct Members {
    sessions: Vec<Arc<Shared>>,
    /// How many are being opened.
    opening: usize,
    /// Not to be tried before.
    grow_from: Option<Instant>,
    is_closed: bool,
}

/// What there is for a statement.
pub(super) enum Pick {
    /// A session; and leave to open another one, as all have something to do.
    Lease(SharedLease, Option<Opening>),
    /// Leave to open one: there is none, or none that answers.
    Open(Opening),
    /// The first ones are being opened.
    Wait,
    /// None of them answers, and there may be no more of them.
    Silent,
}

impl Sharing {
    /// None where the settings do not ask for it.
    pub(super) fn new(config: &Config) -> Option<Arc<Self>> {
        (config.shared_connections > 0).then(|| {
            Arc::new(Self {
                limit: config.shared_connections,
                settings: settings(config),
                members: Mutex::default(),
                changes: Arc::default(),
            })
        })
    }

    pub(super) fn changes(&self) -> &Arc<Changes> {
        &self.changes
    }

    /// The session that has the least to do.
    pub(super) fn pick(self: &Arc<Self>) -> Pick {
        let now = Instant::now();
        let runtime = Handle::try_current().ok().map(|runtime| runtime.id());
        // Dropped when the lock is not held.
        let mut gone = Vec::new();
        let mut members = self.lock();
        while let Some((place, uses)) = members.least_used(now) {
            let Some(shared) = members.sessions.get(place) else { break };
            if !shared.is_usable_on(runtime) {
                gone.push(members.sessions.swap_remove(place));
                continue;
            }
            if let Some(lease) = shared.lease(now) {
                let grows = uses > 0 && members.grow_from.is_none_or(|from| from <= now);
                let opening = if grows { self.opening(&mut members) } else { None };
                return Pick::Lease(lease, opening);
            }
        }
        match self.opening(&mut members) {
            Some(opening) => Pick::Open(opening),
            None if members.sessions.is_empty() && !members.is_closed => Pick::Wait,
            None => Pick::Silent,
        }
    }

    /// Leave to open a session, where there may be one more.
    pub(super) fn may_open(self: &Arc<Self>) -> Option<Opening> {
        self.opening(&mut self.lock())
    }

    fn opening(self: &Arc<Self>, members: &mut Members) -> Option<Opening> {
        let is_full = members.sessions.len() + members.opening >= self.limit;
        if is_full || members.is_closed {
            return None;
        }
        members.opening += 1;
        Some(Opening { sharing: Arc::clone(self), is_told: true })
    }

    /// No statement gets that session any more.
    pub(super) fn take_out(&self, shared: &Arc<Shared>) {
        let mut members = self.lock();
        let place = members.sessions.iter().position(|it| Arc::ptr_eq(it, shared));
        let taken = place.map(|place| members.sessions.swap_remove(place));
        drop(members);
        drop(taken);
    }

    /// Takes out what is lost, idle or old. Gives those that no one uses, to be ended; the pool has the others once their
    /// last user has left.
    pub(super) fn outdated(&self, config: &Config) -> Vec<Arc<Shared>> {
        let now = Instant::now();
        let mut old_left = 1;
        self.take_out_where(|shared| {
            let is_idle = config.idle_timeout.is_some_and(|limit| shared.is_idle_for(limit, now));
            // One at a time: their successors are not all opened at once.
            let is_old = config.max_lifetime.is_some_and(|limit| shared.age() >= limit);
            let is_next = is_old && old_left > 0;
            old_left -= usize::from(is_next);
            is_idle || is_next || !shared.session().is_usable()
        })
    }

    /// Takes out all of them, for ever. Gives those that no one uses.
    pub(super) fn close(&self) -> Vec<Arc<Shared>> {
        self.lock().is_closed = true;
        let taken = self.take_out_where(|_| true);
        self.changes.tell();
        taken
    }

    fn take_out_where(&self, mut is_taken: impl FnMut(&Shared) -> bool) -> Vec<Arc<Shared>> {
        let mut members = self.lock();
        let (taken, left) =
            std::mem::take(&mut members.sessions).into_iter().partition(|it| is_taken(it));
        members.sessions = left;
        drop(members);
        let taken: Vec<Arc<Shared>> = taken;
        taken.into_iter().filter(|shared| shared.is_unused()).collect()
    }

    /// How many sessions are shared, and how many callers use them.
    pub(super) fn counts(&self) -> (usize, usize) {
        let members = self.lock();
        let uses = members.sessions.iter().map(|shared| shared.uses());
        (members.sessions.len(), usize::try_from(uses.sum::<u32>()).unwrap_or(usize::MAX))
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members {
    /// The place of the session that has the least to do, of those that answer, and how many callers use it.
    fn least_used(&self, now: Instant) -> Option<(usize, u32)> {
        let mut found: Option<(usize, u32)> = None;
        for (place, shared) in self.sessions.iter().enumerate() {
            let uses = shared.uses();
            if found.is_some_and(|(_, least)| least <= uses) || !shared.is_at_hand(now) {
                continue;
            }
            found = Some((place, uses));
            if uses == 0 {
                break;
            }
        }
        found
    }
}

/// Leave to open one session.
pub(super) struct Opening {
    sharing: Arc<Sharing>,
    /// Those that wait hear of its end.
    is_told: bool,
}

impl Opening {
    /// Shares that connection.
    pub(super) async fn share(self, connection: PooledConnection) -> Result<SharedLease> {
        let sharing = &self.sharing;
        let lease = Shared::begin(connection, sharing.settings.as_deref(), sharing).await?;
        let mut members = sharing.lock();
        if !members.is_closed {
            members.sessions.push(Arc::clone(lease.shared()));
        }
        drop(members);
        Ok(lease)
    }

    /// There was no place for it, or no connection. Those that wait are not woken to find the same.
    pub(super) fn failed(mut self) {
        self.is_told = false;
        self.sharing.lock().grow_from = Instant::now().checked_add(GROW_AGAIN);
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.sharing.lock().opening -= 1;
        if self.is_told {
            self.sharing.changes.tell();
        }
    }
}

/// Wakes those that wait for a session.
#[derive(Default)]
pub(super) struct Changes {
    waiting: AtomicUsize,
    notify: Notify,
}

impl Changes {
    /// There may be a session for those that wait.
    pub(super) fn tell(&self) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.notify.notify_waiters();
        }
    }

    /// Counts as waiting until it is dropped.
    pub(super) fn waiter(&self) -> Waiter<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiter(self)
    }
}

/// Who waits for a session.
pub(super) struct Waiter<'a>(&'a Changes);

impl Waiter<'_> {
    /// What resolves at the next change; changes from now on count.
    pub(super) fn next(&self) -> Pin<Box<Notified<'_>>> {
        let mut next = Box::pin(self.0.notify.notified());
        next.as_mut().enable();
        next
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Waits for that, or for a change, or for a moment.
pub(super) async fn before_change<T>(
    awaited: impl Future<Output = T> + Unpin,
    change: Pin<Box<Notified<'_>>>,
) -> Option<T> {
    let moment = pin!(tokio::time::sleep(LOOK_AGAIN));
    match select(awaited, select(change, moment)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// The limits that the server has for a statement of a shared session, where those of the session are not closer. It stops
/// the right statement, where a request to cancel stops whichever runs. None behind a pooler: there it would be
/// another client's session that they are set in.
fn settings(config: &Config) -> Option<String> {
    if config.is_for_pooler() {
        return None;
    }
    let milliseconds = |limit: Duration| limit.as_millis().clamp(1, 2_147_483_647);
    // A statement that waits for a lock which a transaction holds, whose owner waits for a statement behind it, would wait
    // for ever.
    let lock = config.acquire_timeout.max(LOCK_WAIT_MIN);
    let mut limits = format!("('lock_timeout', {})", milliseconds(lock));
    if let Some(limit) = config.query_timeout {
        limits.push_str(&format!(", ('statement_timeout', {})", milliseconds(limit)));
    }
    Some(format!(
        "SELECT pg_catalog.set_config(name, wanted::text, false) FROM (VALUES {limits}) AS limits (name, wanted) \
         JOIN pg_catalog.pg_settings USING (name) WHERE setting::int = 0 OR setting::int > wanted"
    ))
}

//! [`Shared`]: one session that statements of several callers run on at the same time, and [`SharedLease`], one caller's
//! use of it. Which session a caller gets is `sharing`'s business.

use crate::error::Result;
use crate::exec::sharing::{Changes, Sharing};
use crate::exec::{PooledConnection, Session};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::runtime::Id;
use tokio::time::timeout;

/// How long a session may answer nothing, apart from what the way to the server takes, before it is left alone: what waits
/// for a lock or computes for long should delay as few others as may be. So long may a statement take to end whose future was
/// dropped.
const PATIENCE: Duration = Duration::from_millis(20);
/// In `uses`: no one uses the session, and it is asked whether what was sent is over.
const SETTLING: u32 = 1 << 31;

/// A session of the pool that is shared; it goes back when it is dropped.
pub(super) struct Shared {
    connection: PooledConnection,
    /// How many leases there are, or [`SETTLING`].
    uses: AtomicU32,
    /// How long the server took to answer next to nothing.
    round_trip: Duration,
    sharing: Weak<Sharing>,
    changes: Arc<Changes>,
}

impl Shared {
    /// Prepares a session for several callers, and gives the first one's use of it.
    pub(super) async fn begin(
        connection: PooledConnection,
        settings: Option<&str>,
        sharing: &Arc<Sharing>,
    ) -> Result<SharedLease> {
        let begun = Instant::now();
        let session = connection.session();
        session.control(settings.unwrap_or_default()).await?;
        if settings.is_some() {
            // They are undone when it goes back.
            session.state.mark();
        }
        let round_trip = begun.elapsed();
        session.state.progressed(Instant::now());
        session.state.share(true);
        Ok(SharedLease(Arc::new(Self {
            connection,
            uses: AtomicU32::new(1),
            round_trip,
            sharing: Arc::downgrade(sharing),
            changes: Arc::clone(sharing.changes()),
        })))
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        self.connection.session()
    }

    /// How many callers use it.
    pub(super) fn uses(&self) -> u32 {
        self.uses.load(Ordering::Acquire) & !SETTLING
    }

    /// Whether nothing was sent that may still run, and no one can send more.
    pub(super) fn is_unused(&self) -> bool {
        self.uses.load(Ordering::Acquire) == 0
    }

    /// Whether a statement that is sent now may be answered soon.
    pub(super) fn is_at_hand(&self, now: Instant) -> bool {
        match self.uses.load(Ordering::Acquire) {
            0 => true,
            SETTLING => false,
            _ => self.session().state.silent_for(now) <= self.patience(),
        }
    }

    fn patience(&self) -> Duration {
        PATIENCE + 4 * self.round_trip
    }

    /// Whether it may be used from that runtime.
    pub(super) fn is_usable_on(&self, runtime: Option<Id>) -> bool {
        let driver = self.session().driver();
        self.session().is_usable() && (driver.is_shared() || runtime == Some(driver.runtime.id()))
    }

    /// Whether no one has used it for that long.
    pub(super) fn is_idle_for(&self, limit: Duration, now: Instant) -> bool {
        self.is_unused() && self.session().state.silent_for(now) >= limit
    }

    /// How old its connection is.
    pub(super) fn age(&self) -> Duration {
        self.connection.age()
    }

    /// One more caller uses it; none where it is being settled.
    pub(super) fn lease(self: &Arc<Self>, now: Instant) -> Option<SharedLease> {
        let entered = self.uses.fetch_update(Ordering::AcqRel, Ordering::Acquire, |uses| {
            (uses & SETTLING == 0).then_some(uses + 1)
        });
        if entered.ok()? == 0 {
            self.session().state.progressed(now);
        }
        Some(SharedLease(Arc::clone(self)))
    }

    /// A caller has left; perhaps before the answer to its statement.
    fn left(self: &Arc<Self>) {
        let state = &self.session().state;
        let mut is_settled = true;
        let _left = self.uses.fetch_update(Ordering::AcqRel, Ordering::Acquire, |uses| {
            // Statements whose futures were dropped are seen to once no one is left: before, none can be told from others'.
            is_settled = uses != 1 || !state.is_busy();
            Some(if is_settled { uses.saturating_sub(1) } else { SETTLING })
        });
        if !is_settled {
            let runtime = self.session().driver().runtime.clone();
            runtime.spawn(Arc::clone(self).settle());
        }
        self.changes.tell();
    }

    /// Waits until what was sent is over. What takes long is stopped: it takes the session out, and the pool cleans it.
    async fn settle(self: Arc<Self>) {
        let asked = self.session().client.batch_execute("");
        if let Ok(Ok(())) = timeout(self.patience(), asked).await {
            let state = &self.session().state;
            state.settled();
            state.progressed(Instant::now());
            self.uses.store(0, Ordering::Release);
        } else if let Some(sharing) = self.sharing.upgrade() {
            sharing.take_out(&self);
        }
        self.changes.tell();
    }

    /// Ends the connection, which no one uses, and waits until it is gone.
    pub(super) async fn end(self: Arc<Self>) {
        let session = Arc::clone(self.session());
        session.state.spend();
        drop(self);
        session.end().await;
    }
}

impl Drop for Shared {
    /// The connection is dropped after this, and has one user at a time from then on.
    fn drop(&mut self) {
        self.session().state.share(false);
    }
}

/// One caller's use of a shared session.
pub(crate) struct SharedLease(Arc<Shared>);

impl SharedLease {
    pub(super) fn session(&self) -> &Arc<Session> {
        self.0.session()
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Drop for SharedLease {
    fn drop(&mut self) {
        self.0.left();
    }
}

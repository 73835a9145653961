//! Row locks: `FOR UPDATE` and its like (manual, section 13.3.2).

use super::grouping::Ungrouped;
use super::node;
use super::scope::{NeverMissing, PartOf, Present, Source};
use super::select::{Loaded, Query, Selected, WholeRows};
use super::source::NamesSource;
use std::marker::PhantomData;

/// A row lock: how strong, of which sources, and whether it waits. `Of` are the sources, `All` where none is named.
///
/// Made by [`for_update`], [`for_no_key_update`], [`for_share`] and [`for_key_share`], taken by [`Query::lock`].
#[must_use = "a lock does nothing until a query takes it: `.lock(..)`"]
pub struct RowLock<Of = All, Wait = Waits> {
    lock: node::Lock,
    types: PhantomData<fn() -> (Of, Wait)>,
}

impl<O, W> Clone for RowLock<O, W> {
    fn clone(&self) -> Self {
        Self { lock: self.lock.clone(), types: PhantomData }
    }
}

impl<O, W> std::fmt::Debug for RowLock<O, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lock.fmt(f)
    }
}

/// The rows of all sources are locked.
pub enum All {}
/// The rows of the source `S` are locked, and those of `Rest`.
pub struct Named<S, Rest>(PhantomData<(S, Rest)>);
/// The lock waits until other transactions have given up theirs.
pub enum Waits {}
/// The lock does not wait.
pub enum NeverWaits {}

impl RowLock {
    fn new(strength: &'static str) -> Self {
        Self { lock: node::Lock { strength, of: Vec::new(), wait: None }, types: PhantomData }
    }
}

impl<Of, Wait> RowLock<Of, Wait> {
    /// Locks only the rows of this source: `OF`. Called twice, those of both.
    pub fn of<F: NamesSource>(mut self, source: F) -> RowLock<Named<F::Source, Of>, Wait> {
        let _ = source;
        self.lock.of.push(<F::Source as Source>::SOURCE);
        RowLock { lock: self.lock, types: PhantomData }
    }
}

impl<Of> RowLock<Of> {
    /// Leaves out rows that another transaction has locked: `SKIP LOCKED`.
    pub fn skip_locked(self) -> RowLock<Of, NeverWaits> {
        self.wait("SKIP LOCKED")
    }

    /// Fails with [`ErrorKind::LockTimeout`](crate::ErrorKind::LockTimeout) where another transaction has locked a row: `NOWAIT`.
    pub fn nowait(self) -> RowLock<Of, NeverWaits> {
        self.wait("NOWAIT")
    }

    fn wait(mut self, wait: &'static str) -> RowLock<Of, NeverWaits> {
        self.lock.wait = Some(wait);
        RowLock { lock: self.lock, types: PhantomData }
    }
}

/// `FOR UPDATE`: no other session changes, deletes or locks the rows until the transaction ends.
pub fn for_update() -> RowLock {
    RowLock::new("FOR UPDATE")
}

/// `FOR NO KEY UPDATE`: as [`for_update`], but other rows can refer to the rows meanwhile.
pub fn for_no_key_update() -> RowLock {
    RowLock::new("FOR NO KEY UPDATE")
}

/// `FOR SHARE`: no session changes or deletes the rows until the transaction ends.
pub fn for_share() -> RowLock {
    RowLock::new("FOR SHARE")
}

/// `FOR KEY SHARE`: no session deletes the rows or changes their keys until the transaction ends.
pub fn for_key_share() -> RowLock {
    RowLock::new("FOR KEY SHARE")
}

/// A query whose rows can be locked: each is made of one row of each table.
#[diagnostic::on_unimplemented(
    message = "the rows of a grouped or aggregated query cannot be locked",
    label = "`{Self}`: a group is no row of a table",
    note = "lock the rows in a query of their own, and group that one as a derived table"
)]
pub trait LockableRows {}
impl LockableRows for WholeRows {}
impl LockableRows for Loaded {}
impl<By> LockableRows for Selected<Ungrouped, By> {}

/// The sources that a lock names are part of the query, and none of their rows is missing.
pub trait LocksIn<Scope, Place> {}

impl<Scope: NeverMissing> LocksIn<Scope, ()> for All {}

impl<Scope, S, Place> LocksIn<Scope, (Place,)> for Named<S, All>
where
    S: Source + PartOf<Scope, Place>,
    S::Null: AlwaysThere<S>,
{
}

impl<Scope, S, T, Rest, Place, Places> LocksIn<Scope, (Place, Places)> for Named<S, Named<T, Rest>>
where
    S: Source + PartOf<Scope, Place>,
    S::Null: AlwaysThere<S>,
    Named<T, Rest>: LocksIn<Scope, Places>,
{
}

/// The row of the source `S` is never missing.
#[diagnostic::on_unimplemented(
    message = "the row of `{S}` may be missing: it cannot be locked",
    label = "`{S}` is on the nullable side of an outer join",
    note = "lock only the sources whose rows are always there: `for_update().of(..)`"
)]
pub trait AlwaysThere<S> {}
impl<S> AlwaysThere<S> for Present {}

impl<Sources, Row, H> Query<Sources, Row, H> {
    /// Locks the rows until the transaction ends. Called twice, both locks are taken.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// use orm::for_update;
    /// let query = User::query()
    ///     .left_join(Session, Session::user_id.eq(User::id))
    ///     .lock(for_update().of(User).skip_locked());
    /// assert!(query.to_sql().text.ends_with(r#" FOR UPDATE OF "user" SKIP LOCKED"#));
    /// ```
    ///
    /// The server refuses it under `distinct`, and of a query that has been grouped or joined by an outer join after this call.
    pub fn lock<Of, Wait, Places>(mut self, lock: RowLock<Of, Wait>) -> Self
    where
        H: LockableRows,
        Of: LocksIn<Sources, Places>,
    {
        self.select.locks.push(lock.lock);
        self
    }

    /// Locks the rows of all sources until the transaction ends: `FOR UPDATE`, as [`lock`](Self::lock) with [`for_update`].
    pub fn for_update(self) -> Self
    where
        H: LockableRows,
        Sources: NeverMissing,
    {
        self.lock(for_update())
    }

    /// `FOR NO KEY UPDATE`: see [`for_no_key_update`].
    pub fn for_no_key_update(self) -> Self
    where
        H: LockableRows,
        Sources: NeverMissing,
    {
        self.lock(for_no_key_update())
    }

    /// `FOR SHARE`: see [`for_share`].
    pub fn for_share(self) -> Self
    where
        H: LockableRows,
        Sources: NeverMissing,
    {
        self.lock(for_share())
    }

    /// `FOR KEY SHARE`: see [`for_key_share`].
    pub fn for_key_share(self) -> Self
    where
        H: LockableRows,
        Sources: NeverMissing,
    {
        self.lock(for_key_share())
    }
}

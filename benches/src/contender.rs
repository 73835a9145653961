//! [`Contender`]: a library, or hand-written code, and the ways in which it does what a cell asks for.

use crate::cell::Cell;
use crate::crowd::Crowd;
use crate::server::Place;
use crate::way::{Outcome, Way};
use futures_util::future::{BoxFuture, LocalBoxFuture};

/// A library with its connections open.
pub trait Contender {
    /// Its ways to do what the cell asks for; none if it cannot.
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>>;
}

/// Opens the connections of a contender. They last as long as the process.
pub type Open = fn(Place) -> LocalBoxFuture<'static, Outcome<&'static dyn Contender>>;

/// Opens the pools of a contender: its ways of being used by many tasks.
pub type OpenCrowd = fn(Place) -> BoxFuture<'static, Outcome<Vec<Crowd>>>;

/// Who takes part.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it is called in the tables.
    pub name: &'static str,
    /// The crates whose versions are reported.
    pub crates: &'static [&'static str],
    /// On one connection of one thread.
    pub open: Open,
    /// For many tasks; none if it has nothing for them.
    pub crowd: Option<OpenCrowd>,
}

/// The hand-written code that all others are compared with.
pub const FLOOR: &str = "floor";
/// This library.
pub const OURS: &str = "orm";

//! A tree of rows as its levels: the rows of each level of a query with relations, found by the key of the row that they belong to.
//!
//! A statement gives the rows of all levels one after another (`sql::levels`), each with the number of its level first. They are
//! stored as they come, their bytes one after another, and decoded once all are here: the decoder of a row asks for its related rows, and
//! is given cells.

use super::cells::{RawCell, hidden_type};
use crate::error::{Error, ErrorKind, Result};
use postgres_types::{Oid, Type};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use tokio_postgres::Row;

/// What the columns of a statement are to each level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LevelPlan {
    pub(crate) levels: Vec<LevelShape>,
}

/// What the columns are to the rows of one level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LevelShape {
    /// The columns of the statement that hold the level's own.
    pub(crate) columns: Vec<usize>,
    /// The cells of a row, in the order in which they are decoded.
    pub(crate) cells: Vec<LevelCell>,
    /// The level's columns that hold the key of the row that it belongs to; none at the first level.
    pub(crate) key: Vec<usize>,
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LevelCell {
    /// The value in that column of the level, and the table and column that it comes from.
    Column(usize, Option<(&'static str, &'static str)>),
    /// The rows of a level whose key is in these columns of this one.
    Related {
        /// The level.
        level: usize,
        /// The columns.
        key: Vec<usize>,
    },
}

/// The rows of all levels.
pub(crate) struct Levels {
    plan: LevelPlan,
    rows: Vec<LevelRows>,
    hasher: RandomState,
}

/// The rows of one level, in their order: the bytes of their values, one after another.
#[derive(Default)]
struct LevelRows {
    count: usize,
    bytes: Vec<u8>,
    /// Where each value ends, for each row and column; of NULL the highest bit is set.
    ends: Vec<usize>,
    /// The types of the columns, once there is a row.
    types: Vec<LevelType>,
    /// For the hash of a key, its first row, its last, and how many there are.
    by_key: HashMap<u64, Group>,
    /// For each row the next one of the same hash; itself where there is none.
    next: Vec<usize>,
}

/// The type of a column.
#[derive(Debug, Clone)]
pub(super) enum LevelType {
    Known(Type),
    /// One of the database's own, to be looked up.
    Declared(Oid),
}

#[derive(Clone, Copy)]
struct Group {
    first: usize,
    last: usize,
    count: usize,
}

const NULL: usize = 1 << (usize::BITS - 1);

/// A row of a level.
#[derive(Clone, Copy)]
pub(super) struct LevelRow<'a> {
    pub(super) levels: &'a Levels,
    pub(super) level: usize,
    number: usize,
}

impl Levels {
    pub(crate) fn new(plan: LevelPlan) -> Self {
        let rows = plan.levels.iter().map(|_| LevelRows::default()).collect();
        Self { plan, rows, hasher: RandomState::new() }
    }

    /// Takes the next row of the statement.
    ///
    /// # Errors
    /// A level that is none of the statement's.
    pub(crate) fn push(&mut self, row: &Row) -> Result<()> {
        let level: i32 = row.try_get(0).map_err(|_| no_level())?;
        let level = usize::try_from(level).map_err(|_| no_level())?;
        let shape = self.plan.levels.get(level).ok_or_else(no_level)?;
        let rows = self.rows.get_mut(level).ok_or_else(no_level)?;
        if rows.types.is_empty() {
            rows.types = types(row, shape)?;
        }
        let number = rows.count;
        for column in &shape.columns {
            let cell: Option<RawCell<'_>> = row.try_get(*column).map_err(|_| no_level())?;
            let null = match cell {
                Some(RawCell(bytes)) => {
                    rows.bytes.extend_from_slice(bytes);
                    0
                }
                None => NULL,
            };
            rows.ends.push(rows.bytes.len() | null);
        }
        rows.count += 1;
        rows.next.push(number);
        if level == 0 {
            return Ok(());
        }
        let row = LevelRow { levels: self, level, number };
        let Some(hash) = row.hash(&shape.key) else { return Ok(()) };
        let Some(rows) = self.rows.get_mut(level) else { return Ok(()) };
        match rows.by_key.get_mut(&hash) {
            None => {
                rows.by_key.insert(hash, Group { first: number, last: number, count: 1 });
            }
            Some(group) => {
                if let Some(next) = rows.next.get_mut(group.last) {
                    *next = number;
                }
                group.last = number;
                group.count += 1;
            }
        }
        Ok(())
    }

    /// How many rows the first level has.
    pub(crate) fn count(&self) -> usize {
        self.rows.first().map_or(0, |level| level.count)
    }

    /// A row of the first level.
    pub(super) fn first(&self, number: usize) -> Option<LevelRow<'_>> {
        (number < self.count()).then_some(LevelRow { levels: self, level: 0, number })
    }
}

/// The types of a level's columns.
fn types(row: &Row, shape: &LevelShape) -> Result<Vec<LevelType>> {
    let ty = |column: &usize| {
        let column = row.columns().get(*column).ok_or_else(no_level)?;
        Ok(match hidden_type(column) {
            None => LevelType::Known(column.type_().clone()),
            Some(oid) => LevelType::Declared(oid),
        })
    };
    shape.columns.iter().map(ty).collect()
}

impl<'a> LevelRow<'a> {
    fn rows(&self) -> Option<&'a LevelRows> {
        self.levels.rows.get(self.level)
    }

    /// What a cell of it is.
    pub(super) fn cell(&self, number: usize) -> Option<&'a LevelCell> {
        self.levels.plan.levels.get(self.level)?.cells.get(number)
    }

    /// How many cells it has.
    pub(super) fn width(&self) -> usize {
        self.levels.plan.levels.get(self.level).map_or(0, |shape| shape.cells.len())
    }

    /// The type of a column, and the bytes of its value; none for NULL.
    #[inline]
    pub(super) fn value(&self, column: usize) -> Option<(&'a LevelType, Option<&'a [u8]>)> {
        let rows = self.rows()?;
        let ty = rows.types.get(column)?;
        let place = self.number * rows.types.len() + column;
        let end = *rows.ends.get(place)?;
        if end & NULL != 0 {
            return Some((ty, None));
        }
        let start = match place.checked_sub(1) {
            Some(before) => *rows.ends.get(before)? & !NULL,
            None => 0,
        };
        Some((ty, Some(rows.bytes.get(start..end)?)))
    }

    /// A part of its key.
    fn part(&self, column: usize) -> Option<KeyPart<'a>> {
        let (ty, bytes) = self.value(column)?;
        let bytes = bytes?;
        let integer = match ty {
            LevelType::Known(Type::INT2) => {
                bytes.try_into().ok().map(i16::from_be_bytes).map(i64::from)
            }
            LevelType::Known(Type::INT4) => {
                bytes.try_into().ok().map(i32::from_be_bytes).map(i64::from)
            }
            LevelType::Known(Type::INT8) => bytes.try_into().ok().map(i64::from_be_bytes),
            _ => None,
        };
        Some(integer.map_or(KeyPart::Bytes(bytes), KeyPart::Integer))
    }

    /// The hash of its key; none where a part of it is NULL, which equals nothing.
    fn hash(&self, key: &[usize]) -> Option<u64> {
        let mut hash = self.levels.hasher.build_hasher();
        for column in key {
            match self.part(*column)? {
                KeyPart::Integer(number) => hash.write_i64(number),
                KeyPart::Bytes(bytes) => {
                    hash.write(bytes);
                    hash.write_u8(0xff);
                }
            }
        }
        Some(hash.finish())
    }

    /// The rows of a level that belong to it, in their order, and at most how many they are.
    pub(super) fn related(
        self,
        level: usize,
        key: &'a [usize],
    ) -> (usize, impl Iterator<Item = LevelRow<'a>>) {
        let levels = self.levels;
        let rows = levels.rows.get(level);
        let own = levels.plan.levels.get(level).map_or(&[][..], |shape| &*shape.key);
        let group = rows.and_then(|rows| rows.by_key.get(&self.hash(key)?).copied());
        let mut next = group.map(|group| group.first);
        let related = std::iter::from_fn(move || {
            loop {
                let number = next?;
                let following = *rows?.next.get(number)?;
                next = (following != number).then_some(following);
                let found = LevelRow { levels, level, number };
                let is_equal = |(own, key): (&usize, &usize)| {
                    let part = self.part(*key);
                    part.is_some() && found.part(*own) == part
                };
                if own.iter().zip(key).all(is_equal) {
                    return Some(found);
                }
            }
        });
        (group.map_or(0, |group| group.count), related)
    }
}

impl std::fmt::Debug for Levels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Levels").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// The value of a part of a key: integers of all sizes are alike.
#[derive(PartialEq, Eq)]
enum KeyPart<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
}

#[cold]
fn no_level() -> Error {
    Error::new(ErrorKind::Conversion, "a row of a query with relations is of no level of it")
}

//! A tree of rows as its levels: the rows of each level of a query with relations, found by the key of the row that they belong to.
//!
//! A statement gives the rows of all levels one after another (`sql::levels`), each with the number of its level first. Their bytes
//! are stored one after another as they come, and decoded once all are here: the decoder of a row asks for its related rows, and is
//! given cells. Rows of the driver take three times the memory, and as many allocations as there are rows, until the last is here.

use super::cells::{RawCell, hidden_type};
use crate::error::{Error, ErrorKind, Result};
use foldhash::fast::RandomState;
use postgres_types::{Oid, Type};
use std::collections::HashMap;
use std::sync::Arc;
use tokio_postgres::Row;

/// What the columns of a statement are to each level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LevelPlan {
    pub(crate) levels: Vec<LevelShape>,
}

/// What the columns of a statement are to the rows of one level.
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
    plan: Arc<LevelPlan>,
    levels: Vec<LevelRows>,
    /// The key that is looked at, where it is not one integer.
    key: Vec<u8>,
}

/// The rows of one level, in their order.
#[derive(Default)]
struct LevelRows {
    rows: Vec<Stored>,
    /// The values of all rows, one after another.
    bytes: Vec<u8>,
    /// For each row and column, where the value ends, counted from where the row begins; of NULL the highest bit is set.
    ends: Vec<u32>,
    /// The types of the columns, once there is a row.
    types: Vec<LevelType>,
    /// The rows of each key. Integers of all sizes are alike.
    of_integer: HashMap<i64, usize, RandomState>,
    of_bytes: HashMap<Vec<u8>, usize, RandomState>,
    groups: Vec<Group>,
    /// The key of the row before, where it was an integer, and its group: the next row often has the same.
    last: Option<(i64, usize)>,
}

/// The type of a column.
#[derive(Debug, Clone)]
pub(super) enum LevelType {
    Known(Type),
    /// One of the database's own, to be looked up.
    Declared(Oid),
}

/// Where a row begins, and the next one of the same key; itself where there is none.
struct Stored {
    start: usize,
    next: usize,
}

/// The rows of one key.
#[derive(Clone, Copy)]
struct Group {
    first: usize,
    last: usize,
    count: usize,
}

/// In the end of a value: it is NULL. A row of the protocol is shorter than 2^31 bytes.
const NULL: u32 = 1 << 31;

/// A row of a level.
#[derive(Clone, Copy)]
pub(super) struct LevelRow<'a> {
    levels: &'a Levels,
    shape: &'a LevelShape,
    rows: &'a LevelRows,
    number: usize,
}

impl Levels {
    pub(crate) fn new(plan: Arc<LevelPlan>) -> Self {
        let levels = plan.levels.iter().map(|_| LevelRows::default()).collect();
        Self { plan, levels, key: Vec::new() }
    }

    /// Takes the next row of the statement.
    ///
    /// # Errors
    /// A level that is none of the statement's.
    pub(crate) fn push(&mut self, row: &Row) -> Result<()> {
        let level: i32 = row.try_get(0).map_err(|_| no_level())?;
        let number = usize::try_from(level).map_err(|_| no_level())?;
        let shape = self.plan.levels.get(number).ok_or_else(no_level)?;
        let level = self.levels.get_mut(number).ok_or_else(no_level)?;
        if level.types.is_empty() {
            level.types = types(row, shape)?;
        }
        let (place, start) = (level.rows.len(), level.bytes.len());
        for column in &shape.columns {
            let cell: Option<RawCell<'_>> = row.try_get(*column).map_err(|_| no_level())?;
            let null = match cell {
                Some(RawCell(bytes)) => {
                    level.bytes.extend_from_slice(bytes);
                    0
                }
                None => NULL,
            };
            let end = u32::try_from(level.bytes.len() - start).map_err(|_| no_level())?;
            level.ends.push(end | null);
        }
        level.rows.push(Stored { start, next: place });
        // Those of the first level belong to none.
        if number > 0
            && let Some(key) = level.key(place, &shape.key, &mut self.key)
        {
            level.add(&key, place);
        }
        Ok(())
    }

    /// How many rows the first level has.
    pub(crate) fn count(&self) -> usize {
        self.levels.first().map_or(0, |level| level.rows.len())
    }

    /// A row of the first level.
    pub(super) fn first(&self, number: usize) -> Option<LevelRow<'_>> {
        let (shape, rows) = (self.plan.levels.first()?, self.levels.first()?);
        (number < rows.rows.len()).then_some(LevelRow { levels: self, shape, rows, number })
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

impl LevelRows {
    /// Adds the row at this place, which comes next, to those of its key.
    fn add(&mut self, key: &Key<'_>, place: usize) {
        if let (Key::Integer(key), Some((last, group))) = (key, self.last)
            && *key == last
        {
            return self.append(group, place);
        }
        let added = self.groups.len();
        let group = match *key {
            Key::Integer(key) => *self.of_integer.entry(key).or_insert(added),
            Key::Bytes(key) => match self.of_bytes.get(key) {
                Some(group) => *group,
                None => *self.of_bytes.entry(key.to_vec()).or_insert(added),
            },
        };
        if let Key::Integer(key) = *key {
            self.last = Some((key, group));
        }
        if group == added {
            self.groups.push(Group { first: place, last: place, count: 1 });
        } else {
            self.append(group, place);
        }
    }

    fn append(&mut self, group: usize, place: usize) {
        let Some(group) = self.groups.get_mut(group) else { return };
        if let Some(last) = self.rows.get_mut(group.last) {
            last.next = place;
        }
        group.last = place;
        group.count += 1;
    }

    fn find(&self, key: &Key<'_>) -> Option<Group> {
        let group = match key {
            Key::Integer(key) => self.of_integer.get(key)?,
            Key::Bytes(key) => self.of_bytes.get(*key)?,
        };
        self.groups.get(*group).copied()
    }
}

impl LevelRows {
    /// The type of a column, and the bytes of its value in a row; none for NULL.
    #[inline]
    fn value(&self, row: usize, column: usize) -> Option<(&LevelType, Option<&[u8]>)> {
        let ty = self.types.get(column)?;
        let place = row * self.types.len() + column;
        let end = *self.ends.get(place)?;
        if end & NULL != 0 {
            return Some((ty, None));
        }
        let before = if column == 0 { 0 } else { *self.ends.get(place - 1)? & !NULL };
        let start = self.rows.get(row)?.start;
        Some((ty, Some(self.bytes.get(start + before as usize..start + end as usize)?)))
    }

    /// The key in these columns of a row; none where a part of it is NULL, which equals nothing.
    fn key<'k>(&self, row: usize, columns: &[usize], key: &'k mut Vec<u8>) -> Option<Key<'k>> {
        if let [column] = columns
            && let Part::Integer(number) = self.part(row, *column)?
        {
            return Some(Key::Integer(number));
        }
        key.clear();
        for column in columns {
            match self.part(row, *column)? {
                Part::Integer(number) => key.extend_from_slice(&number.to_be_bytes()),
                Part::Bytes(value) => {
                    key.extend_from_slice(&value.len().to_be_bytes());
                    key.extend_from_slice(value);
                }
            }
        }
        Some(Key::Bytes(key))
    }

    fn part(&self, row: usize, column: usize) -> Option<Part<'_>> {
        let (ty, value) = self.value(row, column)?;
        let value = value?;
        let integer = match ty {
            LevelType::Known(Type::INT2) => {
                value.try_into().ok().map(i16::from_be_bytes).map(i64::from)
            }
            LevelType::Known(Type::INT4) => {
                value.try_into().ok().map(i32::from_be_bytes).map(i64::from)
            }
            LevelType::Known(Type::INT8) => value.try_into().ok().map(i64::from_be_bytes),
            _ => None,
        };
        Some(integer.map_or(Part::Bytes(value), Part::Integer))
    }
}

/// The key of a row, as it is compared.
enum Key<'a> {
    Integer(i64),
    /// One value after another.
    Bytes(&'a [u8]),
}

/// A part of a key.
enum Part<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
}

impl<'a> LevelRow<'a> {
    /// What a cell of it is.
    pub(super) fn cell(&self, number: usize) -> Option<&'a LevelCell> {
        self.shape.cells.get(number)
    }

    /// How many cells it has.
    pub(super) fn width(&self) -> usize {
        self.shape.cells.len()
    }

    /// The type of a column, and the bytes of its value; none for NULL.
    #[inline]
    pub(super) fn value(&self, column: usize) -> Option<(&'a LevelType, Option<&'a [u8]>)> {
        self.rows.value(self.number, column)
    }

    /// The rows of a level that belong to it, in their order, and how many they are.
    pub(super) fn related(
        self,
        level: usize,
        columns: &[usize],
    ) -> (usize, impl Iterator<Item = LevelRow<'a>> + use<'a>) {
        let levels = self.levels;
        let found = levels.plan.levels.get(level).zip(levels.levels.get(level));
        let mut bytes = Vec::new();
        let key = self.rows.key(self.number, columns, &mut bytes);
        let group = key.and_then(|key| found?.1.find(&key));
        let mut next = group.map(|group| group.first);
        let related = std::iter::from_fn(move || {
            let ((shape, rows), number) = (found?, next?);
            let following = rows.rows.get(number)?.next;
            next = (following != number).then_some(following);
            Some(Self { levels, shape, rows, number })
        });
        (group.map_or(0, |group| group.count), related)
    }
}

impl std::fmt::Debug for Levels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Levels").field("plan", &self.plan).finish_non_exhaustive()
    }
}

#[cold]
fn no_level() -> Error {
    Error::new(ErrorKind::Conversion, "a row of a query with relations is of no level of it")
}

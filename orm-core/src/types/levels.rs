//! A tree of rows as its levels: the rows of each level of a query with relations, found by the key of the row that they belong to.
//!
//! A statement gives the rows of all levels one after another (`sql::levels`), each with the number of its level first. They are
//! stored as they come and decoded once all are here: the decoder of a row asks for its related rows, and is given cells.

use super::cells::RawCell;
use crate::error::{Error, ErrorKind, Result};
use postgres_types::Type;
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
    /// The cells of a row, in the order in which they are decoded.
    pub(crate) cells: Vec<LevelCell>,
    /// The columns that hold the key of the row that it belongs to; none at the first level.
    pub(crate) key: Vec<usize>,
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LevelCell {
    /// The value in that column, and the table and column that it comes from.
    Column(usize, Option<(&'static str, &'static str)>),
    /// The rows of a level whose key is in these columns.
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

/// The rows of one level, in their order.
#[derive(Default)]
struct LevelRows {
    rows: Vec<Row>,
    /// For the hash of a key, its first row and its last.
    by_key: HashMap<u64, (u32, u32)>,
    /// For each row the next one of the same hash; itself where there is none.
    next: Vec<u32>,
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
    pub(crate) fn push(&mut self, row: Row) -> Result<()> {
        let level: i32 = row.try_get(0).map_err(|_| no_level())?;
        let level = usize::try_from(level).map_err(|_| no_level())?;
        let shape = self.plan.levels.get(level).ok_or_else(no_level)?;
        let hash = hash(&self.hasher, &row, &shape.key)?;
        let rows = self.rows.get_mut(level).ok_or_else(no_level)?;
        let place = u32::try_from(rows.rows.len()).map_err(|_| too_many())?;
        rows.rows.push(row);
        rows.next.push(place);
        let Some(hash) = hash.filter(|_| level > 0) else { return Ok(()) };
        if let Some((_, last)) = rows.by_key.get_mut(&hash) {
            let before = usize::try_from(*last).unwrap_or(usize::MAX);
            *last = place;
            if let Some(next) = rows.next.get_mut(before) {
                *next = place;
            }
        } else {
            rows.by_key.insert(hash, (place, place));
        }
        Ok(())
    }

    /// How many rows the first level has.
    pub(crate) fn count(&self) -> usize {
        self.rows.first().map_or(0, |level| level.rows.len())
    }

    /// A row of a level.
    pub(super) fn row(&self, level: usize, place: usize) -> Option<&Row> {
        self.rows.get(level)?.rows.get(place)
    }

    /// What a cell of a row is.
    pub(super) fn cell(&self, level: usize, number: usize) -> Option<&LevelCell> {
        self.plan.levels.get(level)?.cells.get(number)
    }

    /// How many cells a row has.
    pub(super) fn width(&self, level: usize) -> usize {
        self.plan.levels.get(level).map_or(0, |shape| shape.cells.len())
    }

    /// The rows of a level that belong to a row whose key is in these columns, in their order.
    pub(super) fn related<'a>(
        &'a self,
        row: &'a Row,
        key: &'a [usize],
        level: usize,
    ) -> Result<impl Iterator<Item = &'a Row>> {
        let related = self.rows.get(level).ok_or_else(no_level)?;
        let own = self.plan.levels.get(level).map_or(&[][..], |shape| &*shape.key);
        let mut next = match hash(&self.hasher, row, key)? {
            Some(hash) => related.by_key.get(&hash).map(|(first, _)| *first),
            None => None,
        };
        Ok(std::iter::from_fn(move || {
            loop {
                let place = next?;
                let index = usize::try_from(place).ok()?;
                next = related.next.get(index).copied().filter(|following| *following != place);
                let found = related.rows.get(index)?;
                if has_key(found, own, row, key) {
                    return Some(found);
                }
            }
        }))
    }
}

impl std::fmt::Debug for Levels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Levels").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// The bytes of a part of a key: integers of all sizes are written alike.
#[derive(PartialEq, Eq)]
enum KeyPart<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
}

fn part(row: &Row, column: usize) -> Result<Option<KeyPart<'_>>> {
    let raw: Option<RawCell<'_>> = row.try_get(column).map_err(|_| no_level())?;
    let Some(RawCell(bytes)) = raw else { return Ok(None) };
    let ty = row.columns().get(column).map(tokio_postgres::Column::type_);
    let integer = match ty {
        Some(&Type::INT2) => bytes.try_into().ok().map(i16::from_be_bytes).map(i64::from),
        Some(&Type::INT4) => bytes.try_into().ok().map(i32::from_be_bytes).map(i64::from),
        Some(&Type::INT8) => bytes.try_into().ok().map(i64::from_be_bytes),
        _ => None,
    };
    Ok(Some(integer.map_or(KeyPart::Bytes(bytes), KeyPart::Integer)))
}

/// The hash of a key; none where a part of it is NULL, which equals nothing.
fn hash(hasher: &RandomState, row: &Row, key: &[usize]) -> Result<Option<u64>> {
    let mut hash = hasher.build_hasher();
    for column in key {
        match part(row, *column)? {
            None => return Ok(None),
            Some(KeyPart::Integer(number)) => hash.write_i64(number),
            Some(KeyPart::Bytes(bytes)) => {
                hash.write(bytes);
                hash.write_u8(0xff);
            }
        }
    }
    Ok(Some(hash.finish()))
}

/// Whether the keys of two rows are equal: their hashes are.
fn has_key(one: &Row, columns: &[usize], other: &Row, of_other: &[usize]) -> bool {
    columns.len() == of_other.len()
        && columns.iter().zip(of_other).all(|(column, of_other)| {
            matches!((part(one, *column), part(other, *of_other)), (Ok(one), Ok(other)) if one == other)
        })
}

#[cold]
fn no_level() -> Error {
    Error::new(ErrorKind::Conversion, "a row of a query with relations is of no level of it")
}

#[cold]
fn too_many() -> Error {
    Error::new(ErrorKind::Query, "a relation gives more rows than 4,294,967,295")
        .with_hint("filter or limit the related rows")
}

//! Where rows go: the one thing of running a query that is compiled for each type of rows.

use crate::error::Result;
use crate::exec::row::RawRow;
use crate::exec::rows::TakeRow;
use crate::types::cells::{Cells, Decode};

/// Rows that are taken in, whatever their type.
pub(super) trait Sink: TakeRow {
    /// Takes the next row of a query whose relations are levels.
    fn take(&mut self, cells: &mut Cells<'_>) -> Result<()>;

    /// Forgets the rows that were taken: about so many come.
    fn restart(&mut self, count: usize);
}

impl<Row: Decode> TakeRow for Vec<Row> {
    fn take_row(&mut self, row: RawRow<'_>) -> Result<()> {
        self.push(Row::decode(&mut row.cells())?);
        Ok(())
    }
}

impl<Row: Decode> Sink for Vec<Row> {
    fn take(&mut self, cells: &mut Cells<'_>) -> Result<()> {
        self.push(Row::decode(cells)?);
        Ok(())
    }

    fn restart(&mut self, count: usize) {
        *self = Self::with_capacity(count);
    }
}

/// The first row, and how many there are. The others are not decoded.
pub(super) struct First<Row> {
    pub(super) row: Option<Row>,
    pub(super) count: usize,
}

impl<Row> First<Row> {
    pub(super) const NONE: Self = Self { row: None, count: 0 };
}

impl<Row: Decode> TakeRow for First<Row> {
    fn take_row(&mut self, row: RawRow<'_>) -> Result<()> {
        self.take(&mut row.cells())
    }
}

impl<Row: Decode> Sink for First<Row> {
    fn take(&mut self, cells: &mut Cells<'_>) -> Result<()> {
        if self.count == 0 {
            self.row = Some(Row::decode(cells)?);
        }
        self.count += 1;
        Ok(())
    }

    fn restart(&mut self, _: usize) {
        *self = Self::NONE;
    }
}

//! [`Paged`]: a query that is read in pages, each begun where the one before ended.

use super::cursor::{Cursor, IntoCursor, NO_KEY, Place};
use super::grouping::{By, Ungrouped};
use super::keyset::Keys;
use super::node::{Param, Statement};
use super::select::{Loaded, Query, Selected, WholeRows};
use crate::error::{Error, ErrorKind, Result};
use crate::types::cells::{Cells, Decode};

/// A page of the rows of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<Row> {
    /// The rows, in the order of the query.
    pub rows: Vec<Row>,
    /// Where the next page begins: for [`Paged::after`]. `None` if no row follows.
    pub next: Option<Cursor>,
    /// Where the page before ends: for [`Paged::before`]. `None` if no row comes before.
    pub previous: Option<Cursor>,
}

/// A query that is read in pages. Made by [`Query::page`].
#[must_use = "a page does nothing until it is read: `.fetch(&db)`"]
pub struct Paged<Sources, Row, Shape> {
    query: Query<Sources, Row, Shape>,
    rows: u64,
    /// Where it begins or ends; whether it goes on from there.
    place: Option<(Cursor, bool)>,
    key: [u8; 16],
    tie_break: bool,
}

impl<S, R, H> Clone for Paged<S, R, H> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), place: self.place.clone(), ..*self }
    }
}

impl<S, R, H> std::fmt::Debug for Paged<S, R, H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the key.
        f.debug_struct("Paged")
            .field("query", &self.query)
            .field("rows", &self.rows)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// A query that gives rows, and not one row of all.
#[diagnostic::on_unimplemented(
    message = "a query of aggregates without `group_by` cannot be read in pages: it gives one row",
    label = "`{Self}`",
    note = "run it with `.one(&db)`"
)]
pub trait ReadInPages {}
impl ReadInPages for WholeRows {}
impl ReadInPages for Loaded {}
impl<Form> ReadInPages for Selected<Ungrouped, Form> {}
impl<Keys> ReadInPages for Selected<By<Keys>> {}

impl<S, R, H> Query<S, R, H> {
    /// Reads the rows in pages of this many (keyset pagination): a page begins after the last row of the one before, which an
    /// index finds at once, however far it is. Rows that are inserted or deleted meanwhile move no other row from page to page.
    ///
    /// The order may be any: several keys, each in its direction, NULLs first or last, expressions, columns of joined tables.
    /// Rows that are equal in it are told apart by the primary key of each table, which is added to the order where the order has
    /// no key of the table yet; in a grouped query by the keys of the groups, under `distinct` by the select list. Where the query
    /// reads something else than tables, or a table without a primary key, the order must leave no two rows equal: one of them
    /// could be passed over.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// use orm::Page;
    /// async fn newest(db: &Db, after: Option<&str>) -> orm::Result<Page<User>> {
    ///     User::query()
    ///         .filter(User::email_verified)
    ///         .order_by((User::created_at.desc(), User::id.asc()))
    ///         .page(20)
    ///         .after(after)
    ///         .fetch(db)
    ///         .await
    /// }
    /// ```
    pub fn page(self, rows: u64) -> Paged<S, R, H>
    where
        H: ReadInPages,
    {
        Paged { query: self, rows, place: None, key: NO_KEY, tie_break: true }
    }
}

impl<S, R, H> Paged<S, R, H> {
    /// The page after the row that this cursor stands for: `page.next` of another page. `None` is the first page.
    pub fn after(mut self, cursor: impl IntoCursor) -> Self {
        self.place = cursor.into_cursor().map(|cursor| (cursor, true));
        self
    }

    /// The page before the row that this cursor stands for: `page.previous` of another page. `None` is the first page.
    pub fn before(mut self, cursor: impl IntoCursor) -> Self {
        self.place = cursor.into_cursor().map(|cursor| (cursor, false));
        self
    }

    /// Signs the cursors, and takes only those that were signed with the same key.
    ///
    /// Without a key, a cursor that was changed by accident is refused; whoever takes the trouble can make one of their own, which
    /// shows them no row that the query does not give, but another place in its order.
    pub fn signed_with(mut self, key: &[u8; 16]) -> Self {
        self.key = *key;
        self
    }

    /// Adds no key to the order: it leaves no two rows equal.
    pub fn without_tie_break(mut self) -> Self {
        self.tie_break = false;
        self
    }

    /// What is sent for the page.
    ///
    /// # Errors
    /// A query that cannot be read in pages; a cursor that is not of this query's order.
    pub(crate) fn into_plan(self, written: super::keyset::Writes) -> Result<Plan> {
        let mut select = self.query.select;
        if self.rows == 0 {
            return Err(Error::new(ErrorKind::Query, "a page has at least one row"));
        }
        let keys = Keys::of(&select, self.tie_break)?;
        let fingerprint = keys.fingerprint(written)?;
        let place = match &self.place {
            None => None,
            Some((cursor, _)) => {
                let place = Place::of_cursor(cursor, &self.key)?;
                if place.fingerprint != fingerprint || !keys.fit(&place.values) {
                    let message = "the cursor belongs to a query with another order";
                    return Err(Error::new(ErrorKind::Cursor, message)
                        .with_hint("start again at the first page"));
                }
                Some(place)
            }
        };
        let is_forward = self.place.is_none_or(|(_, is_forward)| is_forward);
        let count = keys.len();
        let keys = if is_forward { keys } else { keys.reversed() };
        select.order = keys.order();
        select.outputs.extend(keys.outputs());
        // One more says whether there is another page.
        select.limit = Some(Param::rows(self.rows.saturating_add(1)));
        if let Some(place) = place.clone() {
            let condition = keys.after(place.values, place.inclusive);
            // The keys of a grouped query may be aggregates.
            let is_grouped = !select.group.is_empty();
            let clause = if is_grouped { &mut select.having } else { &mut select.filters };
            clause.extend(condition);
        }
        Ok(Plan {
            statement: Statement::Select(select),
            rows: usize::try_from(self.rows).unwrap_or(usize::MAX),
            keys: count,
            is_forward,
            place,
            fingerprint,
            key: self.key,
        })
    }
}

/// A page that is read.
pub(crate) struct Plan {
    pub(crate) statement: Statement,
    rows: usize,
    keys: usize,
    is_forward: bool,
    place: Option<Place>,
    fingerprint: u64,
    key: [u8; 16],
}

/// A row, and the values of the keys that it is sorted by.
pub(crate) struct Keyed<Row> {
    row: Row,
    values: Vec<Option<Vec<u8>>>,
}

impl<Row: Decode> Decode for Keyed<Row> {
    fn decode(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self { row: Row::decode(cells)?, values: cells.rest()? })
    }
}

impl Plan {
    /// The page, of the rows that the statement gave.
    pub(crate) fn page<Row>(self, mut found: Vec<Keyed<Row>>) -> Page<Row> {
        let has_more = found.len() > self.rows;
        found.truncate(self.rows);
        if !self.is_forward {
            found.reverse();
        }
        let cursor = |values: &[Option<Vec<u8>>], inclusive| {
            let values = values.iter().take(self.keys).cloned().collect();
            Place { fingerprint: self.fingerprint, inclusive, values }.to_cursor(&self.key)
        };
        let (first, last) = (found.first(), found.last());
        // The place itself is on the other side; a page without rows goes back to where it began, the row of it included.
        let back = |edge: Option<&Keyed<Row>>| {
            let place = self.place.as_ref()?;
            Some(match edge {
                Some(edge) => cursor(&edge.values, false),
                None => cursor(&place.values, !place.inclusive),
            })
        };
        let on = |edge: Option<&Keyed<Row>>| {
            edge.filter(|_| has_more).map(|edge| cursor(&edge.values, false))
        };
        let (next, previous) =
            if self.is_forward { (on(last), back(first)) } else { (back(last), on(first)) };
        Page { next, previous, rows: found.into_iter().map(|keyed| keyed.row).collect() }
    }
}

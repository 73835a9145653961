//! Relations: the related rows as one cell, an array of records or a record.
//!
//! Facts from measurements: `ARRAY(SELECT ROW(..))` over nothing is `{}`, where `array_agg` is NULL, and it
//! takes ORDER BY and LIMIT. `ROW(NULL, ..)` is not NULL, so a to-one relation is a scalar subquery.

use super::writer::Writer;
use crate::query::node::{Cardinality, NestedSelect};

impl<'a> Writer<'a> {
    /// `ARRAY(SELECT ROW(..) ..)` or `(SELECT ROW(..) ..)`, correlated with the innermost source in reach.
    pub(super) fn relation(&mut self, nested: &'a NestedSelect, gives_rows: bool) {
        let parent = self.innermost();
        let select = &nested.select;
        self.push(match nested.cardinality {
            Cardinality::Many => "ARRAY(SELECT ROW(",
            Cardinality::One => "(SELECT ROW(",
        });
        let depth = self.depth();
        self.enter_sources(select);
        self.gives_rows = gives_rows;
        self.outputs(&select.outputs);
        self.leave(depth);
        self.push(")");
        self.from(select);
        self.push(" WHERE ");
        let child = self.innermost();
        self.separated(" AND ", nested.keys, |writer, (of_parent, of_child)| {
            writer.column_of(&child, of_child);
            writer.push(" = ");
            writer.column_of(&parent, of_parent);
        });
        for filter in &select.filters {
            self.push(" AND ");
            self.term(filter);
        }
        self.tail(select);
        self.push(")");
        self.leave(depth);
    }
}

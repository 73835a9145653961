//! `INSERT`, `UPDATE`, `DELETE`: the clauses in the order of the manual's pages.

use super::writer::Writer;
use crate::query::node::{Conflict, DeleteNode, InsertNode, Node, Output, SourceRef, UpdateNode};

impl<'a> Writer<'a> {
    /// `INSERT INTO .. VALUES ..`.
    pub(super) fn insert(&mut self, insert: &'a InsertNode) {
        self.push("INSERT INTO ");
        self.source(&insert.source);
        self.insert_values(insert);
        if let Some(conflict) = &insert.conflict {
            self.conflict(conflict);
        }
        self.returning(&insert.returning);
    }

    fn insert_values(&mut self, insert: &'a InsertNode) {
        if insert.rows.is_empty() {
            // `VALUES` has at least one row, and `DEFAULT VALUES` is one: a query without columns and rows is neither.
            return self.push(" SELECT WHERE false");
        }
        let columns: Vec<&str> = insert
            .columns
            .iter()
            .filter_map(|position| insert.source.table.columns.get(*position))
            .map(|column| column.name.as_ref())
            .collect();
        if columns.is_empty() {
            return self.default_values(&insert.source, insert.rows.len());
        }
        self.push(" (");
        self.separated(", ", columns, |writer, column| writer.ident(column));
        self.push(") VALUES ");
        self.separated(", ", &insert.rows, |writer, row| {
            writer.push("(");
            writer.separated(", ", row, Self::node);
            writer.push(")");
        });
    }

    /// Rows that set no column. `DEFAULT VALUES` is one row; several need a column to say `DEFAULT` for.
    fn default_values(&mut self, source: &SourceRef, rows: usize) {
        match source.table.columns.first() {
            Some(first) if rows > 1 => {
                self.push(" (");
                self.ident(&first.name);
                self.push(") VALUES ");
                self.separated(", ", 0..rows, |writer, _| writer.push("(DEFAULT)"));
            }
            _ => self.push(" DEFAULT VALUES"),
        }
    }

    fn conflict(&mut self, conflict: &'a Conflict) {
        self.push(" ON CONFLICT");
        if !conflict.target.is_empty() {
            self.push(" (");
            self.separated(", ", &conflict.target, |writer, column| writer.ident(column));
            self.push(")");
        }
        let Some(set) = &conflict.set else { return self.push(" DO NOTHING") };
        self.push(" DO UPDATE SET ");
        self.assignments(set);
    }

    /// `UPDATE .. SET ..`.
    pub(super) fn update(&mut self, update: &'a UpdateNode) {
        self.push("UPDATE ");
        self.source(&update.source);
        self.push(" SET ");
        self.assignments(&update.set);
        self.conditions(" WHERE ", &update.filters);
        self.returning(&update.returning);
    }

    /// `DELETE FROM ..`.
    pub(super) fn delete(&mut self, delete: &'a DeleteNode) {
        self.push("DELETE FROM ");
        self.source(&delete.source);
        self.conditions(" WHERE ", &delete.filters);
        self.returning(&delete.returning);
    }

    fn assignments(&mut self, set: &'a [(&'static str, Node)]) {
        self.separated(", ", set, |writer, (column, node)| {
            writer.ident(column);
            writer.push(" = ");
            writer.node(node);
        });
    }

    fn returning(&mut self, outputs: &'a [Output]) {
        if !outputs.is_empty() {
            self.push(" RETURNING ");
            self.outputs(outputs);
        }
    }
}

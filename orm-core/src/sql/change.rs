//! `INSERT`, `UPDATE`, `DELETE`: the clauses in the order of the manual's pages.

use super::writer::Writer;
use crate::query::node::{
    Conflict, ConflictTarget, DeleteNode, FromItem, InsertNode, InsertRows, Join, Node, Output,
    Param, RowsOfColumn, Target, UpdateNode,
};

impl<'a> Writer<'a> {
    /// Writes the table that is changed, with the name it goes by, and brings it into reach.
    pub(super) fn target(&mut self, target: &'a Target) {
        self.table(target.table);
        self.enter(target.name);
        self.renamed(&target.table.name);
    }

    /// `INSERT INTO .. VALUES ..`.
    pub(super) fn insert(&mut self, insert: &'a InsertNode) {
        self.named_ctes(&insert.with);
        let depth = self.depth();
        self.push("INSERT INTO ");
        self.target(&insert.target);
        self.insert_rows(insert);
        if let Some(conflict) = &insert.conflict {
            self.conflict(conflict);
        }
        self.returning(&insert.returning);
        self.leave(depth);
    }

    fn insert_rows(&mut self, insert: &'a InsertNode) {
        match &insert.rows {
            // `VALUES` has at least one row, and `DEFAULT VALUES` is one: a query without columns and rows is neither.
            InsertRows::Values(rows) if rows.is_empty() => self.push(" SELECT WHERE false"),
            InsertRows::Values(rows) if insert.columns.is_empty() => {
                self.default_values(insert, rows.len());
            }
            InsertRows::Values(rows) => {
                self.insert_columns(insert);
                self.push(" VALUES ");
                self.separated(", ", rows, |writer, row| {
                    writer.push("(");
                    writer.separated(", ", row, Self::node);
                    writer.push(")");
                });
            }
            InsertRows::Select(select) => {
                self.insert_columns(insert);
                self.push(" ");
                // The table that is written is no source of the select.
                let text = self.apart(|writer| writer.select(select));
                self.append(&text);
            }
            InsertRows::Unnest(arrays, _) => {
                self.insert_columns(insert);
                // In the select list, where an array of rows stays one column. They are read in step.
                self.push(" SELECT ");
                self.separated(", ", arrays, Self::node);
            }
            InsertRows::Regrouped(columns, count, _) => {
                self.insert_columns(insert);
                self.regrouped(columns, count);
            }
        }
    }

    /// Rows with arrays: `unnest` cannot keep them apart, so the elements are grouped by the numbers of their rows.
    fn regrouped(&mut self, columns: &'a [RowsOfColumn], count: &'a Param) {
        self.push(" SELECT ");
        self.separated(", ", columns.iter().enumerate(), |writer, (index, column)| match column {
            RowsOfColumn::One(_) => writer.numbered("\"rows\".\"column", index, "\""),
            RowsOfColumn::Arrays { .. } => {
                writer.numbered("CASE WHEN \"rows\".\"column", index, "\" THEN coalesce(");
                writer.numbered("\"arrays", index, "\".\"value\", '{}') END");
            }
        });
        self.push(" FROM (SELECT ");
        for (index, column) in columns.iter().enumerate() {
            match column {
                RowsOfColumn::One(node) => self.node(node),
                RowsOfColumn::Arrays { given, .. } => self.unnest(given),
            }
            self.numbered(" AS \"column", index, "\", ");
        }
        self.push("generate_series(1, ");
        self.param(count);
        self.push(") AS \"row\") AS \"rows\"");
        for (index, column) in columns.iter().enumerate() {
            let RowsOfColumn::Arrays { elements, rows, .. } = column else { continue };
            self.push(" LEFT JOIN (SELECT \"row\", array_agg(\"element\" ORDER BY \"place\") AS \"value\"");
            self.push(" FROM (SELECT ");
            self.unnest(elements);
            self.push(" AS \"element\", ");
            self.push("unnest(");
            self.node(rows);
            self.push(")");
            // The places count all elements, in their order.
            self.push(" AS \"row\", generate_series(1, cardinality(");
            self.node(rows);
            self.push(")) AS \"place\") AS \"elements\" GROUP BY \"row\")");
            self.numbered(" AS \"arrays", index, "\"");
            self.numbered(" ON \"arrays", index, "\".\"row\" = \"rows\".\"row\"");
        }
        self.push(" ORDER BY \"rows\".\"row\"");
    }

    fn unnest(&mut self, array: &'a Param) {
        self.push("unnest(");
        self.typed_param(array);
        self.push(")");
    }

    fn numbered(&mut self, before: &'static str, index: usize, after: &'static str) {
        self.push(before);
        self.number(index + 1);
        self.push(after);
    }

    fn insert_columns(&mut self, insert: &'a InsertNode) {
        self.push(" (");
        let columns =
            insert.columns.iter().filter_map(|position| insert.target.table.columns.get(*position));
        self.separated(", ", columns, |writer, column| writer.ident(&column.name));
        self.push(")");
        if let Some(overriding) = insert.overriding {
            self.push(overriding);
        }
    }

    /// Rows that set no column. `DEFAULT VALUES` is one row; several need a column to say `DEFAULT` for.
    fn default_values(&mut self, insert: &'a InsertNode, rows: usize) {
        match insert.target.table.columns.first() {
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
        match &conflict.target {
            ConflictTarget::Any => {}
            ConflictTarget::Columns(columns, filters) => {
                // The names of the columns alone: the name of the table is not known here.
                let qualified = std::mem::replace(&mut self.bare_columns, true);
                self.push(" (");
                self.separated(", ", columns, Self::operand);
                self.push(")");
                self.conditions(" WHERE ", filters);
                self.bare_columns = qualified;
            }
            ConflictTarget::Constraint(name) => {
                self.push(" ON CONSTRAINT ");
                self.ident(name);
            }
        }
        let Some(update) = &conflict.update else { return self.push(" DO NOTHING") };
        self.push(" DO UPDATE SET ");
        self.assignments(&update.set);
        self.conditions(" WHERE ", &update.filters);
    }

    /// `UPDATE .. SET .. FROM ..`.
    pub(super) fn update(&mut self, update: &'a UpdateNode) {
        self.named_ctes(&update.with);
        if update.is_empty {
            // A statement has a list of assignments: one that changes no row gives none.
            return self.select_of_nothing(&update.target, &update.returning);
        }
        let depth = self.depth();
        self.push("UPDATE ");
        self.target(&update.target);
        self.push(" SET ");
        // What is set may read sources that come after it in the text.
        let inside = self.depth();
        self.enter_items(&update.from, &update.joins);
        self.assignments(&update.set);
        self.leave(inside);
        self.items(" FROM ", &update.from, &update.joins);
        self.conditions(" WHERE ", &update.filters);
        self.returning(&update.returning);
        self.leave(depth);
    }

    /// `DELETE FROM .. USING ..`.
    pub(super) fn delete(&mut self, delete: &'a DeleteNode) {
        self.named_ctes(&delete.with);
        let depth = self.depth();
        self.push("DELETE FROM ");
        self.target(&delete.target);
        self.items(" USING ", &delete.using, &delete.joins);
        self.conditions(" WHERE ", &delete.filters);
        self.returning(&delete.returning);
        self.leave(depth);
    }

    /// No row of a table.
    fn select_of_nothing(&mut self, target: &'a Target, outputs: &'a [Output]) {
        let depth = self.depth();
        let text = self.apart(|writer| writer.target(target));
        self.enter(target.name);
        self.push("SELECT ");
        self.gives_rows = self.returns_rows;
        self.outputs(outputs);
        self.push(" FROM ");
        self.append(&text);
        self.push(" WHERE false");
        self.leave(depth);
    }

    fn enter_items(&mut self, items: &'a [FromItem], joins: &'a [Join]) {
        for item in items {
            self.enter(item.name);
        }
        for join in joins {
            self.enter(join.source.name);
        }
    }

    fn items(&mut self, keyword: &'static str, items: &'a [FromItem], joins: &'a [Join]) {
        if !items.is_empty() {
            self.push(keyword);
            self.separated(", ", items, Self::source);
            self.joins(joins);
        }
    }

    pub(super) fn assignments(&mut self, set: &'a [(&'static str, Node)]) {
        self.separated(", ", set, |writer, (column, node)| {
            writer.ident(column);
            writer.push(" = ");
            writer.node(node);
        });
    }

    /// `RETURNING ..`.
    pub(super) fn returning(&mut self, outputs: &'a [Output]) {
        if !outputs.is_empty() {
            self.push(" RETURNING ");
            self.gives_rows = self.returns_rows;
            self.outputs(outputs);
        }
    }
}

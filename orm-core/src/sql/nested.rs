//! Relations: the related rows as one cell, an array of records or a record; and what expressions ask of them.
//!
//! Facts from measurements: `ARRAY(SELECT ROW(..))` over nothing is `{}`, where `array_agg` is NULL, and it
//! takes ORDER BY and LIMIT. `ROW(NULL, ..)` is not NULL, so a to-one relation is a scalar subquery.

use super::select::texts;
use super::writer::{ROW, Writer};
use crate::query::node::{Cardinality, Distinct, NestedSelect, RelatedForm, Select};

impl<'a> Writer<'a> {
    /// `ARRAY(SELECT ROW(..) ..)` or `(SELECT ROW(..) ..)`, correlated with the source in reach that has the relation.
    pub(super) fn relation(&mut self, nested: &'a NestedSelect, gives_rows: bool) {
        self.push(match nested.cardinality {
            Cardinality::Many => "ARRAY(",
            Cardinality::One => "(",
        });
        let parent = self.name_of(nested.parent);
        let select = &nested.select;
        if matches!(select.distinct, Distinct::No) {
            self.correlated(nested, &parent, |writer| {
                writer.push(if nested.is_value { "" } else { "ROW(" });
                writer.gives_rows = gives_rows;
                writer.fields(&select.outputs);
                writer.push(if nested.is_value { "" } else { ")" });
            });
        } else {
            self.distinct_relation(nested, &parent, gives_rows);
        }
        self.push(")");
    }

    /// Equal rows are those whose values are equal, not their texts, and records of some types cannot be compared: the rows are a
    /// derived table.
    fn distinct_relation(&mut self, nested: &'a NestedSelect, parent: &str, gives_rows: bool) {
        let select = &nested.select;
        let texts = texts(select);
        self.push(if nested.is_value { "SELECT " } else { "SELECT ROW(" });
        self.numbered_columns(&texts, gives_rows);
        self.push(if nested.is_value { " FROM (" } else { ") FROM (" });
        self.correlated(nested, parent, |writer| {
            writer.distinct(&select.distinct);
            writer.outputs(&select.outputs);
        });
        self.push(")");
        self.named_by_number(texts.len());
    }

    /// What an expression asks of the related rows.
    pub(super) fn related(&mut self, nested: &'a NestedSelect, form: RelatedForm) {
        let parent = self.name_of(nested.parent);
        let select = &nested.select;
        match form {
            RelatedForm::Exists => self.push("EXISTS ("),
            RelatedForm::NotExists => self.push("NOT EXISTS ("),
            RelatedForm::Value => self.push("("),
        }
        match form {
            RelatedForm::Value if select.is_reduced() => self.value_of_rows(nested, &parent),
            RelatedForm::Value => {
                self.correlated(nested, &parent, |writer| writer.outputs(&select.outputs));
            }
            _ => self.correlated(nested, &parent, |writer| {
                if !matches!(select.distinct, Distinct::No) {
                    writer.distinct(&select.distinct);
                    writer.outputs(&select.outputs);
                }
            }),
        }
        self.push(")");
    }

    /// An aggregate of rows that a limit has left: they are a derived table, of the name that the expression knows.
    fn value_of_rows(&mut self, nested: &'a NestedSelect, parent: &str) {
        let select = &nested.select;
        let Some(source) = &select.from else { return };
        let depth = self.depth();
        self.enter(source.name);
        let name = self.innermost();
        // The row of a join table: where equal rows are given once, they are those of the related table.
        let join = select.joins.first().map(|join| join.source.name);
        let join = join.filter(|_| matches!(select.distinct, Distinct::No));
        if let Some(join) = join {
            self.enter_column(join, &name);
        }
        self.push("SELECT ");
        self.outputs(&select.outputs);
        self.leave(depth);
        self.push(" FROM (");
        self.correlated(nested, parent, |writer| {
            writer.distinct(&select.distinct);
            writer.columns_of(source.name, source.columns);
            if let Some(join) = join {
                writer.push(", ");
                writer.source_name(join);
                writer.push(" AS ");
                writer.ident(ROW);
            }
        });
        self.push(") AS ");
        self.ident(&name);
    }

    /// `SELECT .. FROM child WHERE child.key = parent.key ..`; the parent goes by that name.
    fn correlated(
        &mut self,
        nested: &'a NestedSelect,
        parent: &str,
        outputs: impl FnOnce(&mut Self),
    ) {
        let select: &'a Select = &nested.select;
        let depth = self.depth();
        self.enter_sources(select);
        self.push("SELECT ");
        outputs(self);
        self.leave(depth);
        self.trim_end();
        self.from(select);
        self.push(" WHERE ");
        self.separated(" AND ", nested.keys, |writer, (of_parent, of_child)| {
            writer.column(nested.child, of_child);
            writer.push(" = ");
            writer.column_of(parent, of_parent);
        });
        for (column, value) in &nested.own_values {
            self.push(" AND ");
            self.column_of(parent, column);
            self.push(" = ");
            self.term(value);
        }
        for filter in &select.filters {
            self.push(" AND ");
            self.term(filter);
        }
        self.tail(select);
        self.leave(depth);
    }
}

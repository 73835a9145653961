//! Rows that do not satisfy a check, also one on columns that are not yet what they will be.

use super::RowCheck;
use super::check::{CheckedColumn, SHOWN};
use crate::ddl::cast::converted;
use crate::ddl::serial::{is_serial, stored_type};
use orm_core::schema::{Check, Column, Schema};
use orm_core::sql::ident::Ident;

impl CheckedColumn<'_> {
    pub(super) fn holds(&self, check: &Check, from: &Schema) -> Option<RowCheck> {
        let expression = &check.expression;
        let rows = self.rows_with(expression, from)?;
        let named = check.name.as_deref();
        let named =
            named.map_or_else(|| "the check".to_owned(), |name| format!("check {}", Ident(name)));
        Some(self.check(
            &format!("does not satisfy {named}: {expression}"),
            &format!("do not satisfy {named}: {expression}"),
            format!("SELECT count(*) FROM {rows} WHERE NOT ({expression})"),
            format!("SELECT * FROM {rows} WHERE NOT ({expression}) LIMIT {SHOWN}"),
        ))
    }

    /// The rows as they will be, as far as the expression reads them; none where their values are not known before.
    fn rows_with(&self, expression: &str, from: &Schema) -> Option<String> {
        let table = self.name.qualified();
        if !self.mentions_what_changes(expression) {
            return Some(table.to_string());
        }
        let live = from.table(&self.name.schema, &self.name.name)?;
        let place = |column: &Column| (self.name.clone(), column.name.clone());
        let is_read = |column: &Column| crate::diff::mentions(expression, &column.name);
        let is_there =
            |column: &&Column| is_read(column) && !self.known.added.contains_key(&place(column));
        let stay = live.columns.iter().filter(is_there).map(|column| {
            let name = Ident(&column.name);
            match self.known.retyped.get(&place(column)) {
                Some(to) => {
                    let new = stored_type(&to.data_type);
                    let base = self.known.domains.base(new);
                    let old = stored_type(&column.data_type);
                    let value = converted(&name.to_string(), old, &base, &self.known.domains);
                    let value = value.unwrap_or_else(|| format!("{name}::{base}"));
                    format!("{value} AS {name}")
                }
                None => name.to_string(),
            }
        });
        let mut columns: Vec<String> = stay.collect();
        for ((of, _), column) in &self.known.added {
            if of == self.name && is_read(column) {
                let name = Ident(&column.name);
                columns.push(format!("{} AS {name}", self.first_value(column)?));
            }
        }
        Some(format!("(SELECT {} FROM {table}) AS {}", columns.join(", "), Ident(&self.name.name)))
    }

    /// The value of a new column in the rows that are there, if it is one for all.
    fn first_value(&self, column: &Column) -> Option<String> {
        if column.generated.is_some() || column.identity.is_some() || is_serial(column) {
            return None;
        }
        let base = self.known.domains.base(&column.data_type);
        match &column.default {
            None => Some(format!("NULL::{base}")),
            // What is called may give each row another value.
            Some(default) if default.contains('(') => None,
            Some(default) => Some(format!("({default})::{base}")),
        }
    }
}

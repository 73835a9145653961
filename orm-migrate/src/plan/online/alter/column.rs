//! Columns that are added or altered.

use super::{Fill, Parts, Work};
use crate::change::ObjectName;
use crate::ddl::serial::{self, is_retyped, is_serial, stored_type};
use crate::ddl::{alter, object, online};
use crate::plan::written::{is_looked_at, is_rewritten_by_type, is_written_by_default};
use orm_core::schema::names::implied;
use orm_core::schema::{Column, IndexKey};
use orm_core::sql::ident::Ident;

impl Work<'_> {
    /// `false` if there is no online form.
    pub(super) fn add_column(
        &mut self,
        table: &ObjectName,
        column: &Column,
        parts: &mut Parts,
    ) -> bool {
        if column.generated.is_some() && is_written_by_default(column, &self.known)
            || is_looked_at(column, &self.known)
        {
            return false;
        }
        let comment = || alter::comment_column(table, &column.name, column.comment.as_ref());
        if !is_written_by_default(column, &self.known) {
            parts.quick.push(alter::add_column(column));
            parts.then.extend(column.comment.is_some().then(comment));
            return true;
        }
        // Without a value at first, so that no row is written.
        let bare = Column {
            data_type: stored_type(&column.data_type).to_owned().into(),
            nullable: true,
            default: None,
            identity: None,
            comment: None,
            ..column.clone()
        };
        parts.quick.push(alter::add_column(&bare));
        if let Some(identity) = column.identity {
            let lender = implied(&table.name, &[&column.name], "orm_fill");
            let options = object::sequence_options(&identity.sequence);
            parts.then.push(online::create_sequence(
                &table.schema,
                &lender,
                &bare.data_type,
                &options,
            ));
            let default = online::next_of(&table.schema, &lender);
            parts.then.push(alter::table(table, &[online::set_default(&column.name, &default)]));
            let lent = Column { default: Some(default.into()), nullable: false, ..bare.clone() };
            parts.end.push(alter::table(table, &alter::column(table, &lent, column)));
            parts.end.extend(online::take_over_sequence(
                table,
                &column.name,
                &table.schema,
                &lender,
            ));
        } else if is_serial(column) {
            let nullable = Column { nullable: true, comment: None, ..column.clone() };
            parts.then.extend(serial::before(table, &bare, &nullable));
            parts.then.push(alter::table(table, &alter::column(table, &bare, &nullable)));
        } else if let Some(default) = &column.default {
            parts.quick.push(online::set_default(&column.name, default));
        }
        parts.then.extend(column.comment.is_some().then(comment));
        parts.fills.push(Fill {
            column: column.name.clone(),
            value: "DEFAULT".to_owned(),
            lacking: format!("{} IS NULL", Ident(&column.name)),
        });
        if !column.nullable {
            parts.forbid_null(table, &column.name);
            parts.last.push(alter::set_not_null(&column.name));
        }
        true
    }

    /// `false` if there is no online form.
    pub(super) fn alter_column(
        &mut self,
        table: &ObjectName,
        from: &Column,
        to: &Column,
        parts: &mut Parts,
    ) -> bool {
        let is_sorted_anew = || {
            is_retyped(from, to)
                && from.collation != to.collation
                && self.has_index(table, &from.name)
        };
        if is_rewritten_by_type(from, to, &self.known) || is_sorted_anew() {
            return false;
        }
        // An identity needs NOT NULL, which comes last.
        let between = if from.nullable && !to.nullable {
            let identity = if from.identity.is_none() { None } else { to.identity };
            Column { nullable: true, identity, ..to.clone() }
        } else {
            to.clone()
        };
        let before = serial::before(table, from, &between);
        let commands = alter::column(table, from, &between);
        if before.is_empty() {
            parts.quick.extend(commands);
        } else {
            parts.then.extend(before);
            if !commands.is_empty() {
                parts.then.push(alter::table(table, &commands));
            }
        }
        parts.then.extend(serial::after(table, from, &between));
        if from.comment != to.comment {
            parts.then.push(alter::comment_column(table, &to.name, to.comment.as_ref()));
        }
        if between != *to {
            parts.forbid_null(table, &to.name);
            parts.last.extend(alter::column(table, &between, to));
            parts.end.extend(serial::after(table, &between, to));
        }
        true
    }

    fn has_index(&self, table: &ObjectName, column: &str) -> bool {
        let Some(live) = self.table(table) else { return false };
        let in_index =
            live.indexes.iter().flat_map(|index| index.parts.iter()).any(|part| match &part.key {
                IndexKey::Column(name) => name == column,
                IndexKey::Expression(text) => crate::diff::mentions(text, column),
            });
        let in_key = (live.primary_key.iter().map(|key| &key.columns))
            .chain(live.uniques.iter().map(|unique| &unique.columns))
            .any(|columns| columns.iter().any(|name| name == column));
        in_index || in_key
    }
}

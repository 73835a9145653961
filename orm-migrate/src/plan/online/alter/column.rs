//! Columns that are added or altered.

use super::{AlterParts, Fill, OnlineWork};
use crate::change::{ObjectName, Part};
use crate::ddl::serial::{self, is_serial, stored_type};
use crate::ddl::{alter, object, online, time_zone};
use crate::plan::table_rewrite::{is_looked_at, is_rewritten_by_type, is_written_by_default};
use orm_core::schema::Column;
use orm_core::schema::names::implied;
use orm_core::sql::ident::Ident;

impl OnlineWork<'_> {
    /// `false` if there is no online form.
    pub(super) fn add_column(
        &mut self,
        table: &ObjectName,
        column: &Column,
        parts: &mut AlterParts,
    ) -> bool {
        if column.generated.is_some() && is_written_by_default(column, &self.known)
            || is_looked_at(column, &self.known)
        {
            return false;
        }
        let comment = || alter::comment_column(table, &column.name, column.comment.as_ref());
        if !is_written_by_default(column, &self.known) {
            parts.quick.push(alter::add_column(table, column));
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
        parts.quick.push(alter::add_column(table, &bare));
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
            parts.end.push(alter::table(
                table,
                &alter::column(table, &lent, column, self.known.types()),
            ));
            parts.end.extend(online::take_over_sequence(
                table,
                &column.name,
                &table.schema,
                &lender,
            ));
        } else if is_serial(column) {
            let nullable = Column { nullable: true, comment: None, ..column.clone() };
            parts.then.extend(serial::before(table, &bare, &nullable, self.known.sequences()));
            parts.then.push(alter::table(
                table,
                &alter::column(table, &bare, &nullable, self.known.types()),
            ));
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
        parts: &mut AlterParts,
    ) -> bool {
        if is_rewritten_by_type(from, to, &self.known)
            || !self.kept.indexes(table, from, to).is_empty()
        {
            return false;
        }
        for check in self.kept.checks(table, from, to) {
            // It holds for the rows that are written from now on, and the others are read beside those who write.
            let part = Part::Check(check.clone());
            if !parts.validated.iter().any(|name| name == part.name()) {
                parts.quick.push(alter::drop_constraint(part.name()));
                parts.quick.push(online::add_not_valid(&part));
                parts.validated.push(part.name().to_owned());
            }
        }
        let to_forbid = from.nullable && !to.nullable && !self.kept.has_no_null(table, from);
        // An identity needs NOT NULL, which comes last.
        let between = if to_forbid {
            let identity = if from.identity.is_none() { None } else { to.identity };
            Column { nullable: true, identity, ..to.clone() }
        } else {
            to.clone()
        };
        let both = || [(from, &between)].into_iter();
        let mut before = serial::before(table, from, &between, self.known.sequences());
        before.extend(time_zone::before(both()));
        let commands = alter::column(table, from, &between, self.known.types());
        if before.is_empty() {
            parts.quick.extend(commands);
        } else {
            parts.then.extend(before);
            if !commands.is_empty() {
                parts.then.push(alter::table(table, &commands));
            }
        }
        parts.then.extend(serial::after(table, from, &between, self.known.sequences()));
        if from.comment != to.comment {
            parts.then.push(alter::comment_column(table, &to.name, to.comment.as_ref()));
        }
        if between != *to {
            parts.forbid_null(table, &to.name);
            parts.last.extend(alter::column(table, &between, to, self.known.types()));
            parts.end.extend(serial::after(table, &between, to, self.known.sequences()));
        }
        true
    }
}

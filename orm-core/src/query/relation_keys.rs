//! The columns along which a relation leads: found in the foreign keys that the tables declare. For generated code.
//!
//! All of it is evaluated when the crate that declares the relation is compiled; what does not fit is a [`Message`].

#![expect(
    clippy::result_large_err,
    reason = "all of it is evaluated by the compiler, where nothing can allocate"
)]

mod data;
mod named;

use super::Table;
use super::node::Field;
use super::relation::Keys;
use super::relation_message::Message;
use crate::schema;
use data::{Pairs, is_among, is_unique, items, listed, pairs, same, text};
use named::PickedKey;

pub use named::{condition_of, fixed, fixed_column, paired, picked_key};

/// The columns along which a relation leads, or why there are none.
pub type Leads = Result<Pairs, Message>;

/// The columns that were found.
#[track_caller]
pub const fn keys_of(found: &'static Leads) -> Keys {
    match found {
        Ok(pairs) => pairs.keys(),
        Err(message) => panic!("{}", message.text()),
    }
}

/// A table, and what its struct is called where the relation is declared.
#[derive(Clone, Copy, Debug)]
pub struct End {
    table: &'static schema::Table,
    fields: &'static [Field],
    ident: &'static str,
    is_whole: bool,
}

/// The table `T`.
pub const fn end<T: Table>(ident: &'static str) -> End {
    End { table: T::TABLE, fields: T::FIELDS, ident, is_whole: T::IS_WHOLE }
}

impl End {
    /// The field of a column.
    const fn field(&self, column: &'static str) -> &'static str {
        let columns = items(&self.table.columns);
        let mut at = 0;
        while at < columns.len() && at < self.fields.len() {
            if same(text(&columns[at].name), column) {
                return self.fields[at].name;
            }
            at += 1;
        }
        column
    }

    const fn is(&self, schema: &str, name: &str) -> bool {
        same(text(&self.table.schema), schema) && same(text(&self.table.name), name)
    }

    /// A column that others reference: the first of the primary key.
    const fn referenced(&self) -> &'static str {
        if let Some(key) = &self.table.primary_key
            && let [first, ..] = items(&key.columns)
        {
            return self.field(text(first));
        }
        "column"
    }
}

/// What a relation is declared to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// `has_many`.
    Any,
    /// `has_one` or `belongs_to`: the columns of the related table are unique.
    AtMostOne,
    /// The same with a filter, which a partial index may agree with.
    AtMostOneFiltered,
}

/// The relation that is declared: whose, with its name and key in the attribute.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    from: End,
    /// Its key in the attribute.
    key: &'static str,
    name: &'static str,
    rows: Rows,
}

/// A relation of the table `T`: what its struct is called, the key in the attribute, and the name of the relation.
pub const fn declared<T: Table>([ident, key, name]: [&'static str; 3], rows: Rows) -> Declared {
    Declared { from: end::<T>(ident), key, name, rows }
}

impl Declared {
    const fn message(&self) -> Message {
        Message::EMPTY.and(&["relation `", self.name, "` of table `", self.from.ident, "`"])
    }

    /// The columns of a foreign key of the related table.
    pub const fn direct(&self, to: End, picked: Option<PickedKey>) -> Leads {
        let (from, to) = (self.from, to);
        if !from.is_whole || !to.is_whole {
            return Ok(Pairs::NONE);
        }
        let name_it = Message::EMPTY.and(&["name one: `", self.key, "(", self.name, ": "]);
        let found = match self.reference(to, from, picked, name_it, ")`") {
            Ok(found) => found,
            Err(message) => return Err(message),
        };
        let Some(pairs) = found else {
            let message = self.message().and(&[
                ": table `",
                to.ident,
                "` does not reference `",
                from.ident,
                "`; declare it in `",
                to.ident,
                "`, `#[column(references = ",
                from.ident,
                "::",
                from.referenced(),
                ")]`, or pairs of columns that are equal, `",
                self.key,
                "(",
                self.name,
                ": ",
                to.ident,
                " on(",
                from.referenced(),
                " = ",
                to.ident,
                "::column))`",
            ]);
            return Err(message);
        };
        self.limited(to, pairs, to.ident, ")`")
    }

    /// Columns that are equal without a foreign key; and those of the related table that have one value.
    pub const fn along(&self, to: End, keys: Keys, fixed: &[&'static str]) -> Leads {
        if !self.from.is_whole || !to.is_whole {
            return Ok(Pairs::NONE);
        }
        let pairs = Pairs::of(keys);
        match self.limited(to, pairs.and_seconds(fixed), to.ident, " on(..))`") {
            Ok(_) => Ok(pairs),
            several => several,
        }
    }

    /// The columns of this table and of the join table.
    pub const fn near_keys(&self, join: End, to: End, picked: Option<PickedKey>) -> Leads {
        if same(text(&join.table.schema), text(&to.table.schema))
            && same(text(&join.table.name), text(&to.table.name))
            && join.is_whole
        {
            return Err(self.message().and(&[
                " leads through `",
                join.ident,
                "`, which is the related table itself; a join table has a row for each pair",
            ]));
        }
        match self.side(join, self.from, to, picked, true) {
            Ok(pairs) => self.limited(join, pairs, to.ident, " through(..))`"),
            wrong => wrong,
        }
    }

    /// The columns of the related table and of the join table.
    pub const fn far_keys(
        &self,
        join: End,
        to: End,
        picked: Option<PickedKey>,
        first: &Leads,
    ) -> Leads {
        // One mistake is one message.
        if first.is_err() {
            return Ok(Pairs::NONE);
        }
        let pairs = match self.side(join, to, to, picked, false) {
            Ok(pairs) => pairs,
            wrong => return wrong,
        };
        // Where the related table has the key, a row of the join table can have several related rows.
        if matches!(self.rows, Rows::Any)
            || !to.is_whole
            || is_unique(to, &pairs.turned(), self.rows)
        {
            return Ok(pairs);
        }
        Err(self.several(to, &pairs.turned(), to.ident, " through(..))`"))
    }

    /// One side of a join table: it references `end`, or is referenced by it.
    const fn side(
        &self,
        join: End,
        end: End,
        to: End,
        picked: Option<PickedKey>,
        is_first: bool,
    ) -> Leads {
        if !join.is_whole || !end.is_whole || !self.from.is_whole {
            return Ok(Pairs::NONE);
        }
        let name_it = Message::EMPTY.and(&[
            "name two: `",
            self.key,
            "(",
            self.name,
            ": ",
            to.ident,
            " through(",
        ]);
        let (before, after) = if is_first {
            ("", Message::EMPTY.and(&[", ", join.ident, "::column))`"]))
        } else {
            ("::column, ", Message::EMPTY.and(&["))`"]))
        };
        let name_it = if is_first { name_it } else { name_it.and(&[join.ident, before]) };
        match self.reference(join, end, picked, name_it, after.text()) {
            Err(message) => return Err(message),
            Ok(Some(pairs)) => return Ok(pairs),
            Ok(None) => {}
        }
        // A relation through a table that others belong to: `documents` of a user through the teams.
        let name_it = self.message().and(&[": give the join table a foreign key, instead of `"]);
        match self.reference(end, join, None, name_it, "`") {
            Err(message) => return Err(message),
            Ok(Some(pairs)) => return Ok(pairs.turned()),
            Ok(None) => {}
        }
        Err(self.message().and(&[
            ": its join table `",
            join.ident,
            "` does not reference `",
            end.ident,
            "`; declare it in `",
            join.ident,
            "`: `#[column(references = ",
            end.ident,
            "::",
            end.referenced(),
            ")]`",
        ]))
    }

    /// The foreign key of `child` to `parent`, as pairs of the parent's columns and the child's; none where there is none.
    const fn reference(
        &self,
        child: End,
        parent: End,
        picked: Option<PickedKey>,
        name_it: Message,
        after: &str,
    ) -> Result<Option<Pairs>, Message> {
        let keys = items(&child.table.foreign_keys);
        if let Some(picked) = &picked {
            match self.given(child, parent, picked) {
                Ok(Some(pairs)) => return Ok(Some(pairs)),
                Ok(None) => {}
                Err(message) => return Err(message),
            }
        }
        let (mut found, mut count) = (Pairs::NONE, 0);
        let (mut candidates, mut first) = (Message::EMPTY, Message::EMPTY);
        let mut at = 0;
        while at < keys.len() {
            let key = &keys[at];
            at += 1;
            let columns = items(&key.columns);
            let is_meant = match &picked {
                Some(PickedKey { column: Some(column), .. }) => is_among(column, columns),
                _ => true,
            };
            if !is_meant || !parent.is(text(&key.references_schema), text(&key.references_table)) {
                continue;
            }
            if count == 0 {
                found = pairs(items(&key.references_columns), columns);
                if let [column, ..] = columns {
                    first = first.and(&[child.ident, "::", child.field(text(column))]);
                }
            }
            count += 1;
            candidates = listed(candidates, child, columns);
        }
        match (count, &picked) {
            (1, _) => Ok(Some(found)),
            (0, None) => Ok(None),
            (0, Some(picked)) => Err(self.message().and(&[
                ": column `",
                child.ident,
                "::",
                picked.name,
                "` does not reference `",
                parent.ident,
                "`; declare it: `#[column(references = ",
                parent.ident,
                "::",
                parent.referenced(),
                ")]`",
            ])),
            (_, None) => Err(self.message().and(&[
                " is ambiguous: table `",
                child.ident,
                "` references `",
                parent.ident,
                "` by ",
                candidates.text(),
                "; ",
                name_it.text(),
                first.text(),
                after,
            ])),
            (_, Some(picked)) => Err(self.message().and(&[
                " is ambiguous: column `",
                child.ident,
                "::",
                picked.name,
                "` is part of several foreign keys to `",
                parent.ident,
                "`, ",
                candidates.text(),
                "; name a column that only one of them has, or the relation of `",
                child.ident,
                "` that it makes",
            ])),
        }
    }

    /// The columns of the relation that was picked; none where a column was.
    const fn given(
        &self,
        child: End,
        parent: End,
        picked: &PickedKey,
    ) -> Result<Option<Pairs>, Message> {
        if !child.is(picked.schema, picked.table) {
            return Err(self.message().and(&[
                ": `",
                child.ident,
                "::",
                picked.name,
                "` is not of table `",
                child.ident,
                "`",
            ]));
        }
        let Some((keys, schema, table)) = picked.relation else { return Ok(None) };
        if !picked.is_to_one || !parent.is(schema, table) {
            return Err(self.message().and(&[
                ": relation `",
                child.ident,
                "::",
                picked.name,
                "` does not lead to one row of `",
                parent.ident,
                "`",
            ]));
        }
        if picked.has_values {
            return Err(self.message().and(&[
                ": `on(..)` of relation `",
                child.ident,
                "::",
                picked.name,
                "` gives a column one value, so it names no key; write `on(..)` here, too",
            ]));
        }
        Ok(Some(Pairs::of(keys).turned()))
    }

    /// The columns, if they are unique where they must be.
    const fn limited(&self, to: End, pairs: Pairs, related: &str, after: &str) -> Leads {
        if matches!(self.rows, Rows::Any) || is_unique(to, &pairs, self.rows) {
            return Ok(pairs);
        }
        Err(self.several(to, &pairs, related, after))
    }

    const fn several(&self, to: End, pairs: &Pairs, related: &str, after: &str) -> Message {
        let mut columns = Message::EMPTY;
        let mut at = 0;
        while at < pairs.count {
            let comma = if at == 0 { "`" } else { ", `" };
            columns = columns.and(&[comma, to.ident, "::", to.field(pairs.pairs[at].1), "`"]);
            at += 1;
        }
        let unique =
            if pairs.count == 1 { "`#[column(unique)]`" } else { "`#[table(unique(..))]`" };
        self.message().and(&[
            " may lead to several rows: ",
            columns.text(),
            " is not unique; declare it so, ",
            unique,
            ", or the relation `has_many(",
            self.name,
            ": ",
            related,
            after,
        ])
    }
}

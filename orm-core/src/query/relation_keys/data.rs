//! What constants tell of tables, read while constants are evaluated: loops, for nothing else is evaluated there.

use super::{End, Rows};
use crate::query::relation::Keys;
use crate::query::relation_message::Message;
use crate::schema::{self, IndexKey, List, Text};
use std::borrow::Cow;

/// The most columns that a key can have (`INDEX_MAX_KEYS`; manual, appendix K).
const COLUMNS_MAX: usize = 32;

type Pair = (&'static str, &'static str);

/// Pairs of columns.
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    pub(super) pairs: [Pair; COLUMNS_MAX],
    pub(super) count: usize,
}

impl Pairs {
    pub(super) const NONE: Self = Self { pairs: [("", ""); COLUMNS_MAX], count: 0 };

    const fn and(mut self, pair: Pair) -> Self {
        if self.count < COLUMNS_MAX {
            self.pairs[self.count] = pair;
            self.count += 1;
        }
        self
    }

    pub(super) const fn of(keys: Keys) -> Self {
        let mut pairs = Self::NONE;
        let mut at = 0;
        while at < keys.len() {
            pairs = pairs.and(keys[at]);
            at += 1;
        }
        pairs
    }

    /// With more second columns.
    pub(super) const fn and_seconds(self, columns: &[&'static str]) -> Self {
        let mut pairs = self;
        let mut at = 0;
        while at < columns.len() {
            pairs = pairs.and(("", columns[at]));
            at += 1;
        }
        pairs
    }

    /// The same from the other side.
    pub(super) const fn turned(self) -> Self {
        let mut turned = Self::NONE;
        let mut at = 0;
        while at < self.count {
            turned = turned.and((self.pairs[at].1, self.pairs[at].0));
            at += 1;
        }
        turned
    }

    pub(super) const fn keys(&'static self) -> Keys {
        self.pairs.split_at(self.count).0
    }
}

/// Whether no two rows of a table have the same values in the second columns of the pairs.
pub(super) const fn is_unique(to: End, pairs: &Pairs, rows: Rows) -> bool {
    if let Some(key) = &to.table.primary_key
        && are_among(items(&key.columns), pairs)
    {
        return true;
    }
    let uniques = items(&to.table.uniques);
    let mut at = 0;
    while at < uniques.len() {
        if are_among(items(&uniques[at].columns), pairs) {
            return true;
        }
        at += 1;
    }
    let indexes = items(&to.table.indexes);
    let mut at = 0;
    while at < indexes.len() {
        let index = &indexes[at];
        let is_of_these = index.predicate.is_none() || matches!(rows, Rows::AtMostOneFiltered);
        if index.unique && is_of_these && parts_are_among(items(&index.parts), pairs) {
            return true;
        }
        at += 1;
    }
    false
}

const fn are_among(columns: &'static [Text], pairs: &Pairs) -> bool {
    let mut at = 0;
    while at < columns.len() {
        if !is_second(text(&columns[at]), pairs) {
            return false;
        }
        at += 1;
    }
    !columns.is_empty()
}

const fn parts_are_among(parts: &'static [schema::IndexPart], pairs: &Pairs) -> bool {
    let mut at = 0;
    while at < parts.len() {
        match &parts[at].key {
            IndexKey::Column(column) if is_second(text(column), pairs) => {}
            _ => return false,
        }
        at += 1;
    }
    !parts.is_empty()
}

const fn is_second(column: &str, pairs: &Pairs) -> bool {
    let mut at = 0;
    while at < pairs.count {
        if same(pairs.pairs[at].1, column) {
            return true;
        }
        at += 1;
    }
    false
}

pub(super) const fn pairs(referenced: &'static [Text], columns: &'static [Text]) -> Pairs {
    let mut pairs = Pairs::NONE;
    let mut at = 0;
    while at < referenced.len() && at < columns.len() {
        pairs = pairs.and((text(&referenced[at]), text(&columns[at])));
        at += 1;
    }
    pairs
}

/// The list of keys with one more: `` `Post::author_id` ``, or the columns in parentheses.
pub(super) const fn listed(list: Message, child: End, columns: &'static [Text]) -> Message {
    let mut list = if list.is_empty() { list } else { list.and(&[", "]) };
    let is_one = columns.len() == 1;
    list = if is_one { list } else { list.and(&["("]) };
    let mut at = 0;
    while at < columns.len() {
        let comma = if at == 0 { "`" } else { ", `" };
        list = list.and(&[comma, child.ident, "::", child.field(text(&columns[at])), "`"]);
        at += 1;
    }
    if is_one { list } else { list.and(&[")"]) }
}

pub(super) const fn is_among(name: &str, names: &'static [Text]) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(text(&names[at]), name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Const data is borrowed.
pub(super) const fn text(text: &'static Text) -> &'static str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => "",
    }
}

pub(super) const fn items<T: Clone>(list: &'static List<T>) -> &'static [T] {
    match list {
        Cow::Borrowed(items) => items,
        Cow::Owned(_) => &[],
    }
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

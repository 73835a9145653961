//! The columns along which a relation leads: found in the foreign keys that the tables declare. For generated code.
//!
//! All of it is evaluated when the crate that declares the relation is compiled; what does not fit is a [`Message`].

use super::node::{Cardinality, Field, Node};
use super::operand::ComparedWith;
use super::related::Relation;
use super::relation::{Keys, Kind, RelationDefinition};
use super::relation_message::Message;
use super::scope::Source;
use super::{Column, IntoCondition, Table, TableColumn};
use crate::schema;
use crate::types::Value;
use schema::{IndexKey, List, Text};
use std::borrow::Cow;

/// The most columns that a key can have (`INDEX_MAX_KEYS`; manual, appendix K).
const COLUMNS_MAX: usize = 32;

type Pair = (&'static str, &'static str);

/// Pairs of columns.
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    pairs: [Pair; COLUMNS_MAX],
    count: usize,
}

impl Pairs {
    const NONE: Self = Self { pairs: [("", ""); COLUMNS_MAX], count: 0 };

    const fn and(mut self, pair: Pair) -> Self {
        if self.count < COLUMNS_MAX {
            self.pairs[self.count] = pair;
            self.count += 1;
        }
        self
    }

    const fn of(keys: Keys) -> Self {
        let mut pairs = Self::NONE;
        let mut at = 0;
        while at < keys.len() {
            pairs = pairs.and(keys[at]);
            at += 1;
        }
        pairs
    }

    /// The same from the other side.
    const fn turned(self) -> Self {
        let mut turned = Self::NONE;
        let mut at = 0;
        while at < self.count {
            turned = turned.and((self.pairs[at].1, self.pairs[at].0));
            at += 1;
        }
        turned
    }

    const fn keys(&'static self) -> Keys {
        self.pairs.split_at(self.count).0
    }
}

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
        self.limited(to, pairs, ")`")
    }

    /// Columns that are equal without a foreign key.
    pub const fn along(&self, to: End, keys: Keys) -> Leads {
        if !self.from.is_whole || !to.is_whole {
            return Ok(Pairs::NONE);
        }
        self.limited(to, Pairs::of(keys), " on(..))`")
    }

    /// The columns of this table and of the join table.
    pub const fn to_join_table(&self, join: End, to: End, picked: Option<PickedKey>) -> Leads {
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
            Ok(pairs) => self.limited(join, pairs, " through(..))`"),
            wrong => wrong,
        }
    }

    /// The columns of the related table and of the join table.
    pub const fn from_join_table(
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
        Err(self.several(to, &pairs.turned(), " through(..))`"))
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
        Ok(Some(Pairs::of(keys).turned()))
    }

    /// The columns, if they are unique where they must be.
    const fn limited(&self, to: End, pairs: Pairs, after: &str) -> Leads {
        if matches!(self.rows, Rows::Any) || is_unique(to, &pairs, self.rows) {
            return Ok(pairs);
        }
        Err(self.several(to, &pairs, after))
    }

    const fn several(&self, to: End, pairs: &Pairs, after: &str) -> Message {
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
            to.ident,
            after,
        ])
    }
}

/// The key that a relation names: `Post::author_id`, or `Post::author`.
#[derive(Clone, Copy, Debug)]
pub struct PickedKey {
    schema: &'static str,
    table: &'static str,
    /// As it is written.
    name: &'static str,
    column: Option<&'static str>,
    /// Its columns, and the schema and name of the table that it leads to.
    relation: Option<(Keys, &'static str, &'static str)>,
    is_to_one: bool,
}

/// A column or a relation, which names a key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a column of a table nor a relation",
    label = "names no foreign key"
)]
pub trait NamesKey {
    #[doc(hidden)]
    const SCHEMA: &'static str;
    #[doc(hidden)]
    const TABLE: &'static str;
    #[doc(hidden)]
    const COLUMN: Option<&'static str>;
    #[doc(hidden)]
    const RELATION: Option<(Keys, &'static str, &'static str)>;
    #[doc(hidden)]
    const IS_TO_ONE: bool;
}

impl<C: TableColumn> NamesKey for Column<C>
where
    <C::Source as Source>::Row: Table,
{
    const SCHEMA: &'static str = <<C::Source as Source>::Row as Table>::SCHEMA;
    const TABLE: &'static str = <<C::Source as Source>::Row as Table>::NAME;
    const COLUMN: Option<&'static str> = Some(C::NAME);
    const RELATION: Option<(Keys, &'static str, &'static str)> = None;
    const IS_TO_ONE: bool = true;
}

impl<R: RelationDefinition> NamesKey for Relation<R> {
    const SCHEMA: &'static str = <R::From as Table>::SCHEMA;
    const TABLE: &'static str = <R::From as Table>::NAME;
    const COLUMN: Option<&'static str> = None;
    const RELATION: Option<(Keys, &'static str, &'static str)> =
        Some((R::KEYS, <R::To as Table>::SCHEMA, <R::To as Table>::NAME));
    const IS_TO_ONE: bool =
        matches!(<R::Kind as Kind>::CARDINALITY, Cardinality::One) && R::THROUGH.is_none();
}

/// The key of that column or relation, which is written so.
pub const fn picked_key<H: NamesKey + Copy>(_: H, name: &'static str) -> Option<PickedKey> {
    Some(PickedKey {
        schema: H::SCHEMA,
        table: H::TABLE,
        name,
        column: H::COLUMN,
        relation: H::RELATION,
        is_to_one: H::IS_TO_ONE,
    })
}

/// Two columns that are equal along a relation to the table `T`.
pub const fn paired<A, B, T>(_: Column<A>, _: Column<B>) -> (&'static str, &'static str)
where
    A: TableColumn + PairsWith<B>,
    B: TableColumn + RelatedColumn<T>,
{
    (A::NAME, B::NAME)
}

/// PostgreSQL compares the column `Self` with the column `Other`.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` cannot be equal to column `{Other}`: PostgreSQL does not compare their types",
    label = "a relation pairs columns of types that are compared"
)]
pub trait PairsWith<Other> {}
#[diagnostic::do_not_recommend]
impl<A: TableColumn, B: TableColumn> PairsWith<B> for A where
    <A::Value as Value>::Sql: ComparedWith<<B::Value as Value>::Sql>
{
}

/// `Self` is a column of the table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of the related table `{T}`",
    label = "not a column of `{T}`",
    note = "`on(..)` pairs a field of this table with a column of the related one: `on(field = {T}::column)`"
)]
pub trait RelatedColumn<T> {}
#[diagnostic::do_not_recommend]
impl<C: TableColumn<Source = T>, T> RelatedColumn<T> for C {}

/// The condition of a relation.
pub fn condition_of<Scope, Place, C: IntoCondition<Scope, Place>>(condition: C) -> Option<Node> {
    condition.into_condition()
}

/// Whether no two rows of a table have the same values in the second columns of the pairs.
const fn is_unique(to: End, pairs: &Pairs, rows: Rows) -> bool {
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

const fn pairs(referenced: &'static [Text], columns: &'static [Text]) -> Pairs {
    let mut pairs = Pairs::NONE;
    let mut at = 0;
    while at < referenced.len() && at < columns.len() {
        pairs = pairs.and((text(&referenced[at]), text(&columns[at])));
        at += 1;
    }
    pairs
}

/// The list of keys with one more: `` `Post::author_id` ``, or the columns in parentheses.
const fn listed(list: Message, child: End, columns: &'static [Text]) -> Message {
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

const fn is_among(name: &str, names: &'static [Text]) -> bool {
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
const fn text(text: &'static Text) -> &'static str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => "",
    }
}

const fn items<T: Clone>(list: &'static List<T>) -> &'static [T] {
    match list {
        Cow::Borrowed(items) => items,
        Cow::Owned(_) => &[],
    }
}

const fn same(one: &str, other: &str) -> bool {
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

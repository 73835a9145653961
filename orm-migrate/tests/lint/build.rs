//! Schemas in few words.

use orm_core::schema::{
    Action, Check, Column, Deferrable, ForeignKey, Identity, IdentityKind, Index, IndexKey,
    IndexPart, NullsOrder, Object, Policy, PrimaryKey, Schema, SortOrder, Table, Text, Unique,
};

/// A table or another object.
#[derive(Clone)]
pub(crate) enum Build {
    Table(Box<Table>),
    Object(Object),
}

impl From<Table> for Build {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}

pub(crate) fn schema(parts: &[Build]) -> Schema {
    let tables = parts.iter().filter_map(|part| match part {
        Build::Table(table) => Some((**table).clone()),
        Build::Object(_) => None,
    });
    let objects = parts.iter().filter_map(|part| match part {
        Build::Table(_) => None,
        Build::Object(object) => Some(object.clone()),
    });
    let schema = Schema::declared(tables).expect("tables");
    schema.with_objects(objects).expect("objects")
}

pub(crate) fn object(object: impl Into<Object>) -> Build {
    Build::Object(object.into())
}

fn texts(names: &[&'static str]) -> Vec<Text> {
    names.iter().map(|name| Text::Borrowed(name)).collect()
}

/// A table whose columns are `name type`, `name type?` where NULL is allowed, `name type = default`. A column `id`
/// that counts up is its key.
pub(crate) fn table(name: &'static str, columns: &[&'static str]) -> Table {
    let mut table = bare(name, columns);
    let mut id = Column::new("id", "bigint");
    id.identity = Some(Identity::new(IdentityKind::Always));
    table.columns.to_mut().insert(0, id);
    key(table, &["id"])
}

/// The same without a key.
pub(crate) fn bare(name: &'static str, columns: &[&'static str]) -> Table {
    let mut table = Table::new("public", name);
    for text in columns {
        let (name, rest) = text.split_once(' ').expect("a type");
        let (data_type, default) = match rest.split_once(" = ") {
            Some((data_type, default)) => (data_type, Some(default)),
            None => (rest, None),
        };
        let mut column = Column::new(name, data_type.trim_end_matches('?'));
        column.nullable = data_type.ends_with('?');
        column.default = default.map(Text::Borrowed);
        table.columns.to_mut().push(column);
    }
    table
}

pub(crate) fn key(table: Table, columns: &[&'static str]) -> Table {
    let columns = texts(columns).into();
    Table { primary_key: Some(PrimaryKey { columns, ..PrimaryKey::default() }), ..table }
}

/// What a test adds to a table.
pub(crate) trait With: Sized {
    fn unique(self, columns: &[&'static str]) -> Self;
    fn index(self, index: Index) -> Self;
    fn check(self, sql: &'static str) -> Self;
    fn references(self, key: ForeignKey) -> Self;
    fn policy(self, policy: Policy) -> Self;
    fn changed(self, change: impl FnOnce(&mut Self)) -> Self;
}

impl With for Table {
    fn unique(mut self, columns: &[&'static str]) -> Self {
        let columns = texts(columns).into();
        self.uniques.to_mut().push(Unique { columns, ..Unique::default() });
        self
    }

    fn index(mut self, index: Index) -> Self {
        self.indexes.to_mut().push(index);
        self
    }

    fn check(mut self, sql: &'static str) -> Self {
        let expression = Text::Borrowed(sql);
        self.checks.to_mut().push(Check { expression, ..Check::default() });
        self
    }

    fn references(mut self, key: ForeignKey) -> Self {
        self.foreign_keys.to_mut().push(key);
        self
    }

    fn policy(mut self, policy: Policy) -> Self {
        self.policies.to_mut().push(policy);
        self
    }

    fn changed(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// A foreign key to the columns of that name, or to `id`.
pub(crate) fn to(table: &'static str, columns: &[&'static str]) -> ForeignKey {
    let others = if columns.len() == 1 { vec![Text::Borrowed("id")] } else { texts(columns) };
    ForeignKey {
        columns: texts(columns).into(),
        references_schema: Text::Borrowed("public"),
        references_table: Text::Borrowed(table),
        references_columns: others.into(),
        ..ForeignKey::default()
    }
}

pub(crate) fn on_delete(action: Action, key: ForeignKey) -> ForeignKey {
    ForeignKey { on_delete: action, ..key }
}

pub(crate) fn deferred(key: ForeignKey) -> ForeignKey {
    ForeignKey { deferrable: Deferrable::InitiallyDeferred, ..key }
}

/// A btree index; a column `-name` is descending, `(..)` is an expression.
pub(crate) fn index(columns: &[&'static str]) -> Index {
    let part = |text: &&'static str| match text.strip_prefix('-') {
        Some(name) => IndexPart {
            order: SortOrder::Descending,
            nulls: NullsOrder::First,
            ..IndexPart::column(name)
        },
        None if text.starts_with('(') => IndexPart {
            key: IndexKey::Expression(Text::Borrowed(text.trim_matches(['(', ')']))),
            ..IndexPart::column("")
        },
        None => IndexPart::column(text),
    };
    Index { parts: columns.iter().map(part).collect::<Vec<_>>().into(), ..Index::default() }
}

pub(crate) fn unique_index(columns: &[&'static str]) -> Index {
    Index { unique: true, ..index(columns) }
}

pub(crate) fn partial(predicate: &'static str, index: Index) -> Index {
    Index { predicate: Some(Text::Borrowed(predicate)), ..index }
}

pub(crate) fn method(method: &'static str, index: Index) -> Index {
    Index { method: Text::Borrowed(method), ..index }
}

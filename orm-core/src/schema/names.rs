//! The names of constraints and indexes that the author did not name: one rule for derive, diff and ddl.
//!
//! PostgreSQL's own rule, `{table}_{columns}_{suffix}` with the suffixes `pkey`, `key`, `fkey`, `check`
//! and `idx` (`ChooseConstraintName` and `ChooseIndexName` in its sources), so a database made by hand
//! mostly agrees already. Where PostgreSQL would cut or count, a hash is put instead, so that a name
//! depends on nothing but what it names. An identifier holds at most 63 bytes (manual, section 4.1.1).

use super::{ImpliedName, IndexKey, IndexPart, Namespace, Object, Schema, Table, Text};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The longest identifier that PostgreSQL keeps whole, in bytes (`NAMEDATALEN - 1`).
pub const MAX_BYTES: usize = 63;

/// Two things of a schema that have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameConflict {
    message: String,
}

impl fmt::Display for NameConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NameConflict {}

impl NameConflict {
    /// Two types of a struct with parameters that are one table, and differ.
    pub(crate) fn of_instances(types: [&str; 2], tables: [&Table; 2]) -> Self {
        let [first, second] = types;
        let columns = tables.map(|table| &table.columns);
        let is_missing = |column: &&super::Column| !columns.iter().all(|it| it.contains(column));
        let column = columns.iter().flat_map(|it| it.iter()).find(is_missing);
        let part = column.map_or_else(
            || "their constraints or indexes".to_owned(),
            |column| format!("column \"{}\"", column.name),
        );
        let [table, _] = tables;
        Self {
            message: format!(
                "`{first}` and `{second}` are both table \"{}\".\"{}\", and differ in {part}: give one a name of its own, `= {second} as \"name\"`",
                table.schema, table.name
            ),
        }
    }
}

/// `{parts joined by _}_{suffix}`, shortened with a hash when it is longer than 63 bytes.
///
/// ```
/// use orm_core::schema::names::implied;
/// assert_eq!(implied("user", &["email"], "key"), "user_email_key");
/// assert_eq!(implied(&"x".repeat(80), &["y"], "idx").len(), 63);
/// ```
pub fn implied(table: &str, columns: &[&str], suffix: &str) -> String {
    let whole = [&[table], columns, &[suffix]].concat().join("_");
    if whole.len() <= MAX_BYTES { whole } else { hashed(table, columns, suffix) }
}

/// The name that PostgreSQL gives the sequence of a serial or identity column: `{table}_{column}_seq`. Of a name longer
/// than 63 bytes it cuts the longer of the two (`makeObjectName` in its sources).
///
/// ```
/// use orm_core::schema::names::sequence;
/// assert_eq!(sequence("user", "id"), "user_id_seq");
/// assert_eq!(sequence(&"x".repeat(80), "id").len(), 63);
/// ```
pub fn sequence(table: &str, column: &str) -> String {
    let most = MAX_BYTES.saturating_sub("__seq".len());
    let (mut table_bytes, mut column_bytes) = (table.len(), column.len());
    while table_bytes + column_bytes > most {
        if table_bytes > column_bytes { table_bytes -= 1 } else { column_bytes -= 1 }
    }
    let (mut table, mut column) = (table.to_owned(), column.to_owned());
    cut(&mut table, table_bytes);
    cut(&mut column, column_bytes);
    format!("{table}_{column}_seq")
}

/// The form with a hash, for names that are too long or already taken.
fn hashed(table: &str, columns: &[&str], suffix: &str) -> String {
    let hash = fnv1a(&[&[table], columns, &[suffix]].concat());
    let tail = format!("_{hash:08x}_{suffix}");
    let mut head = [&[table], columns].concat().join("_");
    cut(&mut head, MAX_BYTES.saturating_sub(tail.len()));
    head.push_str(&tail);
    cut(&mut head, MAX_BYTES);
    head
}

/// Shortens a name to at most `bytes`, between two characters.
fn cut(name: &mut String, bytes: usize) {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
}

/// FNV-1a over the parts, each closed by a zero byte: stable across Rust versions, unlike `std`'s hasher.
fn fnv1a(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Sorts the tables and names what has no name yet.
pub(super) fn declared(mut tables: Vec<Table>) -> Result<Schema, NameConflict> {
    tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    let mut taken = Taken::default();
    for table in &tables {
        taken.table(table)?;
    }
    for table in &tables {
        taken.given(table)?;
    }
    let mut implied_names = BTreeSet::new();
    for table in &mut tables {
        name_table(table, &mut taken, &mut implied_names);
    }
    with_objects(Schema { tables, implied_names, ..Schema::default() }, Vec::new())
}

/// Adds objects, and the PostgreSQL schemas that are used and that nobody declared.
pub(super) fn with_objects(
    mut schema: Schema,
    objects: Vec<Object>,
) -> Result<Schema, NameConflict> {
    for object in objects {
        let name = object.name();
        // Functions are told apart by their arguments, whose types only the server knows.
        let is_function = matches!(object, Object::Function(_));
        if !is_function && schema.object(object.schema(), &name).is_some_and(|it| *it != object) {
            return Err(NameConflict {
                message: format!(
                    "{} \"{}\".\"{name}\" is declared twice; rename one of them",
                    object.kind(),
                    object.schema()
                ),
            });
        }
        if schema.table(object.schema(), &name).is_some() {
            return Err(conflict(
                &format!("{} \"{}\".\"{name}\"", object.kind(), object.schema()),
                "table",
            ));
        }
        if let Object::Sequence(it) = &object
            && it.owned_by.is_none()
        {
            schema.implied_names.insert(ImpliedName {
                schema: it.schema.to_string(),
                table: it.name.to_string(),
                name: String::new(),
            });
        }
        if is_function || !schema.objects.contains(&object) {
            schema.objects.push(object);
        }
    }
    let tables = schema.tables.iter().map(|table| table.schema.to_string());
    // What an extension brings is in a schema, and it itself in none.
    let used = tables.chain(schema.objects.iter().map(|object| match object {
        Object::Extension(it) => it.schema.clone().unwrap_or_default().into_owned(),
        object => object.schema().to_owned(),
    }));
    for name in used.collect::<BTreeSet<_>>() {
        let is_there = name.is_empty() || name == super::DEFAULT_SCHEMA || name == SYSTEM_SCHEMA;
        if !is_there && schema.object(&name, "").is_none() {
            let namespace = Namespace { name: name.into(), comment: None };
            schema.objects.push(namespace.into());
        }
    }
    schema
        .objects
        .sort_by(|a, b| (a.schema(), a.name(), a.kind()).cmp(&(b.schema(), b.name(), b.kind())));
    Ok(schema)
}

/// The schema that every database has beside the default one.
const SYSTEM_SCHEMA: &str = "pg_catalog";

/// How messages call what stands only in the namespace of relations.
const INDEX: &str = "index";

/// Where a name must be free.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Namespaces {
    /// An index: among the relations of its schema.
    Relation,
    /// A foreign key or check: among the constraints of its table.
    Constraint,
    /// A primary key or unique constraint: both.
    Both,
}

/// Names in use. Tables and indexes (also those behind constraints) share one namespace per schema;
/// constraints, also those with an index, share another per table.
#[derive(Default)]
struct Taken {
    relations: BTreeMap<(String, String), String>,
    constraints: BTreeMap<(String, String, String), String>,
}

impl Taken {
    fn table(&mut self, table: &Table) -> Result<(), NameConflict> {
        let what = format!("table \"{}\".\"{}\"", table.schema, table.name);
        match self
            .relations
            .insert((table.schema.to_string(), table.name.to_string()), what.clone())
        {
            None => Ok(()),
            Some(_) => Err(NameConflict {
                message: format!(
                    "{what} is declared twice; give one of the structs another `#[table(name = ..)]`"
                ),
            }),
        }
    }

    fn given(&mut self, table: &Table) -> Result<(), NameConflict> {
        let relations = (table.primary_key.iter().map(|key| (&key.name, "primary key")))
            .chain(table.uniques.iter().map(|unique| (&unique.name, "unique constraint")))
            .chain(table.exclusions.iter().map(|it| (&it.name, "exclusion constraint")))
            .chain(table.indexes.iter().map(|index| (&index.name, INDEX)));
        for (name, kind) in relations {
            let Some(name) = name else { continue };
            let what = describe(kind, name, table);
            if kind != INDEX {
                let key = (table.schema.to_string(), table.name.to_string(), name.to_string());
                self.constraints.insert(key, what.clone());
            }
            let key = (table.schema.to_string(), name.to_string());
            if let Some(other) = self.relations.insert(key, what.clone()) {
                return Err(conflict(&what, &other));
            }
        }
        let keyed = table.foreign_keys.iter().map(|key| (&key.name, "foreign key"));
        let checks = table.checks.iter().map(|check| (&check.name, "check"));
        for (name, kind) in keyed.chain(checks) {
            let Some(name) = name else { continue };
            let what = describe(kind, name, table);
            let key = (table.schema.to_string(), table.name.to_string(), name.to_string());
            if let Some(other) = self.constraints.insert(key, what.clone()) {
                return Err(conflict(&what, &other));
            }
        }
        Ok(())
    }

    /// The implied name, or if that is taken one with a hash.
    fn free(&mut self, table: &Table, columns: &[&str], suffix: &str, place: Namespaces) -> Text {
        let mut columns = columns.to_vec();
        let mut name = implied(&table.name, &columns, suffix);
        while !self.take(table, &name, place) {
            name = hashed(&table.name, &columns, suffix);
            columns.push("_");
        }
        Cow::Owned(name)
    }

    fn take(&mut self, table: &Table, name: &str, place: Namespaces) -> bool {
        let relation = (table.schema.to_string(), name.to_owned());
        let constraint = (table.schema.to_string(), table.name.to_string(), name.to_owned());
        let is_relation = place != Namespaces::Constraint;
        let is_constraint = place != Namespaces::Relation;
        if (is_relation && self.relations.contains_key(&relation))
            || (is_constraint && self.constraints.contains_key(&constraint))
        {
            return false;
        }
        if is_relation {
            self.relations.insert(relation, String::new());
        }
        if is_constraint {
            self.constraints.insert(constraint, String::new());
        }
        true
    }
}

fn describe(kind: &str, name: &str, table: &Table) -> String {
    format!("{kind} \"{name}\" of table \"{}\".\"{}\"", table.schema, table.name)
}

fn conflict(what: &str, other: &str) -> NameConflict {
    NameConflict { message: format!("{what} has the name of the {other}; rename one of them") }
}

fn name_table(table: &mut Table, taken: &mut Taken, implied_names: &mut BTreeSet<ImpliedName>) {
    let shape =
        Table { schema: table.schema.clone(), name: table.name.clone(), ..Table::new("", "") };
    let mut note = |name: &Text| {
        implied_names.insert(ImpliedName {
            schema: shape.schema.to_string(),
            table: shape.name.to_string(),
            name: name.to_string(),
        });
    };
    for column in table.columns.iter().filter(|it| it.sequence.name.is_none()) {
        // Whatever `serial` is called, the catalog tells later what it is.
        if column.identity.is_some() || column.data_type.to_lowercase().contains("serial") {
            note(&sequence(&table.name, &column.name).into());
        }
    }
    if let Some(key) = table.primary_key.as_mut().filter(|key| key.name.is_none()) {
        let name = taken.free(&shape, &[], "pkey", Namespaces::Both);
        note(&name);
        key.name = Some(name);
    }
    if table.uniques.iter().any(|unique| unique.name.is_none()) {
        for unique in table.uniques.to_mut().iter_mut().filter(|unique| unique.name.is_none()) {
            let name = taken.free(&shape, &strs(&unique.columns), "key", Namespaces::Both);
            note(&name);
            unique.name = Some(name);
        }
    }
    if table.exclusions.iter().any(|exclusion| exclusion.name.is_none()) {
        for it in table.exclusions.to_mut().iter_mut().filter(|it| it.name.is_none()) {
            let parts: Vec<&str> =
                it.elements.iter().map(|element| of_part(&element.part)).collect();
            let name = taken.free(&shape, &parts, "excl", Namespaces::Both);
            note(&name);
            it.name = Some(name);
        }
    }
    if table.indexes.iter().any(|index| index.name.is_none()) {
        for index in table.indexes.to_mut().iter_mut().filter(|index| index.name.is_none()) {
            let columns: Vec<&str> = index.parts.iter().map(of_part).collect();
            let name = taken.free(&shape, &columns, "idx", Namespaces::Relation);
            note(&name);
            index.name = Some(name);
        }
    }
    if table.foreign_keys.iter().any(|key| key.name.is_none()) {
        for key in table.foreign_keys.to_mut().iter_mut().filter(|key| key.name.is_none()) {
            let name = taken.free(&shape, &strs(&key.columns), "fkey", Namespaces::Constraint);
            note(&name);
            key.name = Some(name);
        }
    }
    if table.checks.iter().any(|check| check.name.is_none()) {
        for check in table.checks.to_mut().iter_mut().filter(|check| check.name.is_none()) {
            let name = taken.free(&shape, &[], "check", Namespaces::Constraint);
            note(&name);
            check.name = Some(name);
        }
    }
}

fn of_part(part: &IndexPart) -> &str {
    match &part.key {
        IndexKey::Column(name) => name.as_ref(),
        IndexKey::Expression(_) => "expr",
    }
}

fn strs(names: &[Text]) -> Vec<&str> {
    names.iter().map(AsRef::as_ref).collect()
}

#[cfg(test)]
mod tests;

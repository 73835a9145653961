//! Partitions that are attached and detached: what passes between them and the table above.

use super::parts;
use crate::change::Part;
use orm_core::schema::names::implied;
use orm_core::schema::{IndexKey, IndexPart, PartitionOf, Schema, Table, Text};

/// A partition as it is when it is detached: it keeps what it had from the table above, under the names that
/// PostgreSQL gives these in a partition.
pub(super) fn detached(partition: &Table, parent: &Table) -> Table {
    let mut parts: Vec<Part> = Part::all(partition).collect();
    for part in Part::all(parent) {
        let name = name_below(partition, &part);
        if is_passed_on(&part) && !parts.iter().any(|it| it.equals_but_for_name(&part)) {
            parts.push(part.named(Some(name)));
        }
    }
    let mut table = Table { partition_of: None, ..partition.clone() };
    Part::replace_all(&mut table, parts);
    table
}

/// The table above as it is declared, with the names of parts that it has already.
pub(super) fn parent(of: &PartitionOf, live: &Schema, declared: &Schema) -> Option<Table> {
    let mut parent = declared.table(&of.schema, &of.table)?.clone();
    if let Some(live) = live.table(&of.schema, &of.table) {
        parts::settle(live, &mut parent, declared);
    }
    Some(parent)
}

/// Whether the partitions of a table have this part too. The triggers go when a partition is detached.
pub(super) fn is_passed_on(part: &Part) -> bool {
    match part {
        Part::Check(check) => !check.no_inherit,
        Part::Trigger(_) | Part::Policy(_) => false,
        _ => true,
    }
}

/// The name that PostgreSQL gives a part in a partition.
pub(crate) fn name_below(partition: &Table, part: &Part) -> Text {
    let of = |columns: &[Text], suffix| {
        let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        Text::from(implied(&partition.name, &columns, suffix))
    };
    let of_parts = |parts: Vec<&IndexPart>, suffix| {
        let word = |part: &IndexPart| match &part.key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Expression(_) => Text::from("expr"),
        };
        of(&parts.into_iter().map(word).collect::<Vec<_>>(), suffix)
    };
    match part {
        Part::PrimaryKey(_) => of(&[], "pkey"),
        Part::Unique(unique) => of(&unique.columns, "key"),
        Part::Index(index) => of_parts(index.parts.iter().collect(), "idx"),
        Part::Exclusion(it) => {
            of_parts(it.elements.iter().map(|element| &element.part).collect(), "excl")
        }
        // These have one name in all partitions.
        other => Text::from(other.name().to_owned()),
    }
}

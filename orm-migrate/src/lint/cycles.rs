//! Circles of foreign keys in which no row can be the first.

use super::report::{Report, named};
use super::{Level, Rule};
use crate::change::ObjectName;
use orm_core::schema::{Deferrable, ForeignKey, Schema, Table};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) const RULES: &[Rule] = &[Rule {
    name: "foreign-key-cycle-not-deferrable",
    what: "Tables reference each other in a circle, by columns that are NOT NULL and keys that are not deferrable.",
    why: "A row of the one needs a row of the other first, so that plain inserts cannot begin; a restored dump and a \
          truncated test database have the same trouble.",
    manual: "5.5.5 Foreign Keys; SET CONSTRAINTS",
    level: Level::Default,
    check: circles,
}];

/// The keys that a row must satisfy as soon as it is inserted.
fn at_once(table: &Table) -> impl Iterator<Item = &ForeignKey> {
    table.foreign_keys.iter().filter(|key| {
        let nullable =
            key.columns.iter().any(|name| table.column(name).is_none_or(|it| it.nullable));
        // A row may reference itself: that is no circle.
        let itself = key.references_schema == table.schema && key.references_table == table.name;
        key.deferrable == Deferrable::No && !nullable && !itself
    })
}

fn circles(schema: &Schema, report: &mut Report<'_>) {
    let place = |schema: &str, name: &str| (schema.to_owned(), name.to_owned());
    let places: BTreeMap<(String, String), usize> = (schema.tables.iter().enumerate())
        .map(|(number, table)| (place(&table.schema, &table.name), number))
        .collect();
    let next: Vec<Vec<usize>> = schema
        .tables
        .iter()
        .map(|table| {
            let targets = at_once(table).filter_map(|key| {
                places.get(&place(&key.references_schema, &key.references_table))
            });
            targets.copied().collect()
        })
        .collect();
    let mut told = BTreeSet::new();
    for start in 0..schema.tables.len() {
        if told.contains(&start) {
            continue;
        }
        let Some(circle) = shortest_circle(start, &next) else { continue };
        tell(schema, &circle, report);
        told.extend(circle);
    }
}

/// The shortest way from a table back to it.
fn shortest_circle(start: usize, next: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &to in next.get(at).into_iter().flatten() {
            if to == start {
                let mut circle = vec![at];
                while let Some(before) = circle.last().filter(|last| **last != start) {
                    let before = came_from.get(before).copied()?;
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            came_from.entry(to).or_insert_with(|| {
                queue.push_back(to);
                at
            });
        }
    }
    None
}

fn tell(schema: &Schema, circle: &[usize], report: &mut Report<'_>) {
    let tables: Vec<&Table> =
        circle.iter().filter_map(|number| schema.tables.get(*number)).collect();
    let [first, ..] = tables.as_slice() else { return };
    let second = tables.get(1).unwrap_or(first);
    let key = at_once(first)
        .find(|key| key.references_schema == second.schema && key.references_table == second.name);
    let Some(key) = key else { return };
    let mut way: Vec<String> =
        tables.iter().map(|table| ObjectName::of(table).to_string()).collect();
    way.push(ObjectName::of(first).to_string());
    let says =
        format!("is part of a circle in which no row can be the first: {}", way.join(" -> "));
    let fix =
        "make one of the columns an `Option`, or one of the keys DEFERRABLE INITIALLY DEFERRED";
    report.part(first, ("foreign key", named(key.name.as_ref())), says, fix);
}

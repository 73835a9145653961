//! The step that makes types again, with the columns of them.

use super::binary_coercible::is_widened;
use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::order::{OfType, columns_of, is_above, is_of};
use super::step::{Lock, LockMode, Step};
use super::table_rewrite::RewriteContext;
use crate::change::{Change, ObjectName, What};
use crate::ddl::cast::{Domains, always_fits};
use crate::ddl::object::{self, TypeAgain, TypedColumn, is_same_row};
use crate::diff::mentions;
use orm_core::schema::{Composite, Enum, Object, Schema, Text};
use orm_core::sql::ident::{Ident, Literal};
use std::collections::BTreeSet;

/// One step for all of them: `members` are the changes of the types `names`, `others` all changes of the plan.
pub(super) fn step(
    members: Vec<Change>,
    names: &BTreeSet<ObjectName>,
    others: &[Change],
    from: &Schema,
    to: &Schema,
    known: &RewriteContext,
) -> Step {
    let types: Vec<(&ObjectName, TypeAgain<'_>)> = (members.iter())
        .filter_map(|change| match &change.what {
            What::AlterObject { from, to } => Some((&change.name, TypeAgain { from, to })),
            _ => None,
        })
        .collect();
    // Tables and columns go before types change.
    let is_gone = |of: &OfType<'_>| {
        others.iter().filter(|it| it.name == of.table).any(|it| match &it.what {
            What::DropTable(_) => true,
            What::DropColumn(column) => column.name == of.column.name,
            _ => false,
        })
    };
    let found: Vec<(&ObjectName, OfType<'_>)> =
        columns_of(from, names).filter(|(_, it)| !is_gone(it)).collect();
    let columns: Vec<TypedColumn<'_>> = (found.iter())
        .filter_map(|(name, it)| {
            let (_, of) = types.iter().find(|(of, _)| of == name)?;
            Some(TypedColumn {
                table: &it.table,
                from: it.column,
                default: default(it, others, to),
                of: *of,
                is_array: it.is_array,
            })
        })
        .collect();
    let mut tables: Vec<&ObjectName> = columns.iter().map(|column| column.table).collect();
    tables.dedup();
    let lock =
        |table: &&ObjectName| Lock { table: (*table).clone(), mode: LockMode::AccessExclusive };
    let locks = tables.iter().map(lock).collect();
    let again: Vec<TypeAgain<'_>> = types.iter().map(|(_, it)| *it).collect();
    let domains = Domains::of(from).with(&to.objects);
    let is_again = |data_type: &str| is_of(data_type, names).is_some();
    let statements = object::rebuild(&again, &columns, &is_again, &domains);
    let hazards: Vec<Hazard> =
        columns.iter().flat_map(|column| hazards(column, &types, from, &domains)).collect();
    let costs =
        tables.iter().map(|table| Cost { table: (*table).clone(), kind: CostKind::Rewrite });
    let costs = costs.collect();
    let mut step = Step::plain(members, statements, locks, known);
    step.costs = costs;
    step.hazards.extend(hazards);
    step
}

/// The default that the column has again as soon as its type is there; not one that stands on what comes later.
fn default<'a>(it: &OfType<'_>, others: &[Change], to: &'a Schema) -> Option<&'a str> {
    let comes_later = others.iter().any(|change| {
        change.name == it.table
            && matches!(&change.what, What::AlterColumn { from, to }
                if to.name == it.column.name && from.default.is_none() && to.default.is_some())
    });
    if comes_later {
        return None;
    }
    let column = to.table(&it.table.schema, &it.table.name)?.column(&it.column.name)?;
    // If it gets another type, that is a later step.
    column.default.as_deref().filter(|_| column.data_type == it.column.data_type)
}

/// The values that an enum loses.
pub(crate) fn lost_values(from: &Enum, to: &Enum) -> Vec<Text> {
    from.values.iter().filter(|value| !to.values.contains(value)).cloned().collect()
}

fn hazards(
    column: &TypedColumn<'_>,
    types: &[(&ObjectName, TypeAgain<'_>)],
    from: &Schema,
    domains: &Domains,
) -> Vec<Hazard> {
    let (table, name) = (column.table, Ident(&column.from.name));
    let mut found = Vec::new();
    let mut add = |kind, sentence| found.push(Hazard { kind, sentence });
    add(
        HazardKind::Rewrite,
        format!(
            "table {table} is written anew, for the type of column {name} is made again; nobody can read or write it meanwhile"
        ),
    );
    // Also those of an enum under a domain.
    let enums = types.iter().filter_map(|(_, it)| match (it.from, it.to) {
        (Object::Enum(from), Object::Enum(to)) => Some((from, to)),
        _ => None,
    });
    for (before, after) in enums {
        let gone = lost_values(before, after);
        let values: Vec<String> = gone.iter().map(|it| Literal(it).to_string()).collect();
        if !values.is_empty() && is_made_of(column.of.from, before, types) {
            add(
                HazardKind::FailsOnExistingRows,
                format!(
                    "it fails if a row of {table} has {} in column {name}",
                    values.join(" or ")
                ),
            );
        }
    }
    let live = Domains::of(from);
    let fits = |old: &str, new: &str| {
        let (old, new) = (live.base(old), domains.base(new));
        old == new || is_widened(&old, &new) || always_fits(&old, &new)
    };
    let mut may_fail = |what: String| {
        add(
            HazardKind::FailsOnExistingRows,
            format!("it fails if a value of {what} of table {table} cannot become the new type"),
        );
    };
    match (column.of.from, column.of.to) {
        (Object::Domain(before), Object::Domain(after)) => {
            if !fits(&before.data_type, &after.data_type) {
                may_fail(format!("column {name}"));
            }
        }
        (Object::Composite(before), Object::Composite(after)) => {
            for new in after.attributes.iter() {
                let old = before.attributes.iter().find(|it| it.name == new.name);
                if old.is_some_and(|old| !fits(&old.data_type, &new.data_type)) {
                    may_fail(format!("attribute {} in column {name}", Ident(&new.name)));
                }
            }
            if column.is_array && !is_same_row(before, after) {
                add(
                    HazardKind::Refused,
                    match keeps_places(before, after) {
                        true => format!(
                            "column {name} of table {table} is an array of {}, of which some attributes come or go while others change: make two migrations of that, for PostgreSQL does each of them alone",
                            Ident(&before.name)
                        ),
                        false => format!(
                            "column {name} of table {table} is an array of {}, whose attributes change places: write this change by hand, with a new column",
                            Ident(&before.name)
                        ),
                    },
                );
            }
        }
        (Object::Enum(_), Object::Enum(_)) => {}
        (_, after) => add(
            HazardKind::FailsOnExistingRows,
            format!(
                "it fails if a value of {name} in table {table} cannot become {}",
                object::name(after)
            ),
        ),
    }
    let divided = from.tables.iter().any(|it| {
        let name = ObjectName::of(it);
        (name == *table || is_above(table, &name, from))
            && it.partition_by.as_ref().is_some_and(|by| mentions(by, &column.from.name))
    });
    if divided {
        add(
            HazardKind::Refused,
            format!(
                "the rows of table {table} are divided by column {name}, whose type PostgreSQL does not change: make a table of another name with the new type, and move the rows"
            ),
        );
    }
    found
}

/// Whether the attributes that stay have the others of them before and behind them as they had.
fn keeps_places(before: &Composite, after: &Composite) -> bool {
    let stays = |one: &Composite, other: &Composite| -> Vec<Text> {
        let is_in = |name: &Text| other.attributes.iter().any(|it| it.name == *name);
        one.attributes.iter().map(|it| it.name.clone()).filter(is_in).collect()
    };
    let stay = stays(before, after);
    stay == stays(after, before)
        && after.attributes.iter().map(|it| &it.name).take(stay.len()).eq(&stay)
}

/// Whether values of the type hold values of the enum.
fn is_made_of(object: &Object, of: &Enum, types: &[(&ObjectName, TypeAgain<'_>)]) -> bool {
    let name = ObjectName::of_object(&Object::Enum(of.clone()));
    if ObjectName::of_object(object) == name {
        return true;
    }
    let names: BTreeSet<ObjectName> = types.iter().map(|(name, _)| (*name).clone()).collect();
    let parts: Vec<&str> = match object {
        Object::Domain(it) => vec![&it.data_type],
        Object::Composite(it) => it.attributes.iter().map(|it| &*it.data_type).collect(),
        _ => Vec::new(),
    };
    parts.iter().filter_map(|it| is_of(it, &names)).any(|(part, _)| {
        types.iter().filter(|(it, _)| *it == part).any(|(_, it)| is_made_of(it.from, of, types))
    })
}

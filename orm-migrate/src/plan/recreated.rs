//! Types that are recreated, or whose attributes change, while programs run.
//!
//! A driver remembers the types of the statements that it has prepared, by OID, and the attributes of composite types.
//! What `orm` does about that is tested in `tests/queries/recreated.rs`.

use super::binary_coercible::SizedType;
use super::order::{containing, is_of, rebuilt};
use super::step::Step;
use super::{Hazard, HazardKind};
use crate::change::{Change, ObjectName, What};
use orm_core::schema::{Attribute, Object, Schema};
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// Adds the hazards to the steps that do it.
pub(super) fn say(steps: &mut [Step], from: &Schema) {
    let all: Vec<Change> = steps.iter().flat_map(|step| &step.changes).cloned().collect();
    let recreated = rebuilt(&all, from);
    for step in steps {
        let sentences = step.changes.iter().flat_map(|it| sentences(it, &all, &recreated, from));
        let hazards = sentences.map(|sentence| Hazard { kind: HazardKind::ChangedType, sentence });
        let hazards: Vec<Hazard> = hazards.collect();
        step.hazards.extend(hazards);
    }
}

fn sentences(
    change: &Change,
    all: &[Change],
    recreated: &BTreeSet<ObjectName>,
    from: &Schema,
) -> Vec<String> {
    let What::AlterObject { from: before, to: after } = &change.what else { return Vec::new() };
    let (kind, name) = (before.kind(), &change.name);
    let names = BTreeSet::from([name.clone()]);
    let mut found = Vec::new();
    if recreated.contains(name) {
        let columns = columns(&names, all, from);
        found.push(format!(
            "{kind} {name}{columns} is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect"
        ));
    }
    if has_other_attributes(before, after) {
        // Also the columns whose types have it within them.
        let columns = columns(&containing(names, from, |_| false), all, from);
        found.push(format!(
            "{kind} {name}{columns} has other attributes: running programs that are built for the old ones can neither read nor write its values; those with drivers other than orm must reconnect, too"
        ));
    }
    found
}

/// Whether a program that is built for the old attributes can no longer read its values. Modifiers, such as a length,
/// are not sent with a value, and programs read each type of text alike.
fn has_other_attributes(before: &Object, after: &Object) -> bool {
    let (Object::Composite(before), Object::Composite(after)) = (before, after) else {
        return false;
    };
    let known = |it: &Attribute| {
        let name = SizedType::of(&it.data_type).name;
        let name = name.replace("character varying", "text").replace("character", "text");
        (it.name.clone(), name)
    };
    !before.attributes.iter().map(known).eq(after.attributes.iter().map(known))
}

/// The columns of these types that are there before and after the migration, in brackets. Those of partitions are not
/// repeated.
fn columns(names: &BTreeSet<ObjectName>, all: &[Change], from: &Schema) -> String {
    let mut found = Vec::new();
    for table in from.tables.iter().filter(|it| it.partition_of.is_none()) {
        let of = ObjectName::of(table);
        let of_table = || all.iter().filter(|it| it.name == of).map(|it| &it.what);
        let comes_whole = of_table().any(|it| matches!(it, What::AddTable(_)));
        if !comes_whole && of_table().any(|it| matches!(it, What::DropTable(_))) {
            continue;
        }
        for column in table.columns.iter().filter(|it| is_of(&it.data_type, names).is_some()) {
            // A generated column is dropped and added.
            let comes = of_table()
                .any(|it| matches!(it, What::AddColumn(added) if added.name == column.name));
            let goes = of_table()
                .any(|it| matches!(it, What::DropColumn(dropped) if dropped.name == column.name));
            if comes || !goes {
                found.push(format!("{} of {of}", Ident(&column.name)));
            }
        }
    }
    match found.as_slice() {
        [] => String::new(),
        [one] => format!(" (column {one})"),
        more => format!(" (columns {})", more.join(", ")),
    }
}

//! Writes: the folder of the migration.

use super::explain;
use super::gather::Found;
use super::plan::Planned;
use crate::catalog::Canonical;
use crate::change::{Change, ObjectName, What};
use crate::cli::output::Output;
use crate::error::Failure;
use crate::history::{
    Branches, DeclaredHash, Draft, Folder, Migration, NameAnswer, PlanFile, PlannedHazard, Touches,
};
use crate::plan::{HazardKind, Plan};
use crate::preflight::Failing;
use std::collections::BTreeSet;

/// What a migration says beside its plan.
pub(super) struct Written {
    pub(super) name: Option<String>,
    pub(super) answers: Vec<NameAnswer>,
    pub(super) hazards: Vec<PlannedHazard>,
    pub(super) untried: Vec<String>,
    pub(super) declared: Option<DeclaredHash>,
}

/// The hazards of a plan, and which of them somebody had to allow.
pub(super) fn hazards(
    plan: &Plan,
    allow: &[HazardKind],
    failing: &[Failing],
) -> Vec<PlannedHazard> {
    let said = plan.hazards().map(|hazard| PlannedHazard {
        kind: hazard.kind.name().to_owned(),
        sentence: hazard.sentence.clone(),
        // Of rows that do not fit it is said below what was allowed.
        allowed: hazard.kind != HazardKind::FailsOnExistingRows && allow.contains(&hazard.kind),
        rows: None,
        query: None,
    });
    let rows = failing.iter().map(|it| PlannedHazard {
        kind: HazardKind::FailsOnExistingRows.name().to_owned(),
        sentence: it.sentence.clone(),
        allowed: true,
        rows: Some(it.count),
        query: Some(it.query.clone()),
    });
    said.chain(rows).collect()
}

/// Writes the migration after all others.
pub(super) fn migration(
    folder: &Folder,
    found: &Found,
    planned: Planned,
    written: Written,
    migrations: &[Migration],
    output: &Output,
) -> Result<Migration, Failure> {
    let Written { name, answers, hazards, untried, declared } = written;
    let Planned { plan, up, down } = planned;
    let draft = Draft {
        name: name.unwrap_or_else(|| name_of(&found.changes)),
        up,
        down: down.sql,
        plan: PlanFile {
            names: answers,
            hazards,
            untried,
            declared,
            ..plan_file(found, &plan, migrations)
        },
    };
    let written = folder.write(&draft)?;
    if draft.down.is_none() {
        output.note(&format!("no down.sql: {}", down.lost.join("; ")));
    }
    Ok(written)
}

fn plan_file(found: &Found, plan: &Plan, migrations: &[Migration]) -> PlanFile {
    // Under the names of before, what is ours is found by the new ones.
    let old_names: BTreeSet<ObjectName> =
        found.renamings.iter().map(|it| it.name.clone()).collect();
    let mut before = found.before.schema().clone();
    before.tables.retain(|table| {
        old_names.contains(&ObjectName::of(table))
            || found.managed.contains(&ObjectName::of(table))
            || found.declared.schema().table(&table.schema, &table.name).is_some()
    });
    before.objects.retain(|object| {
        old_names.contains(&ObjectName::of_object(object))
            || found.managed.contains(&ObjectName::of_object(object))
            || found.declared.schema().object(object.schema(), &object.name()).is_some()
    });
    let steps = plan.steps.iter().map(explain::planned);
    let tables = found.declared.schema().tables.iter();
    let objects = found.declared.schema().objects.iter();
    let (parent, merges) = Branches::of(migrations).parents();
    let touches = Touches::of(&found.changes);
    PlanFile {
        changes: found.changes.iter().map(Change::to_string).collect(),
        steps: steps.collect(),
        schema_before: Canonical::of_catalog(before).hash(),
        schema_after: found.declared.hash(),
        server_version: found.live.server_version,
        parent,
        merges,
        touches: touches.all,
        drops: touches.dropped,
        names: Vec::new(),
        down_loses: touches.made,
        tables: tables.map(|table| [table.schema.to_string(), table.name.to_string()]).collect(),
        objects: objects.map(|it| [it.schema().to_owned(), it.name().into_owned()]).collect(),
        declared: None,
        replaces: Vec::new(),
        hazards: Vec::new(),
        untried: Vec::new(),
    }
}

/// `create_user`, `change_user`, `change_user_and_2_more`.
fn name_of(changes: &[Change]) -> String {
    let mut tables: Vec<&ObjectName> = Vec::new();
    for change in changes {
        if !tables.contains(&&change.name) {
            tables.push(&change.name);
        }
    }
    let is_table = |change: &&Change| matches!(change.what, What::AddTable(_));
    let is_new = |change: &&Change| matches!(change.what, What::AddTable(_) | What::AddObject(_));
    let created = changes.iter().filter(is_new).count();
    let verb = if created == tables.len() { "create" } else { "change" };
    // A table says more than the types that its columns have.
    let first = changes.iter().find(is_table).map(|change| &change.name);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let first = first.or(tables.first().copied()).map_or("", |table| table.name.as_str());
    let first: String = first.chars().map(plain).collect();
    match tables.len() {
        0 | 1 => format!("{verb}_{first}"),
        more => format!("{verb}_{first}_and_{}_more", more - 1),
    }
}

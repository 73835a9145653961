//! What is said of a part and declared by nobody is said again when the part is made again.

use super::step::{Lock, LockMode, Step};
use super::table_rewrite::RewriteContext;
use crate::change::{Change, Part, What};
use orm_core::schema::{Deferrable, IndexKey, Said, SaidOf, Schema, Table, Text};
use orm_core::sql::ident::Ident;

/// Adds, behind each step that makes something again, a step that says what was said of it. `all` are the changes of
/// the plan.
pub(super) fn said_again(
    steps: Vec<Step>,
    all: &[Change],
    from: &Schema,
    to: &Schema,
) -> Vec<Step> {
    if from.kept.is_empty() {
        return steps;
    }
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let again: Vec<Step> =
            step.changes.iter().filter_map(|it| of_change(it, all, from, to)).collect();
        done.push(step);
        done.extend(again);
    }
    done
}

fn of_change(change: &Change, all: &[Change], from: &Schema, to: &Schema) -> Option<Step> {
    let table = &change.name;
    let of_table =
        from.kept.iter().filter(|it| it.schema == table.schema && it.table == table.name);
    let declared =
        to.table(&table.schema, &table.name).or(from.table(&table.schema, &table.name))?;
    let said: Vec<&Said> = of_table.filter(|it| is_lost(it, change, all, declared)).collect();
    let first = said.first()?;
    let kind = match &change.what {
        What::Add(part) | What::AlterPart { to: part, .. } => part.kind(),
        _ => "column",
    };
    let title = format!("say again what was said of {kind} {} of {table}", Ident(&first.part));
    let statements = said.iter().map(|it| it.statement.to_string()).collect();
    let mode = said.iter().filter_map(|it| mode(it.kind)).max();
    let locks = mode.map(|mode| Lock { table: table.clone(), mode }).into_iter().collect();
    Some(Step {
        title: Some(title),
        ..Step::plain(Vec::new(), statements, locks, &RewriteContext::default())
    })
}

/// Whether the change makes anew what something is said of, and that can still be said.
fn is_lost(said: &Said, change: &Change, all: &[Change], declared: &Table) -> bool {
    let is_dropped = |is_it: &dyn Fn(&What) -> bool| {
        all.iter().any(|it| it.name == change.name && is_it(&it.what))
    };
    match &change.what {
        What::AddColumn(column) => {
            said.kind == SaidOf::Column
                && said.part == column.name
                && is_dropped(&|it| matches!(it, What::DropColumn(it) if it.name == column.name))
        }
        What::Add(part) => {
            said.part == part.name()
                && is_of(said.kind, part, declared)
                && is_dropped(&|it| matches!(it, What::Drop(it) if it.name() == part.name()))
        }
        // The server replaces a trigger by one that fires.
        What::AlterPart { to: Part::Trigger(it), .. } => {
            said.kind == SaidOf::Firing && said.part == it.name
        }
        _ => false,
    }
}

fn is_of(kind: SaidOf, part: &Part, declared: &Table) -> bool {
    match (kind, part) {
        (SaidOf::Trigger | SaidOf::Firing, Part::Trigger(_))
        | (SaidOf::Policy, Part::Policy(_)) => true,
        (SaidOf::Constraint, part) => {
            !matches!(part, Part::Index(_) | Part::Trigger(_) | Part::Policy(_))
        }
        (
            SaidOf::Index,
            Part::Index(_) | Part::PrimaryKey(_) | Part::Unique(_) | Part::Exclusion(_),
        ) => true,
        (SaidOf::Identity, part) => tells_rows_apart(part, declared),
        (SaidOf::Cluster, Part::Index(index)) => {
            index.predicate.is_none() && ["", "btree", "gist"].contains(&&*index.method)
        }
        (SaidOf::Cluster, Part::PrimaryKey(_) | Part::Unique(_)) => true,
        _ => false,
    }
}

/// Whether the server takes the index of the part as the one by which subscribers know a row.
fn tells_rows_apart(part: &Part, declared: &Table) -> bool {
    let is_there = |name: &Text| declared.column(name).is_some_and(|column| !column.nullable);
    match part {
        Part::PrimaryKey(key) => key.deferrable == Deferrable::No,
        Part::Unique(key) => key.deferrable == Deferrable::No && key.columns.iter().all(is_there),
        Part::Index(index) => {
            index.unique
                && index.predicate.is_none()
                && index.parts.iter().all(|part| match &part.key {
                    IndexKey::Column(name) => is_there(name),
                    IndexKey::Expression(_) => false,
                })
        }
        _ => false,
    }
}

/// The lock that such a statement takes on the table.
fn mode(kind: SaidOf) -> Option<LockMode> {
    match kind {
        SaidOf::Column => None,
        SaidOf::Identity => Some(LockMode::AccessExclusive),
        SaidOf::Firing => Some(LockMode::ShareRowExclusive),
        SaidOf::Constraint | SaidOf::Index | SaidOf::Trigger | SaidOf::Policy | SaidOf::Cluster => {
            Some(LockMode::ShareUpdateExclusive)
        }
    }
}

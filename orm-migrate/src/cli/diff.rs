//! `diff`: what the crate declares against what the database has; writes the migration between them.

use super::output::Output;
use crate::catalog::{Canonical, Live};
use crate::change::{Change, TableName};
use crate::diff::{diff, settled};
use crate::error::{Exit, Failure};
use crate::history::{Draft, Folder, Ledger, Migration, PlanFile, PlannedStep, compare};
use crate::plan::{Down, HazardKind, Plan, plan};
use crate::scratch::{self, Proof};
use orm_core::exec::{Config, Connection};
use orm_core::schema::Schema;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What to do with the differences.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct How {
    /// Only says whether there are differences; writes nothing.
    #[arg(long)]
    check: bool,
    /// Allows steps that lose data.
    #[arg(long)]
    allow_destructive: bool,
    /// Does not try the migration on a scratch database.
    #[arg(long)]
    no_verify: bool,
}

/// What was found.
struct Found {
    live: Live,
    /// The database after the migration, with the tables that are not ours.
    after: Canonical,
    /// Only the tables that are ours.
    declared: Canonical,
    managed: BTreeSet<TableName>,
    changes: Vec<Change>,
}

pub(super) async fn run(
    config: &Config,
    folder: &Folder,
    declared: &Schema,
    name: Option<String>,
    how: How,
    output: &Output,
) -> Result<Exit, Failure> {
    let migrations = folder.read()?;
    let connection = Connection::open(config).await?;
    let entries = Ledger::read(&connection).await?;
    let standing = compare(&migrations, &entries);
    if !standing.conflicts.is_empty() {
        return Err(Failure::Conflicts(standing.conflicts));
    }
    let found = find(&connection, declared, &migrations).await?;
    connection.close().await;
    if found.changes.is_empty() && (how.check || standing.pending.is_empty()) {
        answer(&found, None, None, output);
        return Ok(Exit::Done);
    }
    let plan = plan(found.changes.clone(), &found.live.canonical, &found.after);
    if how.check {
        answer(&found, Some(&plan), None, output);
        return Ok(Exit::Differences);
    }
    if !standing.pending.is_empty() {
        let names = standing.pending.iter().map(|migration| migration.name.clone());
        return Err(Failure::Pending(names.collect()));
    }
    let lost = plan.hazards().filter(|hazard| hazard.kind == HazardKind::DataLoss);
    let lost: Vec<String> = lost.map(|hazard| hazard.sentence.clone()).collect();
    if !lost.is_empty() && !how.allow_destructive {
        return Err(Failure::Destructive(lost));
    }
    let down = Down::of(&found.changes, &found.live.canonical, &found.after);
    let up_sql = plan.up_sql();
    if !how.no_verify {
        prove(config, &found, &up_sql, down.sql.as_deref(), output).await?;
    }
    let draft = Draft {
        name: name.unwrap_or_else(|| name_of(&found.changes)),
        up: up_sql,
        down: down.sql,
        plan: plan_file(&found, &plan, &migrations),
    };
    let written = folder.write(&draft)?;
    if draft.down.is_none() {
        output.note(&format!("no down.sql: {}", down.lost.join("; ")));
    }
    answer(&found, Some(&plan), Some(written.path), output);
    Ok(Exit::Done)
}

async fn find(
    connection: &Connection,
    declared: &Schema,
    migrations: &[Migration],
) -> Result<Found, Failure> {
    let declared = scratch::canonical(connection, declared).await?;
    let live = scratch::live(connection, &declared).await?;
    // What the last migration left us with; a table that nobody declares and we never made is another's.
    let last = migrations.iter().rev().find_map(|migration| migration.plan.as_ref());
    let managed: BTreeSet<TableName> = last
        .into_iter()
        .flat_map(|plan| plan.tables.iter().cloned())
        .map(|[schema, name]| TableName { schema, name })
        .collect();
    let changes = diff(&live.canonical, &declared, &managed);
    let declared = settled(&live.canonical, &declared);
    let mut after = declared.schema().clone();
    let kept = live.canonical.schema().tables.iter().filter(|table| {
        !managed.contains(&TableName::of(table))
            && declared.schema().table(&table.schema, &table.name).is_none()
    });
    after.tables.extend(kept.cloned());
    after.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    Ok(Found { live, after: Canonical::of_catalog(after), declared, managed, changes })
}

async fn prove(
    config: &Config,
    found: &Found,
    up: &str,
    down: Option<&str>,
    output: &Output,
) -> Result<(), Failure> {
    let (before, after) = (&found.live.canonical, &found.after);
    let ways = [("up.sql", before, Some(up), after), ("down.sql", after, down, before)];
    for (file, from, sql, to) in ways {
        let Some(sql) = sql else { continue };
        match scratch::prove(config, from, sql, to).await {
            Ok(Proof::Holds) => {}
            Ok(Proof::Skipped(reason)) => output.note(&format!("{file} was not tried: {reason}")),
            Ok(Proof::Differs(left)) => return Err(Failure::Proof { file, found: left }),
            Err(error) => return Err(Failure::Proof { file, found: vec![error.to_string()] }),
        }
    }
    Ok(())
}

fn plan_file(found: &Found, plan: &Plan, migrations: &[Migration]) -> PlanFile {
    let mut before = found.live.canonical.schema().clone();
    before.tables.retain(|table| {
        found.managed.contains(&TableName::of(table))
            || found.declared.schema().table(&table.schema, &table.name).is_some()
    });
    let steps = plan.steps.iter().map(|step| PlannedStep {
        statements: step.statements.clone(),
        locks: step.locks.iter().map(|lock| format!("{} on {}", lock.mode, lock.table)).collect(),
        hazards: step.hazards.iter().map(|hazard| hazard.sentence.clone()).collect(),
    });
    let tables = found.declared.schema().tables.iter();
    PlanFile {
        changes: found.changes.iter().map(Change::to_string).collect(),
        steps: steps.collect(),
        schema_before: Canonical::of_catalog(before).hash(),
        schema_after: found.declared.hash(),
        parent: migrations.last().map(|migration| migration.name.clone()),
        tables: tables.map(|table| [table.schema.to_string(), table.name.to_string()]).collect(),
    }
}

/// `create_user`, `change_user`, `change_user_and_2_more`.
fn name_of(changes: &[Change]) -> String {
    let mut tables: Vec<&TableName> = Vec::new();
    for change in changes {
        if !tables.contains(&&change.table) {
            tables.push(&change.table);
        }
    }
    let is_new = |change: &Change| matches!(change.what, crate::change::What::AddTable(_));
    let created = changes.iter().filter(|change| is_new(change)).count();
    let verb = if created == tables.len() { "create" } else { "change" };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let first = tables.first().map_or("", |table| table.name.as_str());
    let first: String = first.chars().map(plain).collect();
    match tables.len() {
        0 | 1 => format!("{verb}_{first}"),
        more => format!("{verb}_{first}_and_{}_more", more - 1),
    }
}

fn answer(found: &Found, plan: Option<&Plan>, written: Option<PathBuf>, output: &Output) {
    let mut text = String::new();
    for change in &found.changes {
        text += &format!("{change}\n");
    }
    if found.changes.is_empty() {
        text += "no differences\n";
    }
    let hazards: Vec<_> = plan.into_iter().flat_map(Plan::hazards).collect();
    for hazard in &hazards {
        text += &format!("hazard: {}\n", hazard.sentence);
    }
    let others = others(found);
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
        text += &format!("not managed, left alone: {}\n", names.join(", "));
    }
    if let Some(path) = &written {
        text += &format!("wrote {}\n", path.display());
    }
    let others: Vec<_> =
        others.iter().map(|(kind, name)| json!({ "kind": kind, "name": name })).collect();
    let document = json!({
        "changes": found.changes.iter().map(Change::to_string).collect::<Vec<_>>(),
        "hazards": hazards,
        "unmanaged": others,
        "migration": written,
    });
    output.answer(text.trim_end(), document);
}

/// What is in the database and not ours.
fn others(found: &Found) -> Vec<(String, String)> {
    let tables = found.after.schema().tables.iter();
    let tables = tables
        .filter(|table| found.declared.schema().table(&table.schema, &table.name).is_none())
        .map(|table| ("table".to_owned(), TableName::of(table).to_string()));
    let rest = found.live.unmanaged.iter().map(|it| (it.kind.clone(), it.name.clone()));
    tables.chain(rest).collect()
}

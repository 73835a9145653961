//! `repair`: says what keeps `apply` from going on, and mends what it is told to.

use super::context::Context;
use crate::apply::{self, Mend, Trouble};
use crate::edit_distance::nearest;
use crate::error::{Exit, Failure};
use crate::history::{Branches, Conflict, LedgerEntry, Migration, compare};
use crate::session;
use orm_core::exec::Config;
use serde_json::json;

/// What to mend; without a flag nothing is changed, and what is wrong is said.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct RepairArgs {
    /// Says that this migration goes together with those of other branches that touch the same: writes it into its
    /// plan.json.
    #[arg(long, value_name = "NAME")]
    accept: Option<String>,
    /// Records the up.sql of this applied migration as it is now: for an edit that changes nothing of what it does.
    #[arg(long, value_name = "NAME")]
    edited: Option<String>,
    /// Records this migration as applied: somebody has done by hand what it does.
    #[arg(long, value_name = "NAME")]
    applied: Option<String>,
    /// Records this migration as not applied: somebody has undone by hand what it had done.
    #[arg(long, value_name = "NAME")]
    rolled_back: Option<String>,
    /// Records that the statement at which a run of this migration broke off has come to its end.
    #[arg(long, value_name = "NAME")]
    done: Option<String>,
    /// Has the statement at which a run of this migration broke off run once more.
    #[arg(long, value_name = "NAME")]
    again: Option<String>,
    /// Forgets a migration that was applied and whose folder is gone for good.
    #[arg(long, value_name = "NAME")]
    forget: Option<String>,
}

pub(super) async fn run(context: &Context<'_>, how: RepairArgs) -> Result<Exit, Failure> {
    let migrations = apply::read(&context.folder()?)?;
    if let Some(name) = &how.accept {
        return accept(&migrations, name, context);
    }
    let config = context.target()?;
    if let Some(name) = &how.edited {
        let migration = find(&migrations, name)?;
        return change(context, &config, "recorded as it is now", &migration.name, |entries| {
            match entry(entries, &migration.name) {
                Some(entry) if !entry.is_partial() => Ok(vec![Mend::Edited(migration)]),
                Some(_) => Err(refused(
                    format!("{} was applied in part", migration.name),
                    "its statements that are not done yet may be edited; restore the others",
                )),
                None => Err(not_applied(&migration.name)),
            }
        })
        .await;
    }
    if let Some(name) = &how.applied {
        let migration = find(&migrations, name)?;
        return change(context, &config, "recorded as applied", &migration.name, |entries| {
            match entry(entries, &migration.name) {
                Some(entry) if !entry.is_partial() => Err(refused(
                    format!("{} is applied already", migration.name),
                    "--edited records a changed file",
                )),
                _ => Ok(vec![Mend::Mark(migration, "by hand")]),
            }
        })
        .await;
    }
    if let Some(name) = &how.rolled_back {
        let migration = find(&migrations, name)?;
        let back = format!("{}/down", migration.name);
        return change(context, &config, "recorded as not applied", &migration.name, |entries| {
            entry(entries, &migration.name).ok_or_else(|| not_applied(&migration.name))?;
            Ok(vec![Mend::Remove(&migration.name), Mend::Remove(&back)])
        })
        .await;
    }
    if let Some(name) = how.done.as_ref().or(how.again.as_ref()) {
        let migration = find(&migrations, name)?;
        // What broke off may have been the way back.
        let back = migration.back();
        let what = if how.done.is_some() { "its statement is done" } else { "runs once more" };
        return change(context, &config, what, &migration.name, |entries| {
            let is_begun = |it: &&Migration| {
                entry(entries, &it.name).is_some_and(|entry| entry.started.is_some())
            };
            let begun = [Some(migration), back.as_ref()].into_iter().flatten().find(is_begun);
            let begun = begun.ok_or_else(|| {
                refused(
                    format!("no run of {} broke off at a statement", migration.name),
                    "`orm-migrate repair` says what is wrong",
                )
            })?;
            let done = how.done.is_some();
            Ok(vec![if done { Mend::Ended(begun) } else { Mend::Again(&begun.name) }])
        })
        .await;
    }
    if let Some(name) = &how.forget {
        if migrations.iter().any(|it| it.name == *name) {
            return Err(refused(
                format!("{name} is in the folder"),
                "--rolled-back records that it was undone by hand",
            ));
        }
        return change(context, &config, "forgotten", name, |entries| match entry(entries, name) {
            Some(_) => Ok(vec![Mend::Remove(name)]),
            None => {
                let near = nearest(name, entries.iter().map(|it| it.name.as_str()));
                let hint = near.map_or_else(
                    || "give the whole name, as `orm-migrate status` says it".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
                Err(refused(format!("no migration {name} was applied to this database"), &hint))
            }
        })
        .await;
    }
    report(context, &config, &migrations).await
}

fn entry<'a>(entries: &'a [LedgerEntry], name: &str) -> Option<&'a LedgerEntry> {
    entries.iter().find(|entry| entry.name == name)
}

fn not_applied(name: &str) -> Failure {
    refused(
        format!("{name} was not applied to this database"),
        "`orm-migrate status` says what was",
    )
}

fn refused(what: String, hint: &str) -> Failure {
    Failure::Refused { what, hint: hint.to_owned(), exit: Exit::Error }
}

/// Writes the ledger, and says so.
async fn change<'a>(
    context: &Context<'_>,
    config: &Config,
    what: &str,
    name: &str,
    choose: impl FnOnce(&[LedgerEntry]) -> Result<Vec<Mend<'a>>, Failure>,
) -> Result<Exit, Failure> {
    let (lock_wait, _) = context.waits(Default::default())?;
    apply::mend(config, &context.ledger()?, lock_wait, choose).await?;
    context.output.answer(&format!("{name}: {what}"), json!({ "name": name, "mended": what }));
    Ok(Exit::Done)
}

/// What is wrong, and what mends it.
async fn report(
    context: &Context<'_>,
    config: &Config,
    migrations: &[Migration],
) -> Result<Exit, Failure> {
    let Trouble { holder, invalid_indexes } = apply::trouble(config).await?;
    let connection = session::open(config).await?;
    let entries = context.ledger()?.read(&connection).await?;
    connection.close().await;
    let standing = compare(migrations, &entries);
    let mut text = String::new();
    for conflict in &standing.conflicts {
        text += &format!("conflict {conflict}{}\n", flag(conflict));
    }
    if let Some(entry) = standing.partial {
        text += &format!(
            "partial  {}: {} of {} statements are done\n",
            entry.name, entry.statements_done, entry.statements
        );
        if let Some(started) = &entry.started {
            let first = started.text.lines().next().unwrap_or_default();
            text += &format!(
                "  statement {} was begun, and it is not known whether it ended: {first}\n",
                started.statement
            );
        }
        text += &match &entry.started {
            Some(started) if !apply::can_ask(&started.text) => {
                let name = entry.undoes().unwrap_or(&entry.name);
                format!(
                    "  hint: look what it has done; then `orm-migrate repair --done {name}`, or --again to run it once \
                     more\n"
                )
            }
            _ => {
                "  hint: `orm-migrate apply` goes on there, and asks the catalog how far it came\n"
                    .to_owned()
            }
        };
    }
    for index in &invalid_indexes {
        text += &format!(
            "index    {index} is invalid: a CREATE INDEX CONCURRENTLY did not end\n  hint: `orm-migrate apply` clears it away if its migration is not done; else DROP INDEX CONCURRENTLY {index}\n"
        );
    }
    if let Some(holder) = &holder {
        text += &format!(
            "lock     migrations are being applied by {holder}\n  hint: wait for it; if nobody is there any more: SELECT pg_terminate_backend({})\n",
            holder.pid
        );
    }
    let exit = if !standing.conflicts.is_empty() {
        Exit::Conflict
    } else if holder.is_some() {
        Exit::Lock
    } else if standing.partial.is_some() {
        Exit::Partial
    } else if !invalid_indexes.is_empty() {
        Exit::Differences
    } else {
        text = "nothing keeps `orm-migrate apply` from going on".to_owned();
        Exit::Done
    };
    let document = json!({
        "conflicts": standing.conflicts.iter().map(Conflict::as_json).collect::<Vec<_>>(),
        "partial": standing.partial.map(|entry| json!({
            "name": entry.name,
            "statements": entry.statements,
            "statements_done": entry.statements_done,
            "started": entry.started.as_ref().map(|it| json!({ "statement": it.statement, "text": it.text })),
        })),
        "invalid_indexes": invalid_indexes,
        "lock": holder.map(|it| json!({
            "pid": it.pid,
            "application": it.application,
            "role": it.user,
            "connected_seconds": it.age.as_secs(),
        })),
    });
    context.output.answer(text.trim_end(), document);
    Ok(exit)
}

/// The flag that mends it, where the conflict does not say it itself.
fn flag(conflict: &Conflict) -> String {
    match conflict {
        Conflict::Edited { name } => {
            format!(
                "; if the edit changes nothing of what it does: `orm-migrate repair --edited {name}`"
            )
        }
        Conflict::Missing { name } => {
            format!("; if it is gone for good: `orm-migrate repair --forget {name}`")
        }
        _ => String::new(),
    }
}

fn accept(migrations: &[Migration], given: &str, context: &Context<'_>) -> Result<Exit, Failure> {
    let named = find(migrations, given)?;
    let mut changed = Vec::new();
    for conflict in Branches::of(migrations).conflicts(|it| it.name == named.name) {
        let Conflict::Branches { other, .. } = &conflict else { continue };
        // What was written by hand may have no plan.json: then the other one says it.
        let Some(other) = migrations.iter().find(|it| it.name == *other) else { continue };
        let (says, of) = if named.plan.is_some() { (named, other) } else { (other, named) };
        changed.push((says, of));
    }
    for (says, _) in &changed {
        let Some(mut plan) = says.plan.clone() else { continue };
        let all = changed.iter().filter(|(it, _)| it.name == says.name);
        plan.merges.extend(all.map(|(_, of)| of.name.clone()));
        says.save_plan(&plan)?;
    }
    let mut text = String::new();
    for (says, of) in &changed {
        text +=
            &format!("{}/plan.json now says that it goes together with {}\n", says.name, of.name);
    }
    if changed.is_empty() {
        text = format!(
            "{} is in conflict with no migration of another branch; nothing was changed",
            named.name
        );
    }
    let others: Vec<_> =
        changed.iter().map(|(says, of)| json!({ "in": says.name, "goes_with": of.name })).collect();
    context.output.answer(text.trim_end(), json!({ "accepted": others }));
    Ok(Exit::Done)
}

fn find<'a>(migrations: &'a [Migration], given: &str) -> Result<&'a Migration, Failure> {
    let place = apply::target(migrations, given)?;
    migrations.get(place).ok_or_else(|| Failure::Refused {
        what: format!("no migration is called `{given}`"),
        hint: "`orm-migrate status` lists them".to_owned(),
        exit: Exit::Error,
    })
}

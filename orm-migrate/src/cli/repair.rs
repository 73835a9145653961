//! `repair`: what keeps `apply` from going on, mended one by one.

use super::output::Output;
use crate::apply;
use crate::error::{Exit, Failure};
use crate::history::{Branches, Conflict, Folder, Migration};
use serde_json::json;

/// What to mend.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct How {
    /// Says that this migration goes together with those of other branches that touch the same: writes it into its
    /// plan.json.
    #[arg(long, value_name = "NAME")]
    accept: Option<String>,
}

pub(super) async fn run(folder: &Folder, how: How, output: &Output) -> Result<Exit, Failure> {
    let migrations = apply::read(folder)?;
    if let Some(name) = &how.accept {
        return accept(&migrations, name, output);
    }
    Ok(Exit::Done)
}

fn accept(migrations: &[Migration], given: &str, output: &Output) -> Result<Exit, Failure> {
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
    output.answer(text.trim_end(), json!({ "accepted": others }));
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

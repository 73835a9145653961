//! Plans: the steps between both sides, what they may cost, and the proof that they lead there.

use super::gather::Found;
use crate::cli::output::Output;
use crate::error::Failure;
use crate::plan::{Down, HazardKind, Plan, Stored, plan, renaming, say_of_bodies};
use crate::scratch::{self, Proof, ScratchError, ScratchServer};

/// The way there, and the way back.
pub(in crate::cli) struct Planned {
    pub(in crate::cli) plan: Plan,
    pub(in crate::cli) up: String,
    pub(in crate::cli) down: Down,
}

pub(in crate::cli) fn steps(found: &Found) -> Plan {
    let mut steps = renaming(&found.renamings);
    let changes = found.others_than_names().to_vec();
    say_of_bodies(&mut steps, found.live.canonical.schema(), &changes);
    steps.extend(plan(changes, &found.live.canonical, &found.after).steps);
    Plan { steps }
}

/// The hazards that a plan does not have unless they are allowed by name, beside those that depend on sizes and rows.
const BY_NAME: [HazardKind; 3] =
    [HazardKind::DataLoss, HazardKind::Meaning, HazardKind::DropsIndex];

/// # Errors
/// PostgreSQL would refuse it; it has hazards that must be allowed by name, and these are not among `allow`.
pub(in crate::cli) fn allowed(plan: &Plan, allow: &[HazardKind]) -> Result<(), Failure> {
    let refused = plan.hazards().filter(|hazard| hazard.kind == HazardKind::Refused);
    let refused: Vec<String> = refused.map(|hazard| hazard.sentence.clone()).collect();
    if !refused.is_empty() {
        return Err(Failure::InTheWay(refused));
    }
    let said = |kind| -> Vec<String> {
        let hazards = plan.hazards().filter(|hazard| hazard.kind == kind);
        hazards.map(|hazard| hazard.sentence.clone()).collect()
    };
    let must_be_allowed = |kind: HazardKind| match said(kind) {
        sentences if sentences.is_empty() || allow.contains(&kind) => Ok(()),
        sentences if kind == HazardKind::DataLoss => Err(Failure::Destructive(sentences)),
        sentences => Err(Failure::NotAllowed { kind, sentences }),
    };
    Failure::all(BY_NAME.map(must_be_allowed))
}

impl Planned {
    /// `stored` is what the plan computes again of the results of functions, and the way back too.
    pub(in crate::cli) fn new(found: &Found, plan: Plan, stored: &[Stored]) -> Self {
        let (from, to) = (&found.live.canonical, &found.after);
        let (renamings, changes) = (&found.renamings, found.others_than_names());
        let down = Down::recomputed(renamings, changes, stored, from, to);
        Self { up: plan.up_sql(), plan, down }
    }
}

/// Tries both ways on a scratch database. Gives what of that could not be tried, each with its reason.
pub(in crate::cli) async fn prove(
    server: Option<&ScratchServer>,
    found: &Found,
    planned: &Planned,
    output: &Output,
) -> Result<Vec<String>, Failure> {
    let mut untried = Vec::new();
    let mut not_tried = |reason: String| {
        output.note(&reason);
        untried.push(reason);
    };
    let Some(server) = server else {
        not_tried("the migration was not tried: no server was named to try it on".to_owned());
        return Ok(untried);
    };
    let (before, after) = (&found.before, &found.after);
    let ways = [
        ("up.sql", before, Some(planned.up.as_str()), after),
        ("down.sql", after, planned.down.sql.as_deref(), before),
    ];
    for (file, from, sql, to) in ways {
        let Some(sql) = sql else { continue };
        match scratch::prove(server.clone(), from, sql, to).await {
            Ok(Proof::Holds) => {}
            Ok(Proof::Skipped(reason)) => not_tried(format!("{file} was not tried: {reason}")),
            Ok(Proof::Differs(left)) => return Err(Failure::Proof { file, found: left }),
            Err(error @ (ScratchError::Migration { .. } | ScratchError::Script(_))) => {
                return Err(Failure::Proof { file, found: vec![error.to_string()] });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(untried)
}

//! Answers: what differs, what runs, what it may cost, and what is left alone.

use crate::change::Change;
use crate::cli::diff::{Found, explain};
use crate::cli::output::Output;
use crate::plan::Plan;
use serde_json::json;

/// Before anything runs; only for people.
pub(super) fn before(found: &Found, plan: &Plan, sql: &str, is_explained: bool, output: &Output) {
    let mut text = String::new();
    found.changes.iter().for_each(|change| text += &format!("{change}\n"));
    plan.hazards().for_each(|hazard| text += &format!("hazard: {}\n", hazard.sentence));
    text += &if is_explained { format!("\n{}", explain::text(plan)) } else { format!("\n{sql}") };
    output.line(text.trim_end());
}

/// When nothing differs.
pub(super) fn nothing(found: &Found, output: &Output) {
    let text = format!("no differences\n{}", left_alone(found));
    output.answer(text.trim_end(), document(found, None, None, false));
}

/// When it is done, or would be.
pub(super) fn after(found: &Found, plan: &Plan, sql: &str, is_done: bool, output: &Output) {
    let count = plan.steps.iter().map(|step| step.statements.len()).sum::<usize>();
    let statements =
        if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
    let said = if is_done {
        format!("\npushed: {statements}; the database is what was declared\n")
    } else {
        format!("\n{statements} would run; nothing was changed\n")
    };
    let text = format!("{said}{}", left_alone(found));
    output.answer(text.trim_end(), document(found, Some(plan), Some(sql), is_done));
}

fn left_alone(found: &Found) -> String {
    let others = found.others();
    if others.is_empty() {
        return String::new();
    }
    let names: Vec<_> = others.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
    format!("not managed, left alone: {} (--prune drops what is not declared)\n", names.join(", "))
}

fn document(
    found: &Found,
    plan: Option<&Plan>,
    sql: Option<&str>,
    is_done: bool,
) -> serde_json::Value {
    let others = found.others();
    let others: Vec<_> =
        others.iter().map(|(kind, name)| json!({ "kind": kind, "name": name })).collect();
    json!({
        "changes": found.changes.iter().map(Change::to_string).collect::<Vec<_>>(),
        "hazards": plan.into_iter().flat_map(Plan::hazards).collect::<Vec<_>>(),
        "steps": plan.map(explain::document),
        "sql": sql,
        "pushed": is_done,
        "unmanaged": others,
    })
}

//! Answers: what differs, what that may cost, what is left alone, and what was written.

use super::explain;
use super::gather::Found;
use crate::change::Change;
use crate::cli::output::Output;
use crate::plan::Plan;
use crate::rename::Question;
use serde_json::json;
use std::path::Path;

/// What was made of the differences.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WrittenMigration<'a> {
    /// The folder of the migration.
    pub(super) written: Option<&'a Path>,
    /// The SQL to print.
    pub(super) sql: Option<&'a str>,
    /// What could not be tried on a scratch database.
    pub(super) untried: &'a [String],
}

pub(super) fn answer(
    found: &Found,
    open: &[Question],
    plan: Option<&Plan>,
    made: WrittenMigration<'_>,
    is_explained: bool,
    output: &Output,
) {
    let WrittenMigration { written, sql, untried } = made;
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
    for question in open {
        text += &format!("open: {question}\n");
    }
    let (others, wanted) = (found.others(), found.others_wanted());
    for (what, list) in [
        ("not managed, left alone", &others),
        ("not managed, not made, only in what it is compared to", &wanted),
    ] {
        let names: Vec<_> = list.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
        if !names.is_empty() {
            text += &format!("{what}: {}\n", names.join(", "));
        }
    }
    if let Some(path) = written {
        text += &format!("wrote {}\n", path.display());
    }
    if let Some(plan) = plan.filter(|_| is_explained) {
        text += &format!("\n{}", explain::text(plan));
    }
    let text = sql.unwrap_or(&text);
    let named = |list: &[(String, String)]| -> Vec<_> {
        list.iter().map(|(kind, name)| json!({ "kind": kind, "name": name })).collect()
    };
    let document = json!({
        "changes": found.changes.iter().map(Change::to_string).collect::<Vec<_>>(),
        "questions": open.iter().map(Question::as_json).collect::<Vec<_>>(),
        "hazards": hazards,
        "steps": plan.map(explain::document),
        "unmanaged": named(&others),
        "unmanaged_wanted": named(&wanted),
        "migration": written,
        "untried": untried,
        "sql": sql,
    });
    output.answer(text.trim_end(), document);
}

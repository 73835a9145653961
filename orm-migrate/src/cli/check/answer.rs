//! Answers: one paragraph for each question, and all of it for machines.

use super::agree::{FolderAnswer, History};
use super::{Found, LintArgs};
use crate::cli::output::Output;
use crate::error::Exit;
use crate::history::Conflict;
use serde_json::{Value, json};

pub(super) fn answer(found: &Found, lint: LintArgs, output: &Output) {
    output.answer(&text(found, lint), document(found));
}

fn text(found: &Found, lint: LintArgs) -> String {
    let mut text = String::new();
    if let Some(compared) = &found.database {
        text += match compared.changes.as_slice() {
            [] => "ok    the database is what the code says\n",
            _ => "DIFF  the database is not what the code says; it would have to\n",
        };
        text += &items(&compared.changes);
        if !compared.others.is_empty() {
            let names: Vec<_> =
                compared.others.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
            text += &format!("      not managed, left alone: {}\n", names.join(", "));
        }
    }
    if let Some(history) = &found.history {
        text += &history_text(history);
    }
    text += &folder_text(found);
    if lint != LintArgs::Off {
        let word = if found.counted > 0 { "LINT " } else { "ok   " };
        text += &match found.findings.len() {
            0 => "ok    no lint rule finds anything\n".to_owned(),
            count => format!("{word} {}\n", counted(count, "lint finding")),
        };
        for finding in &found.findings {
            text += &format!(
                "      {}: {}\n        fix: {}\n",
                finding.rule, finding.sentence, finding.fix
            );
        }
        if !found.findings.is_empty() {
            text += "      (--allow RULE turns a rule off, --allow RULE:TABLE for one table)\n";
        }
    }
    text.trim_end().to_owned()
}

fn history_text(history: &History) -> String {
    let mut text = String::new();
    if !history.conflicts.is_empty() {
        text += "CONFL the folder and the database contradict each other\n";
        let conflicts: Vec<String> = history.conflicts.iter().map(Conflict::to_string).collect();
        text += &items(&conflicts);
    }
    if history.pending.is_empty() {
        if history.conflicts.is_empty() {
            let applied = counted(history.applied, "migration");
            text += &format!("ok    the database has had all migrations ({applied})\n");
        }
        return text;
    }
    text += &format!(
        "DIFF  the database has not had {}\n",
        counted(history.pending.len(), "migration")
    );
    for pending in &history.pending {
        let done = pending.done.map(|done| format!(" ({done} statements are done)"));
        text += &format!("      - {}{}\n", pending.name, done.unwrap_or_default());
        for hazard in &pending.hazards {
            text += &format!("        hazard: {hazard}\n");
        }
    }
    text
}

fn folder_text(found: &Found) -> String {
    let mut text = String::new();
    let FolderAnswer { agrees, changes, .. } = &found.folder;
    for problem in &found.problems {
        let line = problem.line.map(|line| format!(", line {line}")).unwrap_or_default();
        let (migration, file) = (&problem.migration, problem.file);
        text += &format!("DIFF  {migration}/{file}{line}: {}\n", problem.message);
    }
    match agrees {
        Some(true) => text += "ok    the migrations lead to what the code says\n",
        Some(false) => {
            text += "DIFF  the migrations do not lead to what the code says";
            text += if changes.is_empty() {
                "; `orm-migrate diff` writes the one that is missing\n"
            } else {
                "; the one that is missing would\n"
            };
            text += &items(changes);
        }
        None => {
            let count = counted(found.migrations, "migration");
            text += &format!(
                "?     the folder can be read ({count}); whether it leads to what the code says was not compared\n"
            );
        }
    }
    text
}

fn items(items: &[String]) -> String {
    items.iter().map(|item| format!("      - {}\n", item.replace('\n', "\n        "))).collect()
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn document(found: &Found) -> Value {
    let database = found.database.as_ref().map(|compared| {
        let others =
            compared.others.iter().map(|(kind, name)| json!({ "kind": kind, "name": name }));
        json!({
            "agrees": compared.changes.is_empty(),
            "changes": compared.changes,
            "unmanaged": others.collect::<Vec<_>>(),
        })
    });
    let history = found.history.as_ref().map(|history| {
        let pending = history.pending.iter().map(|pending| {
            json!({
                "name": pending.name,
                "statements_done": pending.done,
                "hazards": pending.hazards,
            })
        });
        let conflicts = history.conflicts.iter().map(|conflict| {
            json!({
                "kind": conflict.kind(),
                "name": conflict.name(),
                "message": conflict.to_string(),
            })
        });
        json!({
            "agrees": history.pending.is_empty() && history.conflicts.is_empty(),
            "applied": history.applied,
            "pending": pending.collect::<Vec<_>>(),
            "conflicts": conflicts.collect::<Vec<_>>(),
        })
    });
    json!({
        "agrees": found.exit() == Exit::Done,
        "database": database,
        "history": history,
        "folder": {
            "agrees": found.folder.agrees,
            "compared_by": found.folder.by,
            "changes": found.folder.changes,
            "migrations": found.migrations,
            "problems": found.problems,
        },
        "lint": { "findings": found.findings, "counted": found.counted },
    })
}

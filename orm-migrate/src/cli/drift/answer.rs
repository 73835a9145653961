//! Answers: what was changed by hand, how to bring it back, and how to keep it.

use super::describe::Difference;
use crate::cli::output::Output;
use serde_json::json;

/// What is not as the migrations made it.
pub(super) struct Drift {
    pub(super) by: By,
    pub(super) differences: Vec<Difference>,
    /// What is in the database and no migration made: its kind and its name.
    pub(super) unmanaged: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
    /// What brings it back, where that is known.
    pub(super) sql: Option<String>,
}

/// How it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The applied migrations were run on a scratch database.
    Replay,
    /// By the hash that the last migration recorded; whether it is the same one.
    Hash(bool),
}

impl Drift {
    pub(super) fn is_none(&self) -> bool {
        self.differences.is_empty() && self.by != By::Hash(false)
    }
}

pub(super) fn answer(drift: &Drift, migrations: usize, wants_sql: bool, output: &Output) {
    let had = match migrations {
        1 => "1 applied migration".to_owned(),
        count => format!("{count} applied migrations"),
    };
    let mut text = match (drift.is_none(), drift.differences.len()) {
        (true, _) => format!("no drift: the database is what its {had} made\n"),
        (false, 0) => format!("drift: the database is not what its {had} made\n"),
        (false, 1) => format!("drift: 1 difference to what the {had} made\n"),
        (false, count) => format!("drift: {count} differences to what the {had} made\n"),
    };
    for difference in &drift.differences {
        text += &format!("- {}\n", difference.to_string().replace('\n', "\n  "));
    }
    if !drift.unmanaged.is_empty() {
        let names = drift.unmanaged.iter().map(|(kind, name)| format!("{kind} {name}"));
        text += &format!("not managed, left alone: {}\n", names.collect::<Vec<_>>().join(", "));
    }
    if !drift.differences.is_empty() {
        text += BACK;
        text += KEEP;
    }
    let sql = match &drift.sql {
        Some(sql) if sql.is_empty() && drift.differences.is_empty() => "-- no drift".to_owned(),
        Some(sql) if sql.is_empty() => {
            "-- what differs is not managed: no statement is known".to_owned()
        }
        Some(sql) => sql.clone(),
        None => "-- which statements that takes is only known with a scratch database".to_owned(),
    };
    let unmanaged = drift.unmanaged.iter();
    let document = json!({
        "drift": !drift.is_none(),
        "by": if drift.by == By::Replay { "replay" } else { "hash" },
        "migrations": migrations,
        "differences": drift.differences.iter().map(Difference::as_json).collect::<Vec<_>>(),
        "unmanaged": unmanaged.map(|(kind, name)| json!({ "kind": kind, "name": name })).collect::<Vec<_>>(),
        "sql": drift.sql,
    });
    let said = if wants_sql { &sql } else { &text };
    output.answer(said.trim_end(), document);
}

const BACK: &str = "to bring it back: `orm-migrate drift --sql` prints the statements; read them, then run them with psql\n";

const KEEP: &str = "to keep it: say it in the code; `orm-migrate diff --from migrations` writes the migration that other databases get, and \
`orm-migrate repair --applied NAME` records on this one that it has it\n";

//! Triggers: manual, `CREATE TRIGGER`.

use orm_core::schema::Trigger;
use orm_core::sql::ident::Ident;
use std::fmt::Display;

/// `CREATE TRIGGER .. ON table ..`, where `table` is the table's name as SQL.
pub fn trigger(table: &impl Display, it: &Trigger, replace: bool) -> String {
    let kind = match (it.constraint, replace) {
        (true, _) => "CONSTRAINT TRIGGER",
        (false, true) => "OR REPLACE TRIGGER",
        (false, false) => "TRIGGER",
    };
    let action = it.action.trim().trim_end_matches(';');
    format!("CREATE {kind} {} {} ON {table} {action}", Ident(&it.name), it.events.trim())
}

//! Policies and row security: manual, `CREATE POLICY`, `ALTER TABLE`.

use crate::change::RowSecurity;
use orm_core::schema::{Policy, PolicyCommand, Text};
use orm_core::sql::ident::Ident;
use std::fmt::Display;

/// `CREATE POLICY .. ON table ..`, where `table` is the table's name as SQL.
pub fn policy(table: &impl Display, it: &Policy) -> String {
    let kind = if it.restrictive { " AS RESTRICTIVE" } else { "" };
    let command = match it.command {
        PolicyCommand::All => "",
        PolicyCommand::Select => " FOR SELECT",
        PolicyCommand::Insert => " FOR INSERT",
        PolicyCommand::Update => " FOR UPDATE",
        PolicyCommand::Delete => " FOR DELETE",
    };
    let to = if it.roles.is_empty() { String::new() } else { format!(" TO {}", roles(&it.roles)) };
    let name = Ident(&it.name);
    format!("CREATE POLICY {name} ON {table}{kind}{command}{to}{}", expressions(None, it))
}

/// `ALTER POLICY .. ON table ..`: what differs.
pub fn alter_policy(table: &impl Display, from: &Policy, to: &Policy) -> String {
    let whom = match (from.roles == to.roles, to.roles.is_empty()) {
        (true, _) => String::new(),
        (false, true) => " TO PUBLIC".to_owned(),
        (false, false) => format!(" TO {}", roles(&to.roles)),
    };
    format!("ALTER POLICY {} ON {table}{whom}{}", Ident(&to.name), expressions(Some(from), to))
}

fn expressions(from: Option<&Policy>, to: &Policy) -> String {
    let one = |words: &str, old: Option<&Option<Text>>, new: &Option<Text>| match new {
        Some(text) if old != Some(new) => format!(" {words} ({text})"),
        _ => String::new(),
    };
    let using = one("USING", from.map(|it| &it.using), &to.using);
    let check = one("WITH CHECK", from.map(|it| &it.with_check), &to.with_check);
    format!("{using}{check}")
}

/// Words that stand for a role are no names.
fn roles(roles: &[Text]) -> String {
    let one = |role: &Text| match role.to_uppercase().as_str() {
        word @ ("PUBLIC" | "CURRENT_USER" | "CURRENT_ROLE" | "SESSION_USER") => word.to_owned(),
        _ => Ident(role).to_string(),
    };
    roles.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The sub-commands of `ALTER TABLE` that lead from the one to the other.
pub fn row_security(from: RowSecurity, to: RowSecurity) -> Vec<String> {
    let mut commands = Vec::new();
    if from.enabled != to.enabled {
        commands.push(if to.enabled { "ENABLE" } else { "DISABLE" });
    }
    if from.forced != to.forced {
        commands.push(if to.forced { "FORCE" } else { "NO FORCE" });
    }
    commands.into_iter().map(|word| format!("{word} ROW LEVEL SECURITY")).collect()
}

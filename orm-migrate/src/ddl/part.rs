//! Parts of tables that come, go and change in place: manual, `ALTER TABLE`, `ALTER INDEX`, `ALTER POLICY`, `CREATE TRIGGER`.

use super::alter::{self, create_index, drop_constraint, drop_index};
use super::constraint::deferrable;
use super::index::settings;
use super::{policy, trigger};
use crate::change::{ObjectName, Part, Storage};
use orm_core::schema::{Deferrable, PartitionOf, Text};
use orm_core::sql::ident::{Ident, Qualified};

/// The statement that makes a part.
pub fn create(table: &ObjectName, part: &Part) -> String {
    match part {
        Part::Index(index) => create_index(table, index),
        Part::Trigger(trigger) => trigger::trigger(&table.qualified(), trigger, false),
        Part::Policy(policy) => policy::policy(&table.qualified(), policy),
        constraint => alter::table(table, &[alter::add(constraint)]),
    }
}

/// The statement that drops a part.
pub fn drop(table: &ObjectName, part: &Part) -> String {
    let name = Ident(part.name());
    match part {
        Part::Index(_) => drop_index(table, part.name()),
        Part::Trigger(_) => format!("DROP TRIGGER {name} ON {}", table.qualified()),
        Part::Policy(_) => format!("DROP POLICY {name} ON {}", table.qualified()),
        _ => alter::table(table, &[drop_constraint(part.name())]),
    }
}

/// The statements that make one part like another of the same name; see [`Part::can_become`].
pub fn change(table: &ObjectName, from: &Part, to: &Part) -> Vec<String> {
    let name = Ident(to.name());
    match (from, to) {
        (Part::Index(from), Part::Index(to)) => {
            let index = Qualified(&table.schema, to.name.as_deref().unwrap_or_default());
            parameters(&from.storage_parameters, &to.storage_parameters)
                .into_iter()
                .map(|command| format!("ALTER INDEX {index} {command}"))
                .collect()
        }
        (Part::Trigger(_), Part::Trigger(to)) => {
            vec![trigger::trigger(&table.qualified(), to, true)]
        }
        (Part::Policy(from), Part::Policy(to)) => {
            vec![policy::alter_policy(&table.qualified(), from, to)]
        }
        (from, to) => {
            let alters = match (from, to) {
                (Part::ForeignKey(from), Part::ForeignKey(to))
                    if from.deferrable != to.deferrable =>
                {
                    Some(format!("ALTER CONSTRAINT {name}{}", whenever(to.deferrable)))
                }
                _ => None,
            };
            let is_validated = from.is_not_valid() && !to.is_not_valid();
            let validates = is_validated.then(|| format!("VALIDATE CONSTRAINT {name}"));
            let commands = alters.into_iter().chain(validates);
            commands.map(|command| alter::table(table, &[command])).collect()
        }
    }
}

/// In `ALTER CONSTRAINT` nothing said is nothing changed.
fn whenever(when: Deferrable) -> &'static str {
    match when {
        Deferrable::No => " NOT DEFERRABLE",
        Deferrable::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        when => deferrable(when),
    }
}

/// The statements that have a table stored otherwise.
pub fn stored(table: &ObjectName, from: &Storage, to: &Storage) -> Vec<String> {
    let logged = (from.unlogged != to.unlogged)
        .then(|| if to.unlogged { "SET UNLOGGED" } else { "SET LOGGED" }.to_owned());
    let parameters = parameters(&from.storage_parameters, &to.storage_parameters);
    let commands = logged.into_iter().chain(parameters);
    commands.map(|command| alter::table(table, &[command])).collect()
}

/// `SET (..)` and `RESET (..)`.
fn parameters(from: &[Text], to: &[Text]) -> Vec<String> {
    let name = |parameter: &Text| match parameter.split_once('=') {
        Some((name, _)) => name.to_owned(),
        None => parameter.to_string(),
    };
    let new: Vec<&Text> = to.iter().filter(|it| !from.contains(it)).collect();
    let is_gone = |it: &&Text| to.iter().all(|other| name(other) != name(it));
    let gone: Vec<String> = from.iter().filter(is_gone).map(name).collect();
    let set = (!new.is_empty()).then(|| format!("SET ({})", settings(new.into_iter())));
    let reset = (!gone.is_empty()).then(|| format!("RESET ({})", gone.join(", ")));
    reset.into_iter().chain(set).collect()
}

/// `ALTER TABLE .. ATTACH PARTITION ..`.
pub fn attach(table: &ObjectName, it: &PartitionOf) -> String {
    let command = format!("ATTACH PARTITION {} {}", table.qualified(), it.bound);
    alter::table(&ObjectName::parent(it), &[command])
}

/// `ALTER TABLE .. DETACH PARTITION ..`.
pub fn detach(table: &ObjectName, it: &PartitionOf) -> String {
    let command = format!("DETACH PARTITION {}", table.qualified());
    alter::table(&ObjectName::parent(it), &[command])
}

/// Whether a statement for a table does the same to its partitions, and locks them.
pub fn reaches_partitions(sql: &str, table: &ObjectName) -> bool {
    let name = table.qualified().to_string();
    let is_its_own = ["ATTACH PARTITION", "DETACH PARTITION", "ROW LEVEL SECURITY"]
        .iter()
        .any(|words| sql.contains(words));
    let alter = sql.strip_prefix("ALTER TABLE ").and_then(|rest| rest.strip_prefix(&name));
    let is_alter = alter.is_some_and(|rest| rest.starts_with([' ', '\n']));
    let creates = |what: &str| {
        sql.starts_with("CREATE ") && sql.contains(what) && sql.contains(&format!(" ON {name} "))
    };
    is_alter && !is_its_own
        || creates("INDEX ")
        || creates("TRIGGER ")
        || sql.starts_with("DROP INDEX ")
        // Of a foreign key, also where others reference it.
        || sql.contains(&format!(" REFERENCES {name} "))
}

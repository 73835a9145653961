//! What is wrong with declared tables although PostgreSQL takes them: a foreign key without an index, two indexes of
//! one key, a primary key of unbounded size. Pure. Start at [`lint`].
//!
//! Each rule is a [`Rule`] of its family's file, with a name by which it is turned off or on. A rule is on by default
//! only if it is right nearly always; the others are pedantic. Types are read as an author writes them and as a server
//! says them.

mod cycles;
mod defaults;
mod foreign_keys;
mod indexes;
mod names;
mod objects;
mod primary_keys;
mod report;
mod security;
mod settings;
mod types;
mod uniques;
mod words;

pub use report::{Finding, Subject};
pub use settings::{Allow, LintSettings, SettingsError};

use orm_core::schema::Schema;
use report::Report;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as a flag and the settings file spell it: `foreign-key-without-index`.
    pub name: &'static str,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that is a fault.
    pub why: &'static str,
    /// Where the manual of PostgreSQL 18 speaks of it.
    pub manual: &'static str,
    /// Whether it is on unless it is turned off.
    pub level: Level,
    check: fn(&Schema, &mut Report<'_>),
}

/// Whether a rule is on by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// On: right nearly always.
    Default,
    /// Off: a matter of opinion, or of the application.
    Pedantic,
}

/// The rules by family: one slice for each file.
const FAMILIES: &[&[Rule]] = &[
    primary_keys::RULES,
    uniques::RULES,
    foreign_keys::RULES,
    cycles::RULES,
    indexes::RULES,
    types::RULES,
    defaults::RULES,
    names::RULES,
    security::RULES,
    objects::RULES,
];

/// All rules.
///
/// ```
/// assert!(orm_migrate::lint::rules().any(|rule| rule.name == "foreign-key-without-index"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().copied().flatten()
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.name == name)
}

/// What the rules that are on find, by table and place.
///
/// ```
/// use orm_core::schema::{Column, Schema, Table};
/// use orm_migrate::lint::{LintSettings, lint};
/// let mut log = Table::new("public", "log");
/// log.columns.to_mut().push(Column::new("line", "text"));
/// let found = lint(&Schema::declared([log]).unwrap(), &LintSettings::default());
/// assert_eq!(found[0].rule, "table-without-primary-key");
/// ```
pub fn lint(schema: &Schema, settings: &LintSettings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in rules().filter(|rule| settings.is_on(rule)) {
        (rule.check)(schema, &mut Report::of(rule.name, &mut findings));
    }
    findings.retain(|finding| !settings.is_allowed(finding));
    findings.sort_by(|a, b| {
        (&a.schema, &a.table, &a.place, a.rule).cmp(&(&b.schema, &b.table, &b.place, b.rule))
    });
    findings
}

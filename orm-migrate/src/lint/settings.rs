//! [`LintSettings`]: which rules are on, and where they are not.

use super::{Finding, Level, Rule, rule, rules};
use crate::edit_distance::nearest;
use std::fmt;
use std::str::FromStr;

/// Which rules are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintSettings {
    /// Rules that are turned off, everywhere or for one table.
    pub allow: Vec<Allow>,
    /// Rules that are turned on; what they find counts even where the rest is only told.
    pub deny: Vec<String>,
    /// Whether the pedantic rules are on too.
    pub pedantic: bool,
}

/// A rule that is turned off: `index-on-boolean`, or `index-on-boolean:job` for one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    /// The rule's name.
    pub rule: String,
    /// The table, if it is off for that one only: `job`, or with its schema `work.job`.
    pub table: Option<String>,
}

/// A name that is no rule's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    message: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

impl SettingsError {
    /// The same, with the place that said it.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        Self { message: format!("{place}: {}", self.message) }
    }
}

impl FromStr for Allow {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, table) = match text.split_once(':') {
            Some((name, table)) => (name, Some(table.to_owned())),
            None => (text, None),
        };
        LintSettings::known(name)?;
        if table.as_deref() == Some("") {
            let message = format!("`{text}` names no table behind the colon");
            return Err(SettingsError { message });
        }
        Ok(Self { rule: name.to_owned(), table })
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            Some(table) => write!(f, "{}:{table}", self.rule),
            None => f.write_str(&self.rule),
        }
    }
}

impl LintSettings {
    /// All rules are on, the pedantic ones too.
    pub fn pedantic() -> Self {
        Self { pedantic: true, ..Self::default() }
    }

    /// That rule and no other.
    pub fn only(name: &str) -> Self {
        let others = rules().filter(|rule| rule.name != name);
        let allow = others.map(|rule| Allow { rule: rule.name.to_owned(), table: None }).collect();
        Self { allow, deny: vec![name.to_owned()], pedantic: false }
    }

    /// The rule of that name.
    ///
    /// # Errors
    /// There is none; the nearest name is told.
    pub fn known(name: &str) -> Result<&'static Rule, SettingsError> {
        rule(name).ok_or_else(|| {
            let hint = nearest(name, rules().map(|rule| rule.name))
                .map(|near| format!("did you mean `{near}`?"))
                .unwrap_or_else(|| "`orm-migrate check --rules` lists them".to_owned());
            SettingsError { message: format!("there is no lint rule `{name}`\n  hint: {hint}") }
        })
    }

    /// Checks the names, and that no rule is both turned off and turned on.
    ///
    /// # Errors
    /// A name is no rule's, or stands on both sides.
    pub fn checked(self) -> Result<Self, SettingsError> {
        for name in self.allow.iter().map(|allow| &allow.rule).chain(&self.deny) {
            Self::known(name)?;
        }
        let mut everywhere = self.allow.iter().filter(|allow| allow.table.is_none());
        match everywhere.find(|allow| self.deny.contains(&allow.rule)) {
            Some(Allow { rule, .. }) => Err(SettingsError {
                message: format!(
                    "the lint rule `{rule}` is both allowed and denied\n  hint: take it out of one of the two"
                ),
            }),
            None => Ok(self),
        }
    }

    /// These settings, and below them others: what is said here of a rule takes the place of what they say of it.
    #[must_use]
    pub fn over(self, mut below: Self) -> Self {
        let turned_off =
            |name: &str| self.allow.iter().any(|allow| allow.rule == name && allow.table.is_none());
        below.allow.retain(|allow| !self.deny.contains(&allow.rule) || allow.table.is_some());
        below.deny.retain(|name| !turned_off(name));
        below.allow.extend(self.allow);
        below.deny.extend(self.deny);
        below.pedantic |= self.pedantic;
        below
    }

    /// Whether the rule is on.
    pub fn is_on(&self, rule: &Rule) -> bool {
        if self.allow.iter().any(|allow| allow.rule == rule.name && allow.table.is_none()) {
            return false;
        }
        rule.level == Level::Default || self.pedantic || self.is_denied(rule.name)
    }

    /// Whether the rule was turned on by name.
    pub fn is_denied(&self, name: &str) -> bool {
        self.deny.iter().any(|denied| denied == name)
    }

    /// Whether the rule is off for the table.
    pub(super) fn is_allowed(&self, finding: &Finding) -> bool {
        self.allow.iter().any(|allow| {
            let Some(table) = &allow.table else { return false };
            let is_it = *table == finding.table
                || *table == format!("{}.{}", finding.schema, finding.table);
            is_it && allow.rule == finding.rule
        })
    }
}

//! Row security and triggers: what happens to rows on their way.

use super::{List, Text};

/// `CREATE POLICY`: PostgreSQL manual, section 5.8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Policy {
    /// The policy's name, unique in its table.
    pub name: Text,
    /// `AS RESTRICTIVE`: it takes rows away from what the other policies allow.
    pub restrictive: bool,
    /// The commands it is about.
    pub command: PolicyCommand,
    /// The roles it is about; none means `PUBLIC`, which is all.
    pub roles: List<Text>,
    /// `USING (..)`: the rows that are seen, as SQL without the outer parentheses.
    pub using: Option<Text>,
    /// `WITH CHECK (..)`: the rows that may be written, as SQL without the outer parentheses.
    pub with_check: Option<Text>,
}

/// The commands a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum PolicyCommand {
    /// `FOR ALL`.
    #[default]
    All,
    /// `FOR SELECT`.
    Select,
    /// `FOR INSERT`.
    Insert,
    /// `FOR UPDATE`.
    Update,
    /// `FOR DELETE`.
    Delete,
}

/// `CREATE TRIGGER name <events> ON table <action>`: PostgreSQL manual, chapter 39.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Trigger {
    /// The trigger's name, unique in its table.
    pub name: Text,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// What stands before `ON`: `BEFORE INSERT OR UPDATE OF a`.
    pub events: Text,
    /// What stands behind the table: `FOR EACH ROW WHEN (..) EXECUTE FUNCTION f()`.
    pub action: Text,
}

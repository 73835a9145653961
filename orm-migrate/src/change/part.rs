//! [`Part`]: what belongs to a table beside its columns, and has a name.

use orm_core::schema::{
    Check, Exclusion, ForeignKey, Index, PrimaryKey, Table, Text, Trigger, Unique,
};
use orm_core::schema::{List, Policy};

/// A constraint, index, trigger or policy of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An exclusion constraint.
    Exclusion(Exclusion),
    /// An index that belongs to no constraint.
    Index(Index),
    /// A trigger.
    Trigger(Trigger),
    /// A policy of row security.
    Policy(Policy),
}

impl Part {
    /// Every part of a table.
    pub fn all(table: &Table) -> impl Iterator<Item = Self> {
        let key = table.primary_key.iter().cloned().map(Self::PrimaryKey);
        let uniques = table.uniques.iter().cloned().map(Self::Unique);
        let foreign_keys = table.foreign_keys.iter().cloned().map(Self::ForeignKey);
        let checks = table.checks.iter().cloned().map(Self::Check);
        let exclusions = table.exclusions.iter().cloned().map(Self::Exclusion);
        let indexes = table.indexes.iter().cloned().map(Self::Index);
        let triggers = table.triggers.iter().cloned().map(Self::Trigger);
        let policies = table.policies.iter().cloned().map(Self::Policy);
        let constraints = key.chain(uniques).chain(foreign_keys).chain(checks).chain(exclusions);
        constraints.chain(indexes).chain(triggers).chain(policies)
    }

    /// Gives a table these parts in the place of those it has.
    pub fn replace_all(table: &mut Table, parts: impl IntoIterator<Item = Self>) {
        table.primary_key = None;
        table.uniques = List::default();
        table.foreign_keys = List::default();
        table.checks = List::default();
        table.exclusions = List::default();
        table.indexes = List::default();
        table.triggers = List::default();
        table.policies = List::default();
        for part in parts {
            match part {
                Self::PrimaryKey(it) => table.primary_key = Some(it),
                Self::Unique(it) => table.uniques.to_mut().push(it),
                Self::ForeignKey(it) => table.foreign_keys.to_mut().push(it),
                Self::Check(it) => table.checks.to_mut().push(it),
                Self::Exclusion(it) => table.exclusions.to_mut().push(it),
                Self::Index(it) => table.indexes.to_mut().push(it),
                Self::Trigger(it) => table.triggers.to_mut().push(it),
                Self::Policy(it) => table.policies.to_mut().push(it),
            }
        }
    }

    /// What it is, in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) => "primary key",
            Self::Unique(_) => "unique constraint",
            Self::ForeignKey(_) => "foreign key",
            Self::Check(_) => "check",
            Self::Exclusion(_) => "exclusion constraint",
            Self::Index(Index { unique: true, .. }) => "unique index",
            Self::Index(_) => "index",
            Self::Trigger(_) => "trigger",
            Self::Policy(_) => "policy",
        }
    }

    /// Its name; a catalog says it always.
    pub fn name(&self) -> &str {
        let name = match self {
            Self::PrimaryKey(key) => &key.name,
            Self::Unique(unique) => &unique.name,
            Self::ForeignKey(key) => &key.name,
            Self::Check(check) => &check.name,
            Self::Exclusion(exclusion) => &exclusion.name,
            Self::Index(index) => &index.name,
            Self::Trigger(trigger) => return &trigger.name,
            Self::Policy(policy) => return &policy.name,
        };
        name.as_deref().unwrap_or_default()
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: Option<Text>) -> Self {
        let place = match &mut self {
            Self::PrimaryKey(key) => &mut key.name,
            Self::Unique(unique) => &mut unique.name,
            Self::ForeignKey(key) => &mut key.name,
            Self::Check(check) => &mut check.name,
            Self::Exclusion(exclusion) => &mut exclusion.name,
            Self::Index(index) => &mut index.name,
            Self::Trigger(Trigger { name: place, .. })
            | Self::Policy(Policy { name: place, .. }) => {
                *place = name.unwrap_or_default();
                return self;
            }
        };
        *place = name;
        self
    }

    /// Whether both say the same, whatever their names.
    pub fn equals_but_for_name(&self, other: &Self) -> bool {
        self.clone().named(None) == other.clone().named(None)
    }

    /// Whether it is an index and no constraint.
    pub fn is_index(&self) -> bool {
        matches!(self, Self::Index(_))
    }

    /// Whether the rows that were there before it are not checked.
    pub fn is_not_valid(&self) -> bool {
        match self {
            Self::ForeignKey(key) => key.not_valid,
            Self::Check(check) => check.not_valid,
            _ => false,
        }
    }

    /// The same with all rows checked.
    #[must_use]
    pub fn validated(mut self) -> Self {
        match &mut self {
            Self::ForeignKey(key) => key.not_valid = false,
            Self::Check(check) => check.not_valid = false,
            _ => {}
        }
        self
    }

    /// Whether PostgreSQL can make a part like another one of the same name in place.
    pub fn can_become(&self, to: &Self) -> bool {
        match (self, to) {
            // Nothing makes a constraint forget that it holds for all rows.
            (Self::ForeignKey(from), Self::ForeignKey(to)) => {
                (from.not_valid || !to.not_valid)
                    && ForeignKey {
                        deferrable: to.deferrable,
                        not_valid: to.not_valid,
                        ..from.clone()
                    } == *to
            }
            (Self::Check(from), Self::Check(to)) => {
                from.not_valid && Check { not_valid: to.not_valid, ..from.clone() } == *to
            }
            (Self::Index(from), Self::Index(to)) => {
                let storage_parameters = to.storage_parameters.clone();
                Index { storage_parameters, ..from.clone() } == *to
            }
            (Self::Trigger(from), Self::Trigger(to)) => !from.constraint && !to.constraint,
            (Self::Policy(from), Self::Policy(to)) => {
                from.restrictive == to.restrictive
                    && from.command == to.command
                    && (from.using.is_none() || to.using.is_some())
                    && (from.with_check.is_none() || to.with_check.is_some())
            }
            _ => false,
        }
    }
}

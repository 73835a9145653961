//! [`checks`]: which questions about rows a migration raises. Pure.

use super::{cast_failures, exclusion_violations, type_violations};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::cast::Domains;
use crate::ddl::serial::{is_serial, stored_type};
use orm_core::schema::{Column, ForeignKey, Index, IndexKey, Schema, Text};
use orm_core::sql::ident::{Ident, Qualified};
use std::collections::BTreeMap;

/// How many rows a query that shows them asks for.
pub(super) const SHOWN: usize = 20;

/// A question about the rows of a table: those for which there is an answer make a change fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCheck {
    /// The table.
    pub table: ObjectName,
    /// What is wrong with one such row, as in `row of table "t" has NULL in column "a"`.
    pub one: String,
    /// What is wrong with several, as in `rows of table "t" have NULL in column "a"`.
    pub many: String,
    /// A statement to run before the count.
    pub before: Option<String>,
    /// SQL that counts them.
    pub count: String,
    /// SQL that shows them.
    pub show: String,
    /// SQL that gives values that show them; they stand for `{values}` in `show`.
    pub values: Option<String>,
}

/// What to ask before these changes are made to tables that hold rows already.
///
/// A change that another one of the same migration prepares is left out: a check that names a new column, say.
pub fn checks(changes: &[Change], from: &Schema) -> Vec<RowCheck> {
    let known = CheckContext::of(changes, from);
    let mut checks = Vec::new();
    for change in changes {
        let Change { name, what } = change;
        checks.extend(type_violations::checks(change, changes, from, &known.domains));
        if from.table(&name.schema, &name.name).is_none() {
            continue;
        }
        let table = CheckedColumn { name, known: &known };
        match what {
            What::AddColumn(column) => checks.extend(table.filled(column)),
            What::AlterColumn { from, to } => {
                if from.nullable && !to.nullable {
                    checks.push(table.no_null(&to.name));
                }
                checks.extend(cast_failures::check(name, from, to, changes, &known.domains));
            }
            What::Add(Part::PrimaryKey(key)) => {
                checks.extend(table.unique(columns(&key.columns), None, false));
            }
            What::Add(Part::Unique(unique)) => {
                let keys = columns(&unique.columns);
                checks.extend(table.unique(keys, None, unique.nulls_not_distinct));
            }
            What::Add(Part::Index(index)) if index.unique => {
                let keys = index_keys(index);
                checks.extend(table.unique(
                    keys,
                    index.predicate.as_deref(),
                    index.nulls_not_distinct,
                ));
            }
            What::Add(Part::ForeignKey(key)) if !key.not_valid => {
                checks.extend(table.matched(key, from));
            }
            What::Add(Part::Check(check)) if !check.not_valid => {
                checks.extend(table.holds(check, from));
            }
            What::Add(Part::Exclusion(it)) => {
                checks.extend(exclusion_violations::check(&table, it))
            }
            // What was not asked when it was added.
            What::AlterPart { from: live, to: part }
                if live.is_not_valid() && !part.is_not_valid() =>
            {
                match part {
                    Part::ForeignKey(key) => checks.extend(table.matched(key, from)),
                    Part::Check(check) => {
                        checks.extend(table.holds(check, from));
                    }
                    _ => {}
                }
            }
            What::Attach(of) => {
                let parent = ObjectName::parent(of);
                let by = from
                    .table(&parent.schema, &parent.name)
                    .and_then(|it| it.partition_by.as_deref());
                checks.extend(by.and_then(|by| table.inside(&parent, by, &of.bound)));
            }
            _ => {}
        }
    }
    checks
}

/// The columns that are not yet what they will be.
pub(super) struct CheckContext {
    pub(super) added: BTreeMap<(ObjectName, Text), Column>,
    pub(super) retyped: BTreeMap<(ObjectName, Text), Column>,
    /// The types under domains, as they will be.
    pub(super) domains: Domains,
}

impl CheckContext {
    fn of(changes: &[Change], from: &Schema) -> Self {
        let made = changes.iter().filter_map(|change| match &change.what {
            What::AddObject(it) | What::AlterObject { to: it, .. } => Some(&**it),
            _ => None,
        });
        let domains = Domains::of(from).with(made);
        let mut known = Self { added: BTreeMap::new(), retyped: BTreeMap::new(), domains };
        for Change { name, what } in changes {
            match what {
                What::AddColumn(column) => {
                    known.added.insert((name.clone(), column.name.clone()), column.clone());
                }
                What::AlterColumn { from, to } if from.data_type != to.data_type => {
                    known.retyped.insert((name.clone(), to.name.clone()), to.clone());
                }
                _ => {}
            }
        }
        known
    }
}

/// A table that is asked.
pub(super) struct CheckedColumn<'a> {
    pub(super) name: &'a ObjectName,
    pub(super) known: &'a CheckContext,
}

impl CheckedColumn<'_> {
    pub(super) fn check(&self, one: &str, many: &str, count: String, show: String) -> RowCheck {
        let table = self.name;
        RowCheck {
            table: table.clone(),
            one: format!("row of table {table} {one}"),
            many: format!("rows of table {table} {many}"),
            before: None,
            count,
            show,
            values: None,
        }
    }

    fn rows_where(&self, one: &str, many: &str, condition: &str) -> RowCheck {
        let table = self.name.qualified();
        let condition =
            if condition.is_empty() { String::new() } else { format!(" WHERE {condition}") };
        self.check(
            one,
            many,
            format!("SELECT count(*) FROM {table}{condition}"),
            format!("SELECT * FROM {table}{condition} LIMIT {SHOWN}"),
        )
    }

    /// A column that is NOT NULL and that nothing fills.
    fn filled(&self, column: &Column) -> Option<RowCheck> {
        let is_filled = column.nullable
            || is_serial(column)
            || column.default.is_some()
            || column.identity.is_some()
            || column.generated.is_some();
        let what = format!(
            "no value for the new column {}, which is NOT NULL and has no default",
            Ident(&column.name)
        );
        let (one, many) = (format!("would have {what}"), format!("would have {what}"));
        (!is_filled).then(|| self.rows_where(&one, &many, ""))
    }

    fn no_null(&self, column: &str) -> RowCheck {
        let name = Ident(column);
        self.rows_where(
            &format!("has NULL in column {name}"),
            &format!("have NULL in column {name}"),
            &format!("{name} IS NULL"),
        )
    }

    /// Rows that are none for a partition.
    fn inside(&self, parent: &ObjectName, by: &str, bound: &str) -> Option<RowCheck> {
        let condition = crate::plan::bound_condition(parent, by, bound)?;
        if self.mentions_what_changes(by) {
            return None;
        }
        Some(self.rows_where(
            &format!("is none {} of {parent}", lower(bound)),
            &format!("are none {} of {parent}", lower(bound)),
            &format!("({condition}) IS NOT TRUE"),
        ))
    }

    pub(super) fn mentions_what_changes(&self, expression: &str) -> bool {
        let here = |(table, column): &(ObjectName, Text)| {
            table == self.name && crate::diff::mentions(expression, column)
        };
        self.known.added.keys().any(here) || self.known.retyped.keys().any(here)
    }

    fn unique(
        &self,
        keys: Vec<CheckedKey>,
        predicate: Option<&str>,
        nulls_not_distinct: bool,
    ) -> Option<RowCheck> {
        let texts: Vec<String> = keys.iter().map(|key| self.key(key)).collect::<Option<_>>()?;
        if texts.is_empty() || predicate.is_some_and(|it| self.mentions_what_changes(it)) {
            return None;
        }
        let mut conditions: Vec<String> =
            predicate.map(|it| format!("({it})")).into_iter().collect();
        if !nulls_not_distinct {
            conditions.extend(texts.iter().map(|text| format!("{text} IS NOT NULL")));
        }
        let table = self.name.qualified();
        let condition = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let list = texts.join(", ");
        let groups = format!("FROM {table}{condition} GROUP BY {list} HAVING count(*) > 1");
        let named = keys.iter().map(CheckedKey::said).collect::<Vec<_>>().join(", ");
        let mut check = self.check(
            "",
            "",
            format!("SELECT count(*) FROM (SELECT 1 {groups}) AS repeated"),
            format!("SELECT {list}, count(*) {groups} ORDER BY count(*) DESC LIMIT {SHOWN}"),
        );
        check.one = format!("key ({named}) is in several rows of table {}", self.name);
        check.many = format!("keys ({named}) are in several rows of table {} each", self.name);
        Some(check)
    }

    fn key(&self, key: &CheckedKey) -> Option<String> {
        match key {
            CheckedKey::Expression(text, _) => {
                (!self.mentions_what_changes(text)).then(|| text.clone())
            }
            CheckedKey::Column(name, collation) => Some(self.value("", name)? + collation),
        }
    }

    /// A column as it will be; `None` if it is not there yet.
    fn value(&self, alias: &str, column: &Text) -> Option<String> {
        let place = (self.name.clone(), column.clone());
        if self.known.added.contains_key(&place) {
            return None;
        }
        let name = format!("{alias}{}", Ident(column));
        Some(match self.known.retyped.get(&place) {
            Some(to) => format!("({name}::{})", stored_type(&to.data_type)),
            None => name,
        })
    }

    /// `MATCH SIMPLE`: a key that has a NULL references nothing. `MATCH FULL`: all of it must be NULL then.
    fn matched(&self, key: &ForeignKey, from: &Schema) -> Option<RowCheck> {
        let target = ObjectName {
            schema: key.references_schema.to_string(),
            name: key.references_table.to_string(),
        };
        let columns: Vec<String> =
            key.columns.iter().map(|name| self.value("child.", name)).collect::<Option<_>>()?;
        let word = if key.match_full { " OR " } else { " AND " };
        let set: Vec<String> = columns.iter().map(|it| format!("{it} IS NOT NULL")).collect();
        let mut condition = format!("({})", set.join(word));
        // A table that is made in the same migration has no rows yet, so that nothing has a match.
        if from.table(&target.schema, &target.name).is_some() {
            let other = CheckedColumn { name: &target, known: self.known };
            let targets: Vec<String> = (key.references_columns.iter())
                .map(|name| other.value("parent.", name))
                .collect::<Option<_>>()?;
            let same: Vec<String> = targets
                .iter()
                .zip(&columns)
                .map(|(parent, child)| format!("{parent} = {child}"))
                .collect();
            condition += &format!(
                " AND NOT EXISTS (SELECT FROM {} AS parent WHERE {})",
                Qualified(&target.schema, &target.name),
                same.join(" AND ")
            );
        }
        let names =
            key.columns.iter().map(|it| Ident(it).to_string()).collect::<Vec<_>>().join(", ");
        let table = self.name.qualified();
        Some(self.check(
            &format!("references no row of {target} by ({names})"),
            &format!("reference no row of {target} by ({names})"),
            format!("SELECT count(*) FROM {table} AS child WHERE {condition}"),
            format!("SELECT child.* FROM {table} AS child WHERE {condition} LIMIT {SHOWN}"),
        ))
    }
}

fn lower(bound: &str) -> String {
    bound.replacen("FOR VALUES", "for values", 1)
}

/// What must be different in each row.
enum CheckedKey {
    /// A column, and its collation as SQL.
    Column(Text, String),
    /// An expression with its collation as SQL, and without.
    Expression(String, Text),
}

impl CheckedKey {
    fn said(&self) -> String {
        match self {
            Self::Column(name, _) => Ident(name).to_string(),
            Self::Expression(_, text) => text.to_string(),
        }
    }
}

fn columns(names: &[Text]) -> Vec<CheckedKey> {
    names.iter().map(|name| CheckedKey::Column(name.clone(), String::new())).collect()
}

fn index_keys(index: &Index) -> Vec<CheckedKey> {
    let key = |part: &orm_core::schema::IndexPart| {
        let collation =
            part.collation.as_ref().map_or_else(String::new, |it| format!(" COLLATE {it}"));
        match &part.key {
            IndexKey::Column(name) => CheckedKey::Column(name.clone(), collation),
            IndexKey::Expression(text) => {
                CheckedKey::Expression(format!("({text}){collation}"), text.clone())
            }
        }
    };
    index.parts.iter().map(key).collect()
}

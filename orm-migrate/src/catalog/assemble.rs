//! Rows of the catalog -> tables. Pure.

use super::rows::{ColumnRow, ConstraintRow, IndexRow, KeptRow, PolicyRow, TableRow, TriggerRow};
use super::{options, spelling};
use orm_core::schema::{
    Action, Check, Column, ColumnSequence, Deferrable, Exclusion, ExclusionElement, ForeignKey,
    Generated, GeneratedKind, Identity, IdentityKind, Index, IndexKey, IndexPart, NullsOrder,
    PartitionOf, Policy, PolicyCommand, PrimaryKey, ReferencedIndex, Said, SaidOf, SequenceOptions,
    SortOrder, Table, Text, Trigger, Unique, names,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Everything that was read of some tables.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) triggers: Vec<TriggerRow>,
    pub(super) policies: Vec<PolicyRow>,
}

/// The tables, in the order of their rows.
pub(super) fn tables(rows: Rows) -> Vec<Table> {
    let mut columns = by_table(rows.columns, |row| row.table);
    let mut constraints = by_table(rows.constraints, |row| row.table);
    let mut indexes = by_table(rows.indexes, |row| row.table);
    let mut triggers = by_table(rows.triggers, |row| row.table);
    let mut policies = by_table(rows.policies, |row| row.table);
    rows.tables
        .into_iter()
        .map(|row| {
            let oid = row.oid;
            let mut table = table(row);
            let columns = columns.remove(&oid).unwrap_or_default();
            table.columns = columns.into_iter().map(|row| column(row, &table.name)).collect();
            for row in constraints.remove(&oid).unwrap_or_default() {
                constraint(&mut table, row);
            }
            index_list(&mut table, indexes.remove(&oid).unwrap_or_default());
            let triggers = triggers.remove(&oid).unwrap_or_default();
            table.triggers = triggers.into_iter().map(trigger).collect();
            let policies = policies.remove(&oid).unwrap_or_default();
            table.policies = policies.into_iter().map(policy).collect();
            table
        })
        .collect()
}

fn table(row: TableRow) -> Table {
    let partition_of = row.parent.map(|parent| PartitionOf {
        schema: row.parent_schema.unwrap_or_default().into(),
        table: parent.into(),
        bound: row.bound.unwrap_or_default().into(),
    });
    Table {
        schema: row.schema.into(),
        name: row.name.into(),
        comment: row.comment.map(Cow::Owned),
        unlogged: row.unlogged,
        storage_parameters: parameters("tables", row.options),
        row_security: row.row_security,
        force_row_security: row.force_row_security,
        partition_by: sql(row.partition_by),
        partition_of,
        ..Table::new("", "")
    }
}

/// Storage parameters of a kind of relation, or of an access method, in one spelling: `off` and `false` are the same.
fn parameters(of: &str, options: Vec<String>) -> Cow<'static, [Text]> {
    let options = options.into_iter().filter(|it| options::is_compared(of, it));
    let mut options: Vec<Text> = options.map(|it| parameter(&it).into()).collect();
    options.sort();
    options.into()
}

fn parameter(option: &str) -> String {
    let Some((name, value)) = option.split_once('=') else { return option.to_owned() };
    let value = value.trim();
    let name = name.to_lowercase();
    let switch = SWITCHES.iter().any(|it| name.trim_start_matches("toast.") == *it);
    let value = match value.to_lowercase().as_str() {
        "on" | "true" | "yes" | "1" | "t" | "y" if switch => "true".to_owned(),
        "off" | "false" | "no" | "0" | "f" | "n" if switch => "false".to_owned(),
        // `070` and `7e1` are both 70.
        number => match number.parse::<f64>() {
            Ok(number) if number.is_finite() => number.to_string(),
            _ => value.to_owned(),
        },
    };
    format!("{name}={value}")
}

/// The storage parameters that are on or off.
const SWITCHES: &[&str] = &[
    "autosummarize",
    "autovacuum_enabled",
    "deduplicate_items",
    "fastupdate",
    "user_catalog_table",
    "vacuum_truncate",
];

/// An expression of the server's, in the one spelling of all releases.
fn sql(text: Option<String>) -> Option<Text> {
    text.map(|text| spelling::settled(&text).into_owned().into())
}

fn by_table<Row>(rows: Vec<Row>, table: impl Fn(&Row) -> u32) -> BTreeMap<u32, Vec<Row>> {
    let mut map: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for row in rows {
        map.entry(table(&row)).or_default().push(row);
    }
    map
}

fn column(row: ColumnRow, table: &str) -> Column {
    let expression = sql(row.expression);
    let generated = |kind| expression.clone().map(|expression| Generated { expression, kind });
    let (default, generated) = match row.generated.as_str() {
        "" => (expression, None),
        "v" => (None, generated(GeneratedKind::Virtual)),
        _ => (None, generated(GeneratedKind::Stored)),
    };
    let options = SequenceOptions {
        start: row.start,
        increment: row.increment,
        min: row.min,
        max: row.max,
        cache: row.cache,
        cycle: row.cycle,
    };
    let identity = match row.identity.as_str() {
        "a" => Some(Identity { kind: IdentityKind::Always, sequence: options }),
        "d" => Some(Identity { kind: IdentityKind::ByDefault, sequence: options }),
        _ => None,
    };
    let name = row.sequence.filter(|name| *name != names::sequence(table, &row.name));
    let sequence = ColumnSequence {
        name: name.map(Cow::Owned),
        logged: row.sequence_logged,
        data_type: row.sequence_type.map(Cow::Owned),
        options: if identity.is_none() { options } else { SequenceOptions::DEFAULT },
    };
    Column {
        name: row.name.into(),
        data_type: row.data_type.into(),
        nullable: row.nullable,
        default,
        identity,
        generated,
        collation: row.collation.map(Cow::Owned),
        comment: row.comment.map(Cow::Owned),
        sequence,
    }
}

fn constraint(table: &mut Table, row: ConstraintRow) {
    let name = Some(Text::from(row.name));
    let (columns, include) = (texts(row.columns), texts(row.include));
    let deferrable = deferrable(row.deferrable, row.deferred);
    match row.kind.as_str() {
        "p" => {
            table.primary_key = Some(PrimaryKey { name, columns, include, deferrable });
        }
        "u" => table.uniques.to_mut().push(Unique {
            name,
            columns,
            include,
            nulls_not_distinct: row.nulls_not_distinct,
            deferrable,
        }),
        "f" => {
            // All of them is what is said without a list.
            let all = columns.len();
            let on_delete_columns = texts(row.on_delete_columns.filter(|it| it.len() < all));
            table.foreign_keys.to_mut().push(ForeignKey {
                name,
                columns,
                references_schema: row.references_schema.unwrap_or_default().into(),
                references_table: row.references_table.unwrap_or_default().into(),
                references_columns: texts(row.references_columns),
                match_full: row.match_full,
                on_delete: action(&row.on_delete),
                on_delete_columns,
                on_update: action(&row.on_update),
                deferrable,
                not_valid: row.not_valid,
                index: row.referenced_index.map(ReferencedIndex::named).unwrap_or_default(),
            })
        }
        _ => table.checks.to_mut().push(Check {
            name,
            expression: sql(row.expression).unwrap_or_default(),
            no_inherit: row.no_inherit,
            not_valid: row.not_valid,
        }),
    }
}

fn deferrable(deferrable: bool, deferred: bool) -> Deferrable {
    match (deferrable, deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}

fn texts(names: Option<Vec<String>>) -> Cow<'static, [Text]> {
    names.unwrap_or_default().into_iter().map(Cow::Owned).collect()
}

/// The letters of `pg_constraint.confdeltype` and `confupdtype` (manual, section 53.13).
fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// The indexes of each relation.
pub(super) fn indexes(rows: Vec<IndexRow>) -> BTreeMap<u32, Vec<Index>> {
    let of_one = |rows| {
        let mut table = Table::default();
        index_list(&mut table, rows);
        table.indexes.into_owned()
    };
    let rows = by_table(rows, |row| row.table);
    rows.into_iter().map(|(table, rows)| (table, of_one(rows))).collect()
}

/// The rows of an index stand one behind the other.
fn index_list(table: &mut Table, rows: Vec<IndexRow>) {
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let mut of_one = vec![first];
        while let Some(next) = rows.next_if(|next| of_one.iter().all(|it| it.name == next.name)) {
            of_one.push(next);
        }
        index(table, of_one);
    }
}

fn index(table: &mut Table, rows: Vec<IndexRow>) {
    let Some(first) = rows.first().cloned() else { return };
    let (included, key): (Vec<IndexRow>, Vec<IndexRow>) =
        rows.into_iter().partition(|row| row.included);
    let include = included.into_iter().map(|row| row.column.unwrap_or_default().into()).collect();
    let predicate = sql(first.predicate);
    let storage_parameters = parameters(&first.method, first.storage.unwrap_or_default());
    let Some(constraint) = first.constraint else {
        table.indexes.to_mut().push(Index {
            name: Some(first.name.into()),
            unique: first.unique,
            method: first.method.into(),
            parts: key.into_iter().map(part).collect(),
            include,
            nulls_not_distinct: first.nulls_not_distinct,
            predicate,
            storage_parameters,
        });
        return;
    };
    let element = |mut row: IndexRow| {
        let operator = row.operator.take().unwrap_or_default().into();
        ExclusionElement { part: part(row), operator }
    };
    table.exclusions.to_mut().push(Exclusion {
        name: Some(constraint.into()),
        method: first.method.into(),
        elements: key.into_iter().map(element).collect(),
        include,
        predicate,
        deferrable: deferrable(first.deferrable, first.deferred),
    });
}

fn trigger(row: TriggerRow) -> Trigger {
    Trigger {
        name: row.name.into(),
        constraint: row.constraint,
        events: row.events.into(),
        action: spelling::settled(&row.action).into_owned().into(),
    }
}

/// What is said of the parts of tables.
pub(super) fn kept(rows: Vec<KeptRow>) -> Vec<Said> {
    let of = |row: KeptRow| Said {
        schema: row.schema.into(),
        table: row.table.into(),
        kind: match row.kind.as_str() {
            "constraint" => SaidOf::Constraint,
            "index" => SaidOf::Index,
            "trigger" => SaidOf::Trigger,
            "policy" => SaidOf::Policy,
            "firing" => SaidOf::Firing,
            "identity" => SaidOf::Identity,
            "cluster" => SaidOf::Cluster,
            _ => SaidOf::Column,
        },
        part: row.part.into(),
        statement: row.statement.into(),
    };
    rows.into_iter().map(of).collect()
}

/// The letters of `pg_policy.polcmd` (manual, section 53.38).
fn policy(row: PolicyRow) -> Policy {
    Policy {
        name: row.name.into(),
        restrictive: row.restrictive,
        command: match row.command.as_str() {
            "r" => PolicyCommand::Select,
            "a" => PolicyCommand::Insert,
            "w" => PolicyCommand::Update,
            "d" => PolicyCommand::Delete,
            _ => PolicyCommand::All,
        },
        roles: texts(row.roles),
        using: sql(row.using),
        with_check: sql(row.with_check),
    }
}

fn part(row: IndexRow) -> IndexPart {
    let key = match (row.column, row.expression) {
        (Some(column), _) => IndexKey::Column(column.into()),
        (None, expression) => IndexKey::Expression(sql(expression).unwrap_or_default()),
    };
    // The bits of `pg_index.indoption`: INDOPTION_DESC and INDOPTION_NULLS_FIRST.
    let order = if row.options & 1 == 0 { SortOrder::Ascending } else { SortOrder::Descending };
    let nulls = if row.options & 2 == 0 { NullsOrder::Last } else { NullsOrder::First };
    IndexPart {
        key,
        collation: row.collation.map(Cow::Owned),
        operator_class: row.operator_class.map(Cow::Owned),
        order,
        nulls,
    }
}

#[cfg(test)]
mod tests;

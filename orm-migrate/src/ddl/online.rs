//! Statements that let others read and write meanwhile: manual, `CREATE INDEX`, "Building Indexes Concurrently", and
//! `ALTER TABLE`, "Notes".

use super::alter;
use crate::change::{ObjectName, Part};
use orm_core::schema::{Column, Deferrable, Index, IndexKey, IndexPart, NullsOrder, SortOrder};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// How many rows a batch writes: little enough that nobody waits long for a row.
pub const BATCH: usize = 5_000;

/// `CREATE INDEX CONCURRENTLY ..`.
pub fn create_index(table: &ObjectName, index: &Index) -> String {
    // The first such word is the keyword: names come later.
    alter::create_index(table, index).replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}

/// `CREATE INDEX .. ON ONLY ..`: of a partitioned table, without its partitions. It is not valid until it has theirs.
pub fn create_index_only(table: &ObjectName, index: &Index) -> String {
    let name = table.qualified().to_string();
    alter::create_index(table, index).replacen(
        &format!(" ON {name}"),
        &format!(" ON ONLY {name}"),
        1,
    )
}

/// An `ALTER TABLE` of a partitioned table without its partitions.
pub fn only(alter: &str) -> String {
    alter.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1)
}

/// `ALTER INDEX .. ATTACH PARTITION ..`.
pub fn attach_index(above: &ObjectName, index: &str, below: &ObjectName, own: &str) -> String {
    let (index, own) = (Qualified(&above.schema, index), Qualified(&below.schema, own));
    format!("ALTER INDEX {index} ATTACH PARTITION {own}")
}

/// `DROP INDEX CONCURRENTLY ..`: an index is in the schema of its table.
pub fn drop_index(table: &ObjectName, name: &str) -> String {
    format!("DROP INDEX CONCURRENTLY {}", Qualified(&table.schema, name))
}

/// `ALTER INDEX .. RENAME TO ..`.
pub fn rename_index(table: &ObjectName, from: &str, to: &str) -> String {
    format!("ALTER INDEX {} RENAME TO {}", Qualified(&table.schema, from), Ident(to))
}

/// The sub-command that adds a check or foreign key for the rows that are written from now on.
pub fn add_not_valid(part: &Part) -> String {
    let mut part = part.clone();
    match &mut part {
        Part::ForeignKey(key) => key.not_valid = false,
        Part::Check(check) => check.not_valid = false,
        _ => {}
    }
    format!("{} NOT VALID", alter::add(&part))
}

/// The sub-command that adds a check for NULL in the rows that are written from now on.
pub fn add_not_null_check(name: &str, column: &str) -> String {
    format!("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", Ident(name), Ident(column))
}

/// `ALTER TABLE .. VALIDATE CONSTRAINT ..`: reads the rows that were there before the constraint.
pub fn validate(table: &ObjectName, name: &str) -> String {
    alter::table(table, &[format!("VALIDATE CONSTRAINT {}", Ident(name))])
}

/// The index that a unique constraint or primary key stands on, under another name; `None` for other parts.
pub fn index_of(part: &Part, name: &str) -> Option<Index> {
    let (columns, include, nulls_not_distinct) = match part {
        Part::PrimaryKey(key) => (&key.columns, &key.include, false),
        Part::Unique(unique) => (&unique.columns, &unique.include, unique.nulls_not_distinct),
        _ => return None,
    };
    let parts = columns.iter().map(|column| IndexPart {
        key: IndexKey::Column(column.clone()),
        collation: None,
        operator_class: None,
        order: SortOrder::Ascending,
        nulls: NullsOrder::Last,
    });
    Some(Index {
        name: Some(name.to_owned().into()),
        unique: true,
        parts: parts.collect(),
        include: include.clone(),
        nulls_not_distinct,
        ..Index::default()
    })
}

/// The sub-command that makes an index a unique constraint or primary key; the index takes its name.
pub fn add_using_index(part: &Part, index: &str) -> Option<String> {
    let (kind, deferrable) = match part {
        Part::PrimaryKey(key) => ("PRIMARY KEY", key.deferrable),
        Part::Unique(unique) => ("UNIQUE", unique.deferrable),
        _ => return None,
    };
    let deferrable = match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    };
    let name = Ident(part.name());
    Some(format!("ADD CONSTRAINT {name} {kind} USING INDEX {}{deferrable}", Ident(index)))
}

/// `ALTER COLUMN .. SET DEFAULT ..`.
pub fn set_default(column: &str, default: &str) -> String {
    format!("ALTER COLUMN {} SET DEFAULT {default}", Ident(column))
}

/// `RENAME COLUMN ..`.
pub fn rename_column(from: &str, to: &str) -> String {
    format!("RENAME COLUMN {} TO {}", Ident(from), Ident(to))
}

/// A sequence that lends its numbers while a column is filled.
pub fn create_sequence(schema: &str, name: &str, data_type: &str, options: &str) -> String {
    format!("CREATE SEQUENCE {} AS {data_type}{options}", Qualified(schema, name))
}

/// `nextval(..)` of a sequence.
pub fn next_of(schema: &str, name: &str) -> String {
    format!("nextval({})", Literal(&Qualified(schema, name).to_string()))
}

/// The sequence of a column goes on where another one stands, which is dropped.
pub fn take_over_sequence(
    table: &ObjectName,
    column: &str,
    schema: &str,
    other: &str,
) -> [String; 2] {
    let own = format!(
        "pg_get_serial_sequence({}, {})",
        Literal(&table.qualified().to_string()),
        Literal(column)
    );
    [
        format!("SELECT setval({own}, {}, false)", next_of(schema, other)),
        format!("DROP SEQUENCE {}", Qualified(schema, other)),
    ]
}

/// One batch of the rows that a column is filled in.
#[derive(Debug, Clone)]
pub struct Backfill<'a> {
    /// The table.
    pub table: &'a ObjectName,
    /// The column that is filled.
    pub column: &'a str,
    /// What it gets: SQL in which `target` is the row.
    pub value: &'a str,
    /// Which rows still lack it: SQL over the table's columns.
    pub lacking: &'a str,
    /// The columns of a key; empty if the table has none.
    pub key: &'a [&'a Column],
    /// Tells this walk from the others of the migration.
    pub number: usize,
}

impl Backfill<'_> {
    /// The statement, to be run until it changes no row.
    ///
    /// It walks the key: a search for rows that lack a value would pass by all that have one, in each batch again. The
    /// place where a batch ended is kept in a setting of the session; without it the walk begins at the first row. Rows
    /// that come meanwhile have their value already, so there is an end.
    pub fn sql(&self) -> String {
        let Self { column, value, lacking, key, .. } = self;
        let (table, column) = (self.table.qualified(), Ident(column));
        if key.is_empty() {
            return format!(
                "UPDATE {table} AS target\nSET {column} = {value}\nWHERE target.ctid = ANY (ARRAY(\n    SELECT ctid FROM {table} WHERE {lacking} LIMIT {BATCH}\n))"
            );
        }
        let join = |each: &dyn Fn(usize, &Column) -> String, by: &str| {
            let parts = key.iter().enumerate().map(|(index, column)| each(index, column));
            parts.collect::<Vec<_>>().join(by)
        };
        let setting =
            |index: usize| Literal(&format!("orm.batch_{}_{}", self.number, index + 1)).to_string();
        let names = join(&|_, it| Ident(&it.name).to_string(), ", ");
        let first = |it: &Column| {
            format!("(SELECT {} FROM {table} ORDER BY {names} LIMIT 1)", Ident(&it.name))
        };
        let from = |index: usize, it: &Column| {
            let place = format!("nullif(current_setting({}, true), '')", setting(index));
            let stored = super::serial::stored_type(&it.data_type);
            format!("coalesce({place}::{stored}, {})", first(it))
        };
        let (left, right) = (names.as_str(), join(&from, ",\n        "));
        let reached = match key.len() {
            1 => format!("{left} >= {right}"),
            _ => format!("({left}) >= (\n        {right}\n    )"),
        };
        let descending = join(&|_, it| format!("{} DESC", Ident(&it.name)), ", ");
        let kept = join(
            &|index, it| {
                format!("set_config({}, {}::text, false)", setting(index), Ident(&it.name))
            },
            ", ",
        );
        let same =
            join(&|_, it| format!("target.{name} = batch.{name}", name = Ident(&it.name)), " AND ");
        format!(
            "WITH batch AS MATERIALIZED (\n    SELECT {names} FROM {table}\n    WHERE {reached}\n    AND {lacking}\n    ORDER BY {names} LIMIT {BATCH}\n), place AS MATERIALIZED (\n    SELECT {kept}\n    FROM (SELECT {names} FROM batch ORDER BY {descending} LIMIT 1) AS last\n)\nUPDATE {table} AS target\nSET {column} = {value}\nFROM batch, place\nWHERE {same}"
        )
    }
}

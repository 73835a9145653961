//! Statements that let others read and write meanwhile: manual, `CREATE INDEX`, "Building Indexes Concurrently", and
//! `ALTER TABLE`, "Notes".

use super::alter;
use crate::change::{ObjectName, Part};
use orm_core::schema::{Deferrable, Index, IndexKey, IndexPart, NullsOrder, SortOrder};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// `CREATE INDEX CONCURRENTLY ..`.
pub fn create_index(table: &ObjectName, index: &Index) -> String {
    // The first such word is the keyword: names come later.
    alter::create_index(table, index).replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}

/// A statement that makes or drops an index, beside those who write; `None` for any other.
pub fn concurrently(sql: &str) -> Option<String> {
    let is_of_index = ["CREATE INDEX ", "CREATE UNIQUE INDEX ", "DROP INDEX "];
    is_of_index
        .iter()
        .any(|words| sql.starts_with(words))
        .then(|| sql.replacen("INDEX ", "INDEX CONCURRENTLY ", 1))
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

/// Whether a statement is one of [`only`].
pub fn is_only(sql: &str) -> bool {
    sql.starts_with("ALTER TABLE ONLY ")
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

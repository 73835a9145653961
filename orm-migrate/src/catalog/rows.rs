//! One struct for each `.sql` file, its fields in the order of the file's columns.

use orm_core::{Error, ErrorKind, Result};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// A row that is read by position.
pub(super) trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

fn cell<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(|error| {
        Error::new(ErrorKind::Conversion, format!("could not read the catalog: {error}"))
            .with_source(error)
    })
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $name { $(pub(super) $field: $ty,)* }

        impl FromRow for $name {
            fn from_row(row: &Row) -> Result<Self> {
                let mut index = 0..;
                let mut next = || index.next().unwrap_or_default();
                Ok(Self { $($field: cell(row, next())?,)* })
            }
        }
    )*};
}

rows! {
    /// `tables.sql`
    TableRow {
        oid: u32,
        schema: String,
        name: String,
        comment: Option<String>,
        unlogged: bool,
        options: Vec<String>,
        row_security: bool,
        force_row_security: bool,
        partition_by: Option<String>,
        parent_schema: Option<String>,
        parent: Option<String>,
        bound: Option<String>,
    }
    /// `columns.sql`
    ColumnRow {
        table: u32,
        name: String,
        data_type: String,
        nullable: bool,
        expression: Option<String>,
        identity: String,
        generated: String,
        collation: Option<String>,
        comment: Option<String>,
        start: Option<i64>,
        increment: Option<i64>,
        min: Option<i64>,
        max: Option<i64>,
        cache: Option<i64>,
        cycle: bool,
        sequence: Option<String>,
        sequence_type: Option<String>,
        sequence_logged: Option<bool>,
    }
    /// `constraints.sql`
    ConstraintRow {
        table: u32,
        name: String,
        kind: String,
        columns: Option<Vec<String>>,
        references_schema: Option<String>,
        references_table: Option<String>,
        references_columns: Option<Vec<String>>,
        on_delete: String,
        on_update: String,
        deferrable: bool,
        deferred: bool,
        expression: Option<String>,
        nulls_not_distinct: bool,
        include: Option<Vec<String>>,
        match_full: bool,
        on_delete_columns: Option<Vec<String>>,
        not_valid: bool,
        no_inherit: bool,
        referenced_index: Option<String>,
    }
    /// `indexes.sql`
    IndexRow {
        table: u32,
        name: String,
        unique: bool,
        method: String,
        nulls_not_distinct: bool,
        predicate: Option<String>,
        included: bool,
        column: Option<String>,
        expression: Option<String>,
        operator_class: Option<String>,
        collation: Option<String>,
        options: i32,
        storage: Option<Vec<String>>,
        constraint: Option<String>,
        deferrable: bool,
        deferred: bool,
        operator: Option<String>,
    }
    /// `triggers.sql`
    TriggerRow {
        table: u32,
        name: String,
        constraint: bool,
        events: String,
        action: String,
    }
    /// `policies.sql`
    PolicyRow {
        table: u32,
        name: String,
        restrictive: bool,
        command: String,
        roles: Option<Vec<String>>,
        using: Option<String>,
        with_check: Option<String>,
    }
    /// `kept.sql`
    KeptRow {
        schema: String,
        table: String,
        kind: String,
        part: String,
        statement: String,
    }
    /// `objects.sql`
    ObjectRow {
        oid: u32,
        json: String,
    }
    /// `unmanaged.sql`
    UnmanagedRow {
        kind: String,
        name: String,
    }
}

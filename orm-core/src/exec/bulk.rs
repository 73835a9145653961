//! Inserts of very many rows go by `COPY .. FROM STDIN` where that does the same: it takes the server two thirds of the time.
//!
//! COPY knows neither ON CONFLICT nor RETURNING nor expressions. It is refused for a table with row level security, passes rules
//! by, casts nothing, and sets an `identity` that the server alone may set. So the server is asked first, and the insert is sent as
//! it is written where it says no. What COPY reports of a row is in the words of INSERT.

use crate::error::Result;
use crate::exec::copy_in::CopyIn;
use crate::exec::run::rows_of;
use crate::exec::session::TypedParam;
use crate::exec::{Cache, Executor, Lease};
use crate::query::node::{InsertNode, InsertRows, Node, OVERRIDING_USER_VALUE, Statement};
use crate::sql;
use crate::types::elements::Elements;
use crate::types::plain_name;
use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::Type;

/// From so many rows on COPY is faster: it takes a round trip more for the question, and two to begin.
const ROWS_MIN: usize = 3_000;

/// Whether COPY does what an insert of these columns does: `$1` is the table, `$2` to `$5` are the columns, the OIDs of the types that
/// values are sent as, or 0, and then the names of the types and of their schemas; `$6` whether an `identity` is overridden.
const IS_SAME: &str = "\
SELECT c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT pg_catalog.row_security_active(c.oid)
    AND NOT pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool
    AND (
        SELECT pg_catalog.count(*) = pg_catalog.cardinality($2)
        FROM ROWS FROM (
            pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5)
        ) AS given (name, type, type_name, type_schema)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = given.name::pg_catalog.name
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND (a.attidentity <> 'a' OR $6)
            AND CASE
                WHEN given.type <> 0 THEN t.oid = given.type::pg_catalog.oid
                ELSE t.typname = given.type_name::pg_catalog.name
                    AND (n.nspname = given.type_schema::pg_catalog.name
                        OR given.type_schema = '' AND pg_catalog.pg_type_is_visible(t.oid))
            END
    )
FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)::pg_catalog.oid";

/// An insert that may go by COPY.
pub(super) struct Bulk<'s> {
    insert: &'s InsertNode,
    columns: Vec<&'s Elements>,
}

impl<'s> Bulk<'s> {
    /// None where it is written for few rows, or says more than COPY can.
    pub(super) fn of(statement: &'s Statement) -> Option<Self> {
        let Statement::Insert(insert) = statement else { return None };
        let InsertRows::Unnest(arrays, count) = &insert.rows else { return None };
        let is_plain = insert.conflict.is_none()
            && insert.returning.is_empty()
            && insert.with.is_empty()
            && insert.overriding != Some(OVERRIDING_USER_VALUE);
        if *count < ROWS_MIN || !is_plain {
            return None;
        }
        let column = |node: &'s Node| match node {
            Node::Unnest(array) => array.value.elements().filter(|it| it.count() == *count),
            _ => None,
        };
        let columns = arrays.iter().map(column).collect::<Option<_>>()?;
        Some(Self { insert, columns })
    }

    /// Copies the rows, and gives how many there were; none where the insert is to be sent as it is written, which is `text`.
    pub(super) async fn copy(self, executor: &dyn Executor, text: &str) -> Result<Option<u64>> {
        let lease = executor.lease().await?;
        if !lease.prepares() || !self.is_same(&lease).await? {
            return Ok(None);
        }
        let Ok(column_count) = i16::try_from(self.columns.len()) else { return Ok(None) };
        let mut columns = Vec::with_capacity(self.columns.len());
        for elements in &self.columns {
            // What cannot be written is an error of the statement.
            let Some(written) = elements.written() else { return Ok(None) };
            columns.push(written);
        }
        let copy = sql::copy_in(self.insert.target.table, &self.insert.columns);
        let mut copy = CopyIn::of_insert(lease, &copy, text).await?;
        let mut next = |out: &mut BytesMut| {
            out.put_i16(column_count);
            let mut is_row = false;
            for column in &mut columns {
                let Some(value) = column.next() else { return false };
                out.put_slice(value);
                is_row = true;
            }
            is_row
        };
        while copy.add_from(&mut next) {
            if copy.is_full() {
                copy.send().await?;
            }
        }
        copy.finish().await.map(Some)
    }

    /// Asks the server whether COPY does the same.
    async fn is_same(&self, lease: &Lease<'_>) -> Result<bool> {
        let table = sql::table_name(self.insert.target.table);
        let types: Vec<&Type> = self.columns.iter().map(|column| column.element()).collect();
        let names = self.insert.columns.iter().filter_map(|position| {
            self.insert.target.table.columns.get(*position).map(|column| &*column.name)
        });
        let names: Vec<&str> = names.collect();
        let oids: Vec<i64> = types.iter().map(|ty| i64::from(ty.oid())).collect();
        let type_names: Vec<&str> = types.iter().map(|ty| plain_name(ty.name())).collect();
        let schemas: Vec<&str> = types.iter().map(|ty| ty.schema()).collect();
        let overrides = self.insert.overriding.is_some();
        let params: [TypedParam<'_>; 6] = [
            (&table, Type::TEXT),
            (&names, Type::TEXT_ARRAY),
            (&oids, Type::INT8_ARRAY),
            (&type_names, Type::TEXT_ARRAY),
            (&schemas, Type::TEXT_ARRAY),
            (&overrides, Type::BOOL),
        ];
        let answer = rows_of::<bool>(lease, IS_SAME, &params, Cache::Named).await?;
        Ok(answer == [true])
    }
}

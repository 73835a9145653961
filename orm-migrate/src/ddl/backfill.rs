//! A column that is filled in batches, each of which is a transaction: nobody waits long for a row.

use super::serial::stored_type;
use crate::change::ObjectName;
use orm_core::schema::Column;
use orm_core::sql::ident::{Ident, Literal};

/// How many rows a batch writes: little enough that nobody waits long for one.
const ROWS: usize = 5_000;
/// How many blocks it writes where rows are found by their place: about as many rows, if they are short.
const BLOCKS: usize = 32;

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
    /// It never turns back: the value may be NULL, and such a row lacks it for ever. Where a batch ended, and where all of
    /// them end, is kept in settings of the session; without these the walk begins at the first row that lacks a value.
    /// Rows that come meanwhile have theirs already.
    pub fn sql(&self) -> String {
        if self.key.is_empty() { self.by_place() } else { self.by_key() }
    }

    /// A setting of the session, whose value stands behind a sign: the empty text is a key too.
    fn setting(&self, what: &str, index: usize) -> String {
        Literal(&format!("orm.{what}_{}_{}", self.number, index + 1)).to_string()
    }

    fn read(&self, what: &str, index: usize, data_type: &str) -> String {
        let kept = format!("current_setting({}, true)", self.setting(what, index));
        format!("CASE WHEN {kept} <> '' THEN substr({kept}, 2)::{data_type} END")
    }

    fn keep(&self, what: &str, index: usize, value: &str) -> String {
        format!("set_config({}, '=' || {value}::text, false)", self.setting(what, index))
    }

    fn by_key(&self) -> String {
        let Self { column, value, lacking, key, .. } = self;
        let (table, column) = (self.table.qualified(), Ident(column));
        let join = |each: &dyn Fn(usize, &Column) -> String, by: &str| {
            let parts = key.iter().enumerate().map(|(index, column)| each(index, column));
            parts.collect::<Vec<_>>().join(by)
        };
        let row = |texts: String| if key.len() == 1 { texts } else { format!("({texts})") };
        let names = join(&|_, it| Ident(&it.name).to_string(), ", ");
        let descending = join(&|_, it| format!("{} DESC", Ident(&it.name)), ", ");
        let end_of = |it: &Column, order: &str| {
            format!("(SELECT {} FROM {table} ORDER BY {order} LIMIT 1)", Ident(&it.name))
        };
        let known = |what: &str, index: usize, it: &Column| {
            self.read(what, index, stored_type(&it.data_type))
        };
        let bound = |what: &'static str, order: &str| {
            let each = |index: usize, it: &Column| {
                format!("coalesce({}, {})", known(what, index, it), end_of(it, order))
            };
            row(join(&each, ",\n        "))
        };
        let left = row(names.clone());
        let (first, last) = (bound("batch", &names), bound("end", &descending));
        let place = row(join(&|index, it| known("batch", index, it), ", "));
        let kept = join(&|index, it| self.keep("batch", index, &Ident(&it.name).to_string()), ", ");
        let end = join(
            &|index, it| {
                let value =
                    format!("coalesce({}, {})", known("end", index, it), end_of(it, &descending));
                self.keep("end", index, &value)
            },
            ",\n        ",
        );
        let same =
            join(&|_, it| format!("target.{name} = batch.{name}", name = Ident(&it.name)), " AND ");
        format!(
            "WITH batch AS MATERIALIZED (
    SELECT {names} FROM {table}
    WHERE {left} >= {first}
    AND {left} <= {last}
    AND {left} IS DISTINCT FROM {place}
    AND {lacking}
    ORDER BY {names} LIMIT {ROWS}
), place AS MATERIALIZED (
    SELECT {kept},
        {end}
    FROM (SELECT {names} FROM batch ORDER BY {descending} LIMIT 1) AS last
)
UPDATE {table} AS target
SET {column} = {value}
FROM batch, place
WHERE {same}"
        )
    }

    /// Walks the table twice: whoever changes a row meanwhile may bring it to a place where the walk has been. The
    /// second time there is hardly one to write.
    fn by_place(&self) -> String {
        let Self { column, value, lacking, .. } = self;
        let (table, column) = (self.table.qualified(), Ident(column));
        let count = format!(
            "coalesce({}, 1 + pg_relation_size({}) / current_setting('block_size')::bigint / {BLOCKS})",
            self.read("end", 0, "bigint"),
            Literal(&table.to_string())
        );
        let begin = format!("coalesce({}, 0)", self.read("batch", 0, "bigint"));
        let (number, end) = (self.keep("batch", 0, "(number + 1)"), self.keep("end", 0, "count"));
        let at = |block: &str| format!("format('(%s,0)', {block} * {BLOCKS})::tid");
        let within = |from: &str, to: &str| format!("ctid >= {from} AND ctid < {to} AND {lacking}");
        let (from, to) = (at("(number % count)"), at("(number % count + 1)"));
        format!(
            "WITH batch AS MATERIALIZED (
    SELECT number, count, {from} AS first, {to} AS last
    FROM (SELECT {count} AS count) AS of, generate_series({begin}, 2 * count - 1) AS number
    WHERE (SELECT true FROM {table} WHERE {} LIMIT 1)
    ORDER BY number LIMIT 1
), place AS MATERIALIZED (
    SELECT first, last, {number},
        {end}
    FROM batch
)
UPDATE {table} AS target
SET {column} = {value}
WHERE target.ctid = ANY (ARRAY(
    SELECT ctid FROM {table}
    WHERE {}
))",
            within(&from, &to),
            within("(SELECT first FROM place)", "(SELECT last FROM place)"),
        )
    }
}

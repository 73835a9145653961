//! `pg_attver`, which the releases of November 2026 write on every column, and `pg_dump` of another release prints.

/// What it is and what to do.
pub const STAMP: &str = "`pg_attver` is a number that some releases of PostgreSQL write on columns by themselves, and that pg_dump \
     of another release prints: leave it out, it has no effect there and other servers refuse it";

/// Whether a statement sets it.
///
/// ```
/// use orm_migrate::history::is_stamp;
/// assert!(is_stamp("ALTER TABLE t ALTER COLUMN a SET (pg_attver=1, n_distinct=5)"));
/// assert!(!is_stamp("ALTER TABLE t ALTER COLUMN a SET (n_distinct=5)"));
/// ```
pub fn is_stamp(statement: &str) -> bool {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let text = words.join(" ").to_lowercase().replace(" =", "=");
    let options = text.split_once(" set (").map(|(_, options)| options);
    text.starts_with("alter ")
        && options.is_some_and(|it| {
            it.split([',', '(']).any(|option| option.trim_start().starts_with("pg_attver="))
        })
}

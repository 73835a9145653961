//! Other libraries as contenders, one in each file, as their guides say that it is done.

mod by_diesel;
mod by_diesel_async;
mod by_drizzle;
mod by_sea_orm;
mod by_sqlx;
mod by_toasty;
mod diesel_models;

use orm_benches::{Entry, FLOOR_ENTRY, OUR_ENTRY};

/// Who takes part.
pub fn entries() -> Vec<Entry> {
    vec![
        FLOOR_ENTRY,
        OUR_ENTRY,
        by_diesel::ENTRY,
        by_diesel_async::ENTRY,
        by_sqlx::ENTRY,
        by_sea_orm::ENTRY,
        by_toasty::ENTRY,
        by_drizzle::ENTRY,
    ]
}

/// The size as these libraries take it.
fn count(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

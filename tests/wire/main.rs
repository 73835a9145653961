//! How values travel, on a real PostgreSQL: as the type of their column, or as text where the server has no other way.

mod as_in_psql;
mod as_text;
mod changes;
mod names;

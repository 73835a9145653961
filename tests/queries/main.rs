//! Queries on a real PostgreSQL: for each clause the SQL text, and the rows it gives.
//! One file per clause; each test has a database of its own.

mod bulk_insert;
mod count;
mod custom;
mod delete;
mod empty;
mod fixture;
mod insert;
mod insert_select;
mod insert_structs;
mod join;
mod merge;
mod nested;
mod nullable;
mod patch;
mod pooler;
mod recreated;
mod select;
mod serial;
mod sql;
mod transaction;
mod truncate;
mod types;
mod update;
mod update_from;
mod upsert;
mod view;

//! Queries on a real PostgreSQL: for each clause the SQL text, and the rows it gives.
//! One file per clause; each test has a database of its own.

mod bulk_insert;
mod count;
mod custom;
mod delete;
mod empty;
mod fixture;
mod insert;
mod insert_structs;
mod join;
mod nested;
mod nullable;
mod pooler;
mod recreated;
mod select;
mod serial;
mod sql;
mod transaction;
mod types;
mod update;
mod upsert;
mod view;

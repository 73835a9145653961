//! Queries on a real PostgreSQL: for each clause the SQL text, and the rows it gives.
//! One file per clause; each test has a database of its own.

mod borrowed;
mod count;
mod custom;
mod delete;
mod empty;
mod explain;
mod find;
mod fixture;
mod insert;
mod join;
mod keyset;
mod lock;
mod nested;
mod nullable;
mod pooler;
mod prepared;
mod recreated;
mod select;
mod serial;
mod sql;
mod transaction;
mod types;
mod update;
mod upsert;
mod view;

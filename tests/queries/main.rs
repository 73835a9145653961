//! Queries on a real PostgreSQL: for each clause the SQL text, and the rows it gives.
//! One file per clause; each test has a database of its own.

mod aggregates;
mod batch;
mod count;
mod cte;
mod custom;
mod delete;
mod derived;
mod empty;
mod explain;
mod find;
mod fixture;
mod from_row;
mod grouping;
mod insert;
mod join;
mod joins;
mod keyset;
mod lock;
mod nested;
mod nullable;
mod pooler;
mod prepared;
mod reading;
mod recreated;
mod select;
mod serial;
mod set_operations;
mod sql;
mod subqueries;
mod transaction;
mod types;
mod update;
mod upsert;
mod view;
mod windows;

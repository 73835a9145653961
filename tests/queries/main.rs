//! Queries on a real PostgreSQL: for each clause the SQL text, and the rows it gives.
//! One file per clause; each test has a database of its own.

mod arithmetic;
mod arrays;
mod case;
mod count;
mod custom;
mod delete;
mod empty;
mod fixture;
mod fragments;
mod fulltext;
mod functions;
mod insert;
mod join;
mod json;
mod nested;
mod nullable;
mod pooler;
mod random_filters;
mod recreated;
mod select;
mod serial;
mod sql;
mod text_operators;
mod transaction;
mod types;
mod update;
mod upsert;
mod view;

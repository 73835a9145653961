//! The engine against a real PostgreSQL: what is declared is what is made, and what was made can be taken back.
//!
//! A case is two scripts that a PostgreSQL person writes by hand; see [`round_trip::check`].

mod columns;
mod constraints;
mod dependents;
mod foreign_keys;
mod kept;
mod objects;
mod odd;
mod partitions;
mod renames;
mod rewrites;
mod round_trip;
mod rules;
mod sequences;
mod shapes;
mod spellings;

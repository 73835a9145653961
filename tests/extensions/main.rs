//! Types, operators and functions of extensions, on a server that has them; where it does not, a test prints that it is skipped.
//! The tables of this program are made by each test: they need their extension.

mod hstore;
mod ltree;
mod pgvector;
mod postgis;
mod postgis_functions;
mod support;

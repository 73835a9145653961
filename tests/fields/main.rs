//! What structs and their attributes say of columns, on a real PostgreSQL: newtypes, names, values that the client makes.

mod default_fn;
mod naming;
mod newtype;

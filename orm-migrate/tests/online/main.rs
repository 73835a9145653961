//! Online forms on a real PostgreSQL: they lead where the plain ones do, take the locks they say, and let others work.

mod computed;
mod expand;
mod facts;
mod forms;
mod in_the_way;
mod measured;
mod partitions;
mod refused;
mod retyped;
mod support;
mod together;
mod tool;
mod waiting;

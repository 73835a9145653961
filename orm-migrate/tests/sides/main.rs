//! Sides of a comparison, by the real binary: what it prints, and the exit code a shell sees.

mod compare;
mod drift;
mod file;
mod filters;
mod foreign;
mod push;
mod refused;
mod rights;
mod roles;
mod rounds;
mod settings;
mod sql;
mod stopped;
mod verify;

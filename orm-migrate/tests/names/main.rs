//! Names that change, at the shell: what the code says, what flags and files say, what is asked, and what nobody says.

mod code;
mod questions;
mod terminal;

//! The migration tool.

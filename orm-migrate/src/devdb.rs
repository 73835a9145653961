//! A private PostgreSQL from the binaries on the machine, for development, tests and examples.

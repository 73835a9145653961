//! Which rights it takes, and which locks it does not take.

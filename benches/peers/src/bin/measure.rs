//! Measures this library, the floor and other libraries.

use orm_benches::{Outcome, measure};
use std::path::Path;

fn main() -> Outcome {
    let lock = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    measure(&orm_benches_peers::entries(), lock)
}

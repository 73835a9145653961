//! Measures this library and the floor; `benches/peers` has the same program with other libraries.

use orm_benches::{FLOOR_ENTRY, OUR_ENTRY, Outcome, measure};
use std::path::Path;

fn main() -> Outcome {
    let lock = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"));
    measure(&[FLOOR_ENTRY, OUR_ENTRY], lock)
}

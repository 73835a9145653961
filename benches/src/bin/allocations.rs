//! Counts the allocations of this library and of the floor: `measure` starts it.

use orm_benches::{FLOOR_ENTRY, OUR_ENTRY, Outcome, count};

fn main() -> Outcome {
    count(&[FLOOR_ENTRY, OUR_ENTRY], |run| {
        let info = allocation_counter::measure(run);
        (info.count_total, info.bytes_total)
    })
}

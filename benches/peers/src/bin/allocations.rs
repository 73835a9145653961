//! Counts the allocations of all: `measure` starts it.

use orm_benches::{Outcome, count};

fn main() -> Outcome {
    count(&orm_benches_peers::entries(), |run| {
        let info = allocation_counter::measure(run);
        (info.count_total, info.bytes_total)
    })
}

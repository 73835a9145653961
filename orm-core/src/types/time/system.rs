//! [`SystemTime`]: a moment of the standard library. What is below a microsecond is cut off.

use super::Timestamptz;
use super::calendar::EPOCH;
use super::column::dated;
use super::count::Dated;
use crate::types::Failure;
use std::time::{Duration, SystemTime};

impl Dated for SystemTime {
    type Sql = Timestamptz;
    const NAME: &'static str = "std::time::SystemTime";
    const WIDER: &'static str = "`.cast::<String>()` and read it as text";

    fn of_count(count: i64) -> Option<Self> {
        let start = Self::UNIX_EPOCH.checked_add(Duration::from_micros(EPOCH.unsigned_abs()))?;
        let distance = Duration::from_micros(count.unsigned_abs());
        if count < 0 { start.checked_sub(distance) } else { start.checked_add(distance) }
    }

    fn count(&self) -> Result<i64, Failure> {
        // A duration has at most 64 bits of seconds.
        let nanoseconds = match self.duration_since(Self::UNIX_EPOCH) {
            Ok(after) => after.as_nanos().cast_signed(),
            Err(before) => -before.duration().as_nanos().cast_signed(),
        };
        let count = nanoseconds.div_euclid(1_000) - i128::from(EPOCH);
        // What is out of range is so for PostgreSQL as well.
        Ok(count.try_into().unwrap_or(if count < 0 { i64::MIN } else { i64::MAX }))
    }
}

dated! { SystemTime, Timestamptz }

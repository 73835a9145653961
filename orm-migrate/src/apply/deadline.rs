//! [`Deadline`]: until when a run may take.

use std::time::{Duration, Instant};

/// Until when a run may take; a run without one may take as long as it likes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    end: Option<Instant>,
}

impl Deadline {
    pub(super) fn after(limit: Option<Duration>) -> Self {
        // A time too far away to be counted is none.
        Self { end: limit.and_then(|limit| Instant::now().checked_add(limit)) }
    }

    pub(super) fn is_over(self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    /// How much of a wait is still allowed.
    pub(super) fn at_most(self, wait: Duration) -> Duration {
        self.left().map_or(wait, |left| left.min(wait))
    }

    /// What limits the statements to come. A lower limit that the migration has set itself stays.
    pub(super) fn limit(self) -> Option<String> {
        let left = self.left()?.as_millis().clamp(1, i32::MAX as u128);
        Some(format!(
            "SELECT pg_catalog.set_config('statement_timeout', '{left}', false) FROM pg_catalog.pg_settings \
             WHERE name = 'statement_timeout' AND (setting = '0' OR setting::bigint > {left})"
        ))
    }

    pub(super) fn left(self) -> Option<Duration> {
        Some(self.end?.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_end_at_the_deadline() {
        let minute = Duration::from_secs(60);
        let none = Deadline::after(None);
        assert!(!none.is_over() && none.at_most(minute) == minute && none.limit().is_none());
        let over = Deadline::after(Some(Duration::ZERO));
        assert!(over.is_over() && over.at_most(minute).is_zero());
        assert!(over.limit().is_some_and(|sql| sql.contains("'1'")));
        assert!(!Deadline::after(Some(Duration::MAX)).is_over());
    }
}

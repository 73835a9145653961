//! Ratios of what was measured: of each round to another way in the same round.

use crate::cell::Limit;
use crate::contender::FLOOR;
use crate::rounds::Measured;

/// Which of the two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Wall,
    Cpu,
}

/// A ratio in the median of the rounds, in the best and in the worst one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

pub(crate) fn median(values: &[f64]) -> Option<f64> {
    sorted(values.to_vec()).get(values.len() / 2).copied()
}

impl Measured {
    pub(crate) fn times(&self, time: Time) -> &[f64] {
        match time {
            Time::Wall => &self.wall,
            Time::Cpu => &self.cpu,
        }
    }

    /// Of each of its rounds to the same round of the other.
    pub(crate) fn ratio(&self, base: &Self, time: Time) -> Option<Ratio> {
        let pairs = self.times(time).iter().zip(base.times(time));
        let ratios = sorted(pairs.map(|(mine, other)| mine / other).collect());
        Some(Ratio {
            median: *ratios.get(ratios.len() / 2)?,
            least: *ratios.first()?,
            most: *ratios.last()?,
        })
    }
}

/// The quickest of a contender's ways.
pub(crate) fn best<'a>(ways: &'a [Measured], contender: &str, time: Time) -> Option<&'a Measured> {
    let own = ways.iter().filter(|way| way.contender == contender && way.failed.is_none());
    own.filter(|way| !way.times(time).is_empty()).min_by(|one, other| {
        let of = |way: &Measured| median(way.times(time)).unwrap_or(f64::INFINITY);
        of(one).total_cmp(&of(other))
    })
}

/// The leanest of a contender's ways, and its allocations.
pub(crate) fn leanest<'a>(ways: &'a [Measured], contender: &str) -> Option<(&'a Measured, f64)> {
    let own = ways.iter().filter(|way| way.contender == contender && way.failed.is_none());
    own.filter_map(|way| Some((way, way.allocations?.0)))
        .min_by(|one, other| one.1.total_cmp(&other.1))
}

/// The way of the floor that a limit is about.
pub(crate) fn base_of(ways: &[Measured], limit: Limit, time: Time) -> Option<&Measured> {
    match limit.of {
        None => best(ways, FLOOR, time),
        Some(form) => ways
            .iter()
            .find(|way| way.contender == FLOOR && way.form == form && !way.times(time).is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(contender: &'static str, form: &'static str, wall: &[f64]) -> Measured {
        let (wall, cpu) = (wall.to_vec(), wall.to_vec());
        Measured { contender, form, wall, cpu, allocations: None, failed: None }
    }

    #[test]
    fn a_ratio_compares_what_was_measured_in_the_same_round() {
        let (floor, ours) =
            (measured(FLOOR, "a", &[10.0, 20.0, 10.0]), measured("x", "b", &[10.0, 40.0, 11.0]));
        let ratio = ours.ratio(&floor, Time::Wall).unwrap();
        assert_eq!((ratio.least, ratio.median, ratio.most), (1.0, 1.1, 2.0));
    }

    #[test]
    fn the_best_form_is_the_quickest_that_did_not_fail() {
        let mut broken = measured(FLOOR, "broken", &[1.0]);
        broken.failed = Some("it finds another result".to_owned());
        let ways = [measured(FLOOR, "slow", &[9.0]), broken, measured(FLOOR, "quick", &[5.0])];
        assert_eq!(best(&ways, FLOOR, Time::Cpu).unwrap().form, "quick");
        let limit = |form| Limit { ratio: 1.0, of: form };
        assert_eq!(base_of(&ways, limit(Some("slow")), Time::Wall).unwrap().form, "slow");
        assert_eq!(base_of(&ways, limit(None), Time::Wall).unwrap().form, "quick");
    }
}

//! A limit that moves, by announced capacity and announced imports and purges.
//!
//! Fast growing paths reach any limit first. The probability of reaching a limit before it moved therefore neither falls
//! afterwards nor adds to that of a later limit: the highest one counts.

use jiff::civil::Date;

use super::passage::{Grid, Passage};
use super::plan::Plan;
use crate::model::series::{EventKind, Series};

/// The free space of a series over time, in units of the resource.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Barrier {
    /// Free space without growth, from a number of days ahead on; the first from now on.
    parts: Vec<(f64, f64)>,
    /// Announced changes of the level, by days ahead.
    steps: Vec<(f64, f64)>,
}

impl Barrier {
    /// `level` is the present one; the free space is infinite without a limit.
    pub(super) fn from_series(series: &Series, level: f64, as_of: Date) -> Barrier {
        let mut free = series.limit.map_or(f64::INFINITY, |limit| limit - level);
        let (mut parts, mut steps) = (vec![(0.0, free)], Vec::new());
        for event in series.known.iter().filter(|event| event.date > as_of) {
            let days = f64::from((event.date - as_of).get_days());
            match event.kind {
                EventKind::Capacity => free += event.size,
                EventKind::Import | EventKind::Purge | EventKind::Step => {
                    free -= event.size;
                    steps.push((days, event.size));
                }
            }
            parts.push((days, free));
        }
        Barrier { parts, steps }
    }

    /// The same under a plan, as free space for the growth without it.
    pub(super) fn under(self, plan: &Plan) -> Barrier {
        if plan.parts().is_empty() {
            return self;
        }
        let days = self.parts.iter().map(|&(from, _)| from).chain(plan.parts().iter().map(|part| part.from));
        let mut days: Vec<f64> = days.collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        let mut parts: Vec<(f64, f64)> = days.iter().map(|&day| (day, plan.at(day).room(self.free_at(day)))).collect();
        parts.dedup_by(|next, last| next.1 == last.1);
        Barrier { parts, steps: self.steps }
    }

    /// A limit that does not move.
    #[cfg(test)]
    pub(super) fn constant(free: f64) -> Barrier {
        Barrier { parts: vec![(0.0, free)], steps: Vec::new() }
    }

    /// The free space some days ahead, without growth.
    pub(super) fn free_at(&self, days: f64) -> f64 {
        // The last of several changes on a day includes the others.
        let begun = self.parts.partition_point(|&(from, _)| from <= days);
        self.parts[begun - 1].1
    }

    /// The announced change of the level within `days`.
    pub(super) fn announced(&self, days: f64) -> f64 {
        self.steps.iter().filter(|(day, _)| *day <= days).map(|(_, size)| size).sum()
    }

    /// The passage of the moving limit; `passage` is that of a constant free space.
    pub(super) fn passage(&self, grid: &Grid, passage: impl Fn(f64) -> Passage) -> Passage {
        let part = |&(_, free): &(f64, f64)| match free {
            f64::INFINITY => Passage::never(grid),
            free if free <= 0.0 => Passage::reached(grid),
            free => passage(free),
        };
        let of_parts: Vec<Passage> = self.parts.iter().map(part).collect();
        if let [only] = of_parts.as_slice() {
            return only.clone();
        }
        let ends = self.parts.iter().skip(1).map(|&(from, _)| from).chain([f64::INFINITY]);
        let parts: Vec<((f64, f64), &Passage)> =
            self.parts.iter().map(|&(from, _)| from).zip(ends).zip(&of_parts).collect();
        Passage::from_law(grid, |days| {
            let begun = parts.iter().filter(|((from, _), _)| *from <= days);
            // The old free space counts up to the day before the change.
            begun.map(|((_, to), passage)| passage.share_within(days.min(to - 1.0))).fold(0.0, f64::max)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::{EventSource, KnownEvent, Resource};
    use jiff::civil::date;

    const AS_OF: Date = date(2026, 11, 23);

    fn series(known: &[(i32, EventKind, f64)]) -> Series {
        let event = |&(days, kind, size): &(i32, EventKind, f64)| KnownEvent {
            date: AS_OF.saturating_add(jiff::Span::new().days(days)),
            kind,
            size,
            source: EventSource::Declared,
        };
        Series::new("a".into(), Resource::Bytes, Vec::new(), Some(200.0)).with_known(known.iter().map(event).collect())
    }

    /// The passage of growth by one unit a day, give or take a tenth.
    fn line(free: f64) -> Passage {
        Passage::from_law(&Grid::up_to(1_095), |days| ((days / free - 0.9) / 0.2).clamp(0.0, 1.0))
    }

    fn median(known: &[(i32, EventKind, f64)]) -> f64 {
        Barrier::from_series(&series(known), 100.0, AS_OF).passage(&Grid::up_to(1_095), line).quantile(0.5)
    }

    #[test]
    fn announced_events_move_the_date() {
        let near = |known: &[_], days: f64| (median(known) / days - 1.0).abs() < 0.07;
        assert!(near(&[], 100.0));
        assert!(near(&[(30, EventKind::Capacity, 50.0)], 150.0), "{}", median(&[(30, EventKind::Capacity, 50.0)]));
        assert!(near(&[(300, EventKind::Capacity, 50.0)], 100.0), "too late");
        assert!(near(&[(30, EventKind::Import, 50.0)], 50.0));
        assert!(near(&[(30, EventKind::Purge, -50.0)], 150.0));
        assert!(near(&[(60, EventKind::Import, 90.0)], 60.0), "full on the day of the import");
        assert!(
            near(&[(-30, EventKind::Capacity, 50.0), (0, EventKind::Import, 50.0)], 100.0),
            "past events do not count"
        );
    }

    #[test]
    fn more_capacity_never_gives_an_earlier_date() {
        let at = |size| {
            let barrier = Barrier::from_series(&series(&[(90, EventKind::Capacity, size)]), 100.0, AS_OF);
            barrier.passage(&Grid::up_to(1_095), line)
        };
        for days in [10.0, 85.0, 95.0, 110.0, 400.0] {
            let shares = [-150.0, -20.0, 0.0, 10.0, 500.0].map(|size| at(size).share_within(days));
            assert!(shares.is_sorted_by(|less, more| less >= more), "{days}: {shares:?}");
        }
    }

    #[test]
    fn a_plan_equals_announced_events_and_twice_the_growth_halves_the_time() {
        use super::super::plan::Part;
        let planned = |known: &[_], parts: &[Part]| {
            let barrier = Barrier::from_series(&series(known), 100.0, AS_OF).under(&Plan::new(parts.to_vec()));
            barrier.passage(&Grid::up_to(1_095), line)
        };
        let announced =
            |known: &[_]| Barrier::from_series(&series(known), 100.0, AS_OF).passage(&Grid::up_to(1_095), line);
        let from = |from, limit, level| Part { from, limit, level, growth: 1.0 };
        assert_eq!(
            planned(&[], &[from(0.0, 0.0, 0.0), from(30.0, 50.0, 0.0)]),
            announced(&[(30, EventKind::Capacity, 50.0)])
        );
        assert_eq!(
            planned(&[(30, EventKind::Capacity, 50.0)], &[from(0.0, 0.0, 0.0), from(60.0, 0.0, -9.0)]),
            announced(&[(30, EventKind::Capacity, 50.0), (60, EventKind::Purge, -9.0)])
        );
        let twice = planned(&[], &[Part { growth: 2.0, ..Part::NOTHING }]).quantile(0.5);
        assert!((twice / 50.0 - 1.0).abs() < 0.07, "{twice}");
    }

    #[test]
    fn without_a_limit_no_date_is_reached() {
        let endless = Series { limit: None, ..series(&[(5, EventKind::Import, 1e12)]) };
        let barrier = Barrier::from_series(&endless, 100.0, AS_OF);
        assert_eq!(barrier.passage(&Grid::up_to(1_095), line).quantile(0.01), f64::INFINITY);
        assert_eq!((barrier.announced(4.0), barrier.announced(5.0)), (0.0, 1e12));
    }
}

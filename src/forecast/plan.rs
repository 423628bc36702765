//! A plan: intended changes of the limit, the level and the growth by day.

/// Each part holds from its day until the next. No part means no change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    parts: Vec<Part>,
}

/// The changes from a day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Days after the last observation.
    pub from: f64,
    /// Added to the limit, in units of the resource.
    pub limit: f64,
    /// Added to the level.
    pub level: f64,
    /// Factor of all growth since the last observation; not negative.
    pub growth: f64,
}

impl Part {
    /// No change.
    pub const NOTHING: Part = Part { from: 0.0, limit: 0.0, level: 0.0, growth: 1.0 };

    /// The space for growth without the plan; `free` is the free space without it.
    pub fn room(&self, free: f64) -> f64 {
        let free = free + self.limit - self.level;
        match self.growth {
            growth if growth > 0.0 => free / growth,
            _ if free > 0.0 => f64::INFINITY,
            _ => free,
        }
    }

    /// The level under the plan; `now` and `then` are those without it.
    pub fn level(&self, now: f64, then: f64) -> f64 {
        // Exactly unchanged.
        let grown = if self.growth == 1.0 { then } else { now + self.growth * (then - now) };
        grown + self.level
    }
}

impl Plan {
    /// `parts` are in ascending order of days; the first starts now.
    ///
    /// # Panics
    /// If they are not.
    pub fn new(parts: Vec<Part>) -> Plan {
        assert!(parts.first().is_none_or(|first| first.from == 0.0));
        assert!(parts.is_sorted_by(|one, next| one.from < next.from));
        Plan { parts }
    }

    /// The parts, by day.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The changes in force `days` ahead.
    pub fn at(&self, days: f64) -> Part {
        let begun = self.parts.partition_point(|part| part.from <= days);
        begun.checked_sub(1).map_or(Part::NOTHING, |last| self.parts[last])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_applies_until_the_next_and_an_empty_part_changes_no_bit() {
        let plan = Plan::new(vec![Part::NOTHING, Part { from: 30.0, limit: 5.0, ..Part::NOTHING }]);
        assert_eq!([0.0, 29.9, 30.0, 1e9].map(|days| plan.at(days).limit), [0.0, 0.0, 5.0, 5.0]);
        assert_eq!(Plan::default().at(7.0), Part::NOTHING);
        for free in [1.0 / 3.0, -0.1, 0.0, f64::INFINITY, 1e300] {
            assert_eq!(Part::NOTHING.room(free).to_bits(), free.to_bits());
            assert_eq!(Part::NOTHING.level(0.7, free).to_bits(), free.to_bits());
        }
    }

    #[test]
    fn growth_divides_the_free_space() {
        let part = |growth| Part { level: -20.0, growth, ..Part::NOTHING };
        assert_eq!([2.0, 0.0].map(|growth| part(growth).room(100.0)), [60.0, f64::INFINITY]);
        assert_eq!(part(0.0).room(-20.0), 0.0, "a full volume stays full");
        assert_eq!(part(2.0).level(100.0, 130.0), 140.0);
    }
}

//! A plan: what somebody means to do to the limit, to what is stored and to the growth, from day to day.

/// What is changed, each part from its day on until the next. Without a part, nothing is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    parts: Vec<Part>,
}

/// What is changed from one day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Days after the last observation.
    pub from: f64,
    /// What the limit is higher by, or lower if negative, in units of the resource.
    pub limit: f64,
    /// What the level is higher by, or lower if negative, beside its growth.
    pub level: f64,
    /// How many times as much there is of all that has been gained since the last observation; not negative.
    pub growth: f64,
}

impl Part {
    /// What changes nothing.
    pub const NOTHING: Part = Part { from: 0.0, limit: 0.0, level: 0.0, growth: 1.0 };

    /// The room for growth as it was seen, where so much is free without the plan.
    pub fn room(&self, free: f64) -> f64 {
        let free = free + self.limit - self.level;
        match self.growth {
            growth if growth > 0.0 => free / growth,
            _ if free > 0.0 => f64::INFINITY,
            _ => free,
        }
    }

    /// The level, where it would be another now and then.
    pub fn level(&self, now: f64, then: f64) -> f64 {
        // The last digit shall not change where nothing is to.
        let grown = if self.growth == 1.0 { then } else { now + self.growth * (then - now) };
        grown + self.level
    }
}

impl Plan {
    /// From parts in ascending order of their days, of which the first is from now on.
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

    /// The part that holds so many days ahead.
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

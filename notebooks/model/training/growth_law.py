"""The gain law: the logarithm of growth is spread around that of a pace; as in src/forecast/growth_law.rs."""

import jax.numpy as jnp

YEAR = 365.0


class GainLaw:
    def __init__(self, past, c):
        self.c = c
        self.weeks = past["weeks"]
        usual = c["usual_growth"] * past["level"] / YEAR
        self.rests_on = jnp.minimum(past["month_weeks"], c["most_weeks"])
        grown = self.rests_on * jnp.maximum(past["month_mean"], 0)
        drawn = (grown + c["usual_weeks"] * usual) / (self.rests_on + c["usual_weeks"])
        self.pace = jnp.maximum(drawn, c["least_growth"] * past["level"] / YEAR)
        least = jnp.maximum(past["month_mean"], 0.05 * usual)
        self.scatter = jnp.minimum(past["quarter_spread"] / least, c["most_scatter"])
        hindsight = c["hindsight"]
        tested = [(past[f"{name}_spans"], name, days) for name, days in (("month", 28.0), ("quarter", 91.0))]
        tests = sum(spans for spans, _, _ in tested)
        squares = sum(spans * past[f"{name}_square"] / self.variance(days) for spans, name, days in tested)
        biases = sum(spans * past[f"{name}_bias"] for spans, name, _ in tested)
        usual_tests = hindsight["usual_tests"]
        self.own = ((squares + usual_tests) / (tests + usual_tests)) ** hindsight["power"]
        self.bias = hindsight["bias_share"] * biases / (tests + hindsight["bias_tests"])

    def variance(self, days):
        c, scatter, years = self.c, self.scatter**2, days / YEAR
        return (
            c["spread"]
            + c["spread_of_pace"] * scatter / self.rests_on
            + c["spread_of_weeks"] * scatter * 7 / (days + 7)
            + c["spread_of_years"] * years
            + c["spread_of_years_squared"] * years**2
            + c["spread_of_history"] / self.weeks
            + c["spread_of_scatter"] * jnp.minimum(self.scatter, 3.0)
        )

    def standardized(self, gain, days):
        """The distance of the growth over `days` above a positive gain, in spreads."""
        return self.above(gain, days) / self.spread(days)

    def above(self, gain, days):
        """The logarithm of the growth over `days` relative to a positive gain."""
        bias = self.c["bias"] + self.c["bias_of_years"] * days / YEAR + self.bias
        return jnp.log(self.pace * days / gain) + bias

    def spread(self, days):
        """The spread of that logarithm over `days`."""
        return jnp.sqrt(self.variance(days) * self.own)

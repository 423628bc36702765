//! Scenarios: a change that somebody thinks of, and what it does to a series.

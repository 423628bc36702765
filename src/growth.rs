//! What grows and why: between two scans, by whom, and by age. Everything here is exact sums over what scans found; nothing
//! is forecast.

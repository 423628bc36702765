//! Laws that hold for every series and every snapshot, on cases that proptest makes up.

#[path = "support/base64.rs"]
mod base64;

mod laws {
    mod disturbed;
    mod forecasts;
    mod growth;
    mod hostile;
    mod names;
    mod outlooks;
    mod scenarios;
    mod series;
    mod snapshots;
    mod splits;
    mod windows;
}

//! Laws that hold for every series and every snapshot, on cases that proptest makes up.

mod laws {
    mod forecasts;
    mod hostile;
    mod series;
    mod snapshots;
}

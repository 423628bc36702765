//! Scenarios are monotonic in space, growth and retention, and their order does not matter.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use mailrunway::model::bytes::Units;
use mailrunway::model::series::Series;
use mailrunway::model::special_use::SpecialUse;
use mailrunway::planning::verdict::Policy;
use mailrunway::planning::whatif::{
    Comparison, Compression, Holdings, MailSlice, MailboxHoldings, ScannedMail, Scenario, ScenarioForecast,
};
use proptest::prelude::*;

use super::series::{FORECASTER, HORIZON, any_pace, cases, growing, never_later, series};

/// The mail of each week, the newest first, and the share of it in the trash.
type Weeks = (Vec<f64>, f64);

fn weeks() -> impl Strategy<Value = Weeks> {
    (prop::collection::vec(0.0..1.0_f64, 2..150), 0.0..1.0_f64)
}

/// Stores with this mail, which is most of the space in use, as seen by `scans` weekly scans.
fn holdings(series: &Series, (weeks, in_bins): &Weeks, scans: usize) -> Holdings {
    let used = series.used().expect("there is an observation");
    let sum = weeks.iter().sum::<f64>().max(1e-9);
    let at = series.observations.last().expect("there is one").time;
    let slices = |at: Timestamp, weeks: &[f64]| {
        let monday = mailrunway::model::dates::utc_day(at);
        let monday = monday.saturating_sub(i64::from(monday.weekday().to_monday_zero_offset()).days());
        let of = |(age, amount): (i64, &f64)| {
            let week: Date = monday.saturating_sub(age.weeks());
            let slice = |special_use, share: f64| {
                let amount = 0.8 * used * amount / sum * share;
                MailSlice { special_use, week, amount, messages: 3.0 }
            };
            [slice(Some(SpecialUse::Trash), *in_bins), slice(None, 1.0 - in_bins)]
        };
        ScannedMail { at, slices: (0..).zip(weeks).flat_map(of).collect() }
    };
    // Each scan a week earlier lacks the newest week.
    let scan = |back: usize| {
        slices(at - jiff::SignedDuration::from_hours(24 * 7 * back as i64), &weeks[back.min(weeks.len() - 1)..])
    };
    let mailbox = |domain: &str, share: f64| MailboxHoldings {
        domain: Some(domain.to_owned()),
        on_disk: 0.9 * used * share,
        quota_bytes: 0.7 * used * share,
        recent: share.sqrt(),
    };
    Holdings {
        mail: 0.9 * used,
        mailbox_count: 3,
        scans: (0..scans).rev().map(scan).collect(),
        mailboxes: vec![mailbox("a", 0.5), mailbox("b", 0.3), mailbox("c", 0.2)],
        compression: Some(Compression { ratio: 0.4, error: 0.1, messages: 9, mailboxes: 3, compressed: 0 }),
    }
}

/// The row without changes, then the rows of the scenarios.
fn rows(series: &Series, holdings: &Holdings, scenarios: &[String]) -> Vec<ScenarioForecast> {
    let scenarios: Vec<Scenario> = scenarios.iter().map(|text| text.parse().expect("it is one")).collect();
    let how = (&Policy::default(), mailrunway::model::dates::utc_day(series.observations[0].time), Units::Iec);
    let compared = Comparison::new(&FORECASTER, series, &scenarios, holdings, how).expect("there is an observation");
    std::iter::once(compared.base)
        .chain(compared.rows.into_iter().map(|row| row.expect("it can be computed")))
        .collect()
}

fn days(row: &ScenarioForecast) -> Vec<i32> {
    let exhaustion = row.forecast.exhaustion().expect("there is history enough");
    let days = exhaustion.map(|date| date.map_or(i32::MAX, |date| (date - row.forecast.as_of).get_days()));
    vec![days.p05, days.p10, days.p25, days.p50, days.p75, days.p90, days.p95]
}

/// Whether no row is full later than the one before, at any probability and day.
fn each_never_later(rows: &[ScenarioForecast]) -> bool {
    let share = |row: &ScenarioForecast, day: f64| {
        row.forecast.outlook.as_ref().expect("there is one").passage.share_within(day)
    };
    let grid = (1..HORIZON).step_by(9).map(f64::from);
    rows.windows(2).all(|two| never_later(&days(&two[1]), &days(&two[0])))
        && grid.into_iter().all(|day| rows.is_sorted_by(|one, next| share(one, day) <= share(next, day) + 1e-12))
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn more_space_never_gives_an_earlier_date((points, limit) in any_pace(), after in 1_i64..700) {
        let series = series(&points, Some(limit));
        let day = mailrunway::model::dates::utc_day(series.observations.last().expect("there is one").time);
        let day = day.saturating_add(after.days());
        let texts = [limit, limit / 10.0, limit / 100.0].map(|more| format!("add={more:.0}@{day}"));
        let mut compared = rows(&series, &Holdings::default(), &texts);
        compared.rotate_left(1);
        prop_assert!(each_never_later(&compared), "{:?}", compared.iter().map(days).collect::<Vec<_>>());
    }

    #[test]
    fn more_growth_never_gives_a_later_date((points, limit) in any_pace()) {
        let series = series(&points, Some(limit));
        let texts = ["-100%", "-50%", "-1%", "+1%", "+20%", "+900%"].map(|by| format!("growth={by}"));
        let compared = rows(&series, &Holdings::default(), &texts);
        let in_order = [&compared[1..4], &compared[..1], &compared[4..]].concat();
        prop_assert!(each_never_later(&in_order), "{:?}", in_order.iter().map(days).collect::<Vec<_>>());
    }

    #[test]
    fn a_shorter_retention_never_gives_an_earlier_date(
        (points, limit) in any_pace(),
        weeks in weeks(),
        scans in 1_usize..5,
        folders in prop_oneof![Just("*"), Just("Trash")],
    ) {
        let series = series(&points, Some(limit));
        let ages = ["9d", "30d", "31d", "26w", "1y", "3y"];
        let mut compared = rows(&series, &holdings(&series, &weeks, scans), &ages.map(|age| format!("retain={folders}:{age}")));
        compared.rotate_left(1);
        prop_assert!(each_never_later(&compared), "{:?}", compared.iter().map(days).collect::<Vec<_>>());
        prop_assert!(compared.is_sorted_by(|one, next| one.at_once >= next.at_once));
    }

    #[test]
    fn a_higher_quota_or_more_mailboxes_never_give_a_later_date((points, limit) in growing(), weeks in weeks(), scans in 1_usize..4) {
        let series = series(&points, Some(limit));
        let used = series.used().expect("there is an observation");
        let holdings = holdings(&series, &weeks, scans);
        let quotas = [0.1, 0.3, 0.5, 2.0].map(|share| format!("quota={:.0}", share * used));
        let compared = rows(&series, &holdings, &quotas);
        let in_order = [&compared[1..], &compared[..1]].concat();
        prop_assert!(each_never_later(&in_order), "{:?}", in_order.iter().map(days).collect::<Vec<_>>());
        let compared = rows(&series, &holdings, &[-2, -1, 0, 1, 50].map(|more: i32| format!("mailboxes={more:+}")));
        prop_assert!(each_never_later(&compared[1..]), "{:?}", compared.iter().map(days).collect::<Vec<_>>());
    }

    #[test]
    fn a_scenario_without_effect_changes_no_bit((points, limit) in any_pace(), weeks in weeks(), scans in 1_usize..4) {
        let series = series(&points, Some(limit));
        let nothing = ["growth=+0%", "add=0", "mailboxes=+0", "retain=*:50y", "quota=15EiB", "retain=Sent:1d"];
        let compared = rows(&series, &holdings(&series, &weeks, scans), &nothing.map(str::to_owned));
        for row in &compared[1..] {
            prop_assert!(row.forecast == compared[0].forecast, "{}", row.name());
            prop_assert_eq!((row.at_once, &row.limits), (0.0, &compared[0].limits), "{}", row.name());
        }
        prop_assert_eq!(&compared[0].forecast, &FORECASTER.forecast(&series).expect("there is an observation"));
    }

    #[test]
    fn the_order_of_changes_does_not_matter((points, limit) in growing(), weeks in weeks(), scans in 1_usize..4) {
        let series = series(&points, Some(limit));
        let changes = [
            "retain=Trash:30d", "growth=+20%", "move=a@2025-08-01", "mailboxes=+2", "quota=5GiB", "compress=zstd-all",
            "retain=*:26w", "move=b", "add=1GiB",
        ];
        let on = mailrunway::model::dates::utc_day(series.observations.last().expect("there is one").time).saturating_add(90.days());
        let changes = changes.map(|change| change.replace("2025-08-01", &on.to_string()));
        let backwards: Vec<String> = changes.iter().rev().cloned().collect();
        let compared = rows(&series, &holdings(&series, &weeks, scans), &[changes.join(","), backwards.join(",")]);
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * (1.0 + one.abs());
        prop_assert!(near(compared[1].at_once, compared[2].at_once));
        let outlook = |row: &ScenarioForecast| row.forecast.outlook.clone().expect("there is history enough");
        let (one, other) = (outlook(&compared[1]), outlook(&compared[2]));
        for day in (1..HORIZON).step_by(9).map(f64::from) {
            prop_assert!(near(one.passage.share_within(day), other.passage.share_within(day)), "{day}");
        }
        for (one, other) in one.level.iter().zip(&other.level) {
            prop_assert!(near(one.used.p50, other.used.p50), "{one:?} {other:?}");
        }
    }
}

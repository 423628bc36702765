//! Pictures of each of the kinds: what is usual, and what is odd.

use jiff::civil::Date;

use super::gallery::*;
use crate::model::bytes::Units;
use crate::model::series::{Resource, Series};
use crate::output::chart::*;

/// Shows each picture with its name.
pub(crate) fn each(look: &mut dyn FnMut(&str, &Chart)) {
    all_ages(look);
    all_domains(look);
    all_flows(look);
    all_largest(look);
    all_past(look);
    all_calendars(look);
    super::scenarios::all(look);
}

fn all_ages(look: &mut dyn FnMut(&str, &Chart)) {
    let amounts = [18, 60, 140, 520, 610, 430, 380, 190, 44];
    let row = |i: usize, of: fn(u64) -> u64| {
        let before = amounts[(i + 8) % 9] * 7 / 10 + 20;
        AgeRow { label: LABELS[i], now: of(amounts[i] * GIB), before: Some(of(before * GIB)) }
    };
    let usual: Vec<AgeRow> = (0..9).map(|i| row(i, |amount| amount)).collect();
    let alone: Vec<AgeRow> = usual.iter().map(|row| AgeRow { before: None, ..*row }).collect();
    let zeros: Vec<AgeRow> = (0..9).map(|i| row(i, |_| 0)).collect();
    let most: Vec<AgeRow> = (0..9).map(|i| row(i, |_| u64::MAX)).collect();
    let odd = names(40, true);
    let many: Vec<AgeRow> = odd.iter().map(|label| AgeRow { label, now: 1, before: None }).collect();
    let verdict = "Half of the mail is older than a year; that part grew by 18 % in a year.";
    let chart = Ages {
        title: TITLE,
        verdict,
        rows: &usual,
        as_of: TODAY,
        before: Some(day(-364)),
        resource: Resource::Bytes,
        units: Units::Iec,
    };
    look("ages", &Chart::Ages(chart));
    look("ages-alone", &Chart::Ages(Ages { rows: &alone, before: None, ..chart }));
    look("ages-zeros", &Chart::Ages(Ages { rows: &zeros, ..chart }));
    look("ages-most", &Chart::Ages(Ages { rows: &most, units: Units::Plain, ..chart }));
    look("ages-one", &Chart::Ages(Ages { rows: &usual[..1], resource: Resource::Messages, ..chart }));
    look("ages-many", &Chart::Ages(Ages { rows: &many, title: &"w".repeat(400), ..chart }));
    look("ages-empty", &Chart::Ages(Ages { rows: &[], ..chart }));
}

fn all_domains(look: &mut dyn FnMut(&str, &Chart)) {
    let days: Vec<Date> = (0..104).map(|week| day((week - 103) * 7)).collect();
    let amounts = |i: usize, count: usize| -> Vec<u64> {
        let size = 700.0 / (i as f64 + 1.0);
        let amount = |week: usize| {
            (size * (1.0 + 0.006 * week as f64 * noise(i as u32 + 3)) + 4.0 * noise((week + 7 * i) as u32)) * GIB as f64
        };
        (0..count).map(|week| amount(week) as u64).collect()
    };
    let show = |look: &mut dyn FnMut(&str, &Chart),
                name: &str,
                count: usize,
                odd: bool,
                change: &dyn Fn(u64) -> u64,
                shown: usize| {
        let names = names(count, odd);
        let amounts: Vec<Vec<u64>> = (0..count).map(|i| amounts(i, shown).into_iter().map(change).collect()).collect();
        let named = names.iter().zip(&amounts).map(|(name, amounts)| DomainAmounts { name: Some(name), amounts });
        let other = amounts.last().map(|amounts| DomainAmounts { name: None, amounts });
        let domains: Vec<DomainAmounts> = named.chain(other).collect();
        let verdict = "example.org grew most, by 212 GiB in two years: half of all growth.";
        let (resource, units) = (Resource::Bytes, Units::Iec);
        let chart = Domains { title: TITLE, verdict, days: &days[..shown], domains: &domains, resource, units };
        look(name, &Chart::Domains(chart));
    };
    show(look, "domains", 5, false, &|amount| amount, 104);
    show(look, "domains-many", 30, false, &|amount| amount, 104);
    show(look, "domains-odd", 9, true, &|amount| amount, 104);
    show(look, "domains-zeros", 4, false, &|_| 0, 104);
    show(look, "domains-most", 7, true, &|_| u64::MAX, 104);
    show(look, "domains-one-day", 4, false, &|amount| amount, 1);
    show(look, "domains-empty", 0, false, &|amount| amount, 104);
    show(look, "domains-no-days", 3, false, &|amount| amount, 0);
}

fn all_flows(look: &mut dyn FnMut(&str, &Chart)) {
    let week = |i: i32, count: i32| {
        let arrived = (22.0 + 9.0 * noise(i as u32)) * GIB as f64;
        let deleted = (13.0 + 8.0 * noise(i as u32 + 999)) * GIB as f64;
        WeekFlow {
            from: day((i - count) * 7),
            to: day((i + 1 - count) * 7),
            arrived: arrived as u64,
            deleted: deleted as u64,
        }
    };
    let weeks = |count: i32| -> Vec<WeekFlow> { (0..count).map(|i| week(i, count)).collect() };
    let show = |look: &mut dyn FnMut(&str, &Chart), name: &str, weeks: &[WeekFlow]| {
        let verdict = "25.1 GiB arrive in a week, 16.8 GiB are deleted: the store grows by 8.3 GiB.";
        look(name, &Chart::Flows(Flows { title: TITLE, verdict, weeks, units: Units::Iec }));
    };
    show(look, "flows", &weeks(52));
    show(look, "flows-long", &weeks(520));
    show(look, "flows-one", &weeks(1));
    show(look, "flows-empty", &[]);
    let mut wild = weeks(80);
    (wild[20].arrived, wild[24].arrived, wild[60].deleted) = (900 * GIB, 400 * GIB, 700 * GIB);
    show(look, "flows-wild", &wild);
    let uneven: Vec<WeekFlow> =
        weeks(60).into_iter().enumerate().filter(|(i, _)| i % 4 > 0 || *i > 30).map(|(_, w)| w).collect();
    let same_day = WeekFlow { to: uneven[9].from, ..uneven[9] };
    show(look, "flows-uneven", &[&uneven[..9], &[same_day], &uneven[9..]].concat());
    show(look, "flows-zeros", &weeks(9).iter().map(|w| WeekFlow { arrived: 0, deleted: 0, ..*w }).collect::<Vec<_>>());
    let most = |w: &WeekFlow| WeekFlow { arrived: u64::MAX, deleted: u64::MAX, ..*w };
    show(look, "flows-most", &weeks(9).iter().map(most).collect::<Vec<_>>());
    let purged = |w: &WeekFlow| WeekFlow { arrived: 0, ..*w };
    show(look, "flows-only-deleted", &weeks(30).iter().map(purged).collect::<Vec<_>>());
}

fn all_largest(look: &mut dyn FnMut(&str, &Chart)) {
    let show = |look: &mut dyn FnMut(&str, &Chart),
                name: &str,
                count: usize,
                odd: bool,
                size: &dyn Fn(usize) -> u64,
                whole: u64| {
        let names: Vec<String> =
            names(count, odd).into_iter().map(|n| if odd { n } else { format!("anna.mustermann@{n}") }).collect();
        let mailbox = |(i, address): (usize, &'_ String)| (address.clone(), size(i));
        let sized: Vec<(String, u64)> = names.iter().enumerate().map(mailbox).collect();
        let mailboxes: Vec<MailboxSize> =
            sized.iter().map(|(address, size)| MailboxSize { address, size: *size }).collect();
        let verdict = "Ten of 4,812 mailboxes hold 9 % of everything.";
        let (resource, units) = (Resource::Bytes, Units::Iec);
        let chart =
            Largest { title: TITLE, verdict, mailboxes: &mailboxes, count: 4_812.min(whole), whole, resource, units };
        look(name, &Chart::Largest(chart));
    };
    let size = |i: usize| 96 * GIB / (i as u64 + 2);
    show(look, "largest", 10, false, &size, 2_400 * GIB);
    show(look, "largest-many", 60, false, &size, 2_400 * GIB);
    show(look, "largest-odd", 12, true, &size, 900 * GIB);
    show(look, "largest-one", 1, false, &size, 1);
    show(look, "largest-zeros", 5, false, &|_| 0, 0);
    show(look, "largest-most", 5, true, &|_| u64::MAX, u64::MAX);
    show(look, "largest-empty", 0, false, &size, 0);
}

fn all_past(look: &mut dyn FnMut(&str, &Chart)) {
    let show = |look: &mut dyn FnMut(&str, &Chart), name: &str, series: &Series, ago: &[i32], stray: f64| {
        let issued = issued(ago, series.observations.len() as i32, stray);
        let forecasts: Vec<PastForecast> =
            issued.iter().map(|(as_of, used, levels)| PastForecast { as_of: *as_of, used: *used, levels }).collect();
        let verdict = "Of 34 levels that were forecast, 27 came within their 80 % range.";
        look(name, &Chart::Past(Past { title: TITLE, verdict, series, forecasts: &forecasts, units: Units::Iec }));
    };
    let gib = GIB as f64;
    let usual = series(104, growing, Some(2_300.0 * gib));
    show(look, "past", &usual, &[78, 52, 26, 8], 1.0);
    show(look, "past-eight", &usual, &[91, 78, 65, 52, 39, 26, 13, 3], 1.0);
    show(look, "past-wrong", &usual, &[60, 30], 2.2);
    show(look, "past-one", &series(104, growing, None), &[20], 1.0);
    show(look, "past-far-limit", &series(104, growing, Some(9_000.0 * gib)), &[40, 20], 1.0);
    let moved = series(104, growing, Some(2_300.0 * gib))
        .with_limits(vec![limit(-700, 2_000.0 * gib), limit(-200, 2_300.0 * gib)]);
    show(look, "past-moved-limit", &moved, &[40, 20], 1.0);
    show(look, "past-fresh", &usual, &[0], 1.0);
    show(look, "past-flat", &series(60, |_| 5.0 * gib, Some(5.0 * gib)), &[30], 0.0);
    show(look, "past-zeros", &series(60, |_| 0.0, Some(0.0)), &[30], 0.0);
    show(
        look,
        "past-wild",
        &series(60, |week| if week == 40 { f64::NAN } else { f64::MAX }, Some(f64::INFINITY)),
        &[30],
        f64::MAX,
    );
    show(look, "past-none", &usual, &[], 1.0);
    show(look, "past-empty", &series(0, growing, None), &[10], 1.0);
}

fn all_calendars(look: &mut dyn FnMut(&str, &Chart)) {
    let weeks = |count: i32, of: &dyn Fn(i32) -> Option<u64>| -> Vec<(Date, u64)> {
        (0..count).filter_map(|i| Some((day((i + 1 - count) * 7), of(i)?))).collect()
    };
    let usual = |i: i32| {
        let season = 1.0 + 0.4 * (f64::from(i) / 52.0 * std::f64::consts::TAU).sin();
        let amount = (8.0 + f64::from(i) / 30.0) * season * (0.6 + 0.8 * noise(i as u32));
        match i % 97 {
            40 => Some(0),
            41 | 42 => None,
            _ => Some((amount * GIB as f64) as u64),
        }
    };
    let show = |look: &mut dyn FnMut(&str, &Chart), name: &str, weeks: &[(Date, u64)]| {
        let verdict = "The busiest week began on 2 Mar 2026: 41.2 GiB. August is the quietest month.";
        let (resource, units) = (Resource::Bytes, Units::Iec);
        look(name, &Chart::Calendar(Calendar { title: TITLE, verdict, weeks, resource, units }));
    };
    show(look, "calendar", &weeks(240, &usual));
    show(look, "calendar-two-years", &weeks(70, &usual));
    show(look, "calendar-long", &weeks(1_040, &usual));
    show(look, "calendar-one", &weeks(1, &usual));
    show(look, "calendar-zeros", &weeks(60, &|_| Some(0)));
    show(look, "calendar-most", &weeks(120, &|_| Some(u64::MAX)));
    show(look, "calendar-equal", &weeks(120, &|_| Some(GIB)));
    show(look, "calendar-ends", &[(Date::MIN, 5), (Date::MAX, 7), (TODAY, 3)]);
    show(look, "calendar-empty", &[]);
}

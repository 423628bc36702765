//! Figures of each kind, usual and odd.

use jiff::civil::Date;

use super::gallery::*;
use crate::forecast::backtest::outcomes::Outcomes;
use crate::forecast::record::resolve;
use crate::model::{bytes::Units, series::Series};
use crate::output::chart::*;
use crate::planning::growth::ages::{Age, AgeClass, AgePyramid};
use crate::planning::growth::calendar::CalendarWeek;
use crate::planning::growth::domains::{DomainLine, DomainLines};
use crate::planning::growth::flow::Flow;
use crate::planning::growth::flows::ScanFlow;
use crate::planning::growth::mailboxes::LargestMailbox;
use crate::planning::growth::timeline::MailSum;

/// Looks at a figure by its name.
pub(crate) type Look<'a> = dyn FnMut(&str, &dyn Figure) + 'a;

/// Shows each figure with its name.
pub(crate) fn each(look: &mut Look) {
    all_ages(look);
    all_domains(look);
    all_flows(look);
    all_largest(look);
    all_past(look);
    all_calendars(look);
    all_backtests(look);
    super::scenarios::all(look);
}

fn all_ages(look: &mut Look) {
    let amounts = [18, 60, 140, 520, 610, 430, 380, 190, 44];
    use Age::{Months, Weeks, Years};
    let from = [Weeks(1), Weeks(4), Months(3), Years(1), Years(2), Years(3), Years(5), Years(10)];
    let sum = |bytes: u64| MailSum { messages: bytes / 9, bytes };
    let class = |i: usize, of: fn(u64) -> u64| AgeClass {
        from: i.checked_sub(1).map(|before| from[before]),
        under: from.get(i).copied(),
        now: sum(of(amounts[i] * GIB)),
        before: Some(sum(of((amounts[(i + 8) % 9] * 7 / 10 + 20) * GIB))),
    };
    let classes = |of: fn(u64) -> u64| -> Vec<AgeClass> { (0..9).map(|i| class(i, of)).collect() };
    let usual = classes(|bytes| bytes);
    let alone: Vec<AgeClass> = usual.iter().map(|class| AgeClass { before: None, ..*class }).collect();
    let many: Vec<AgeClass> = (0..40)
        .map(|week| AgeClass { from: Some(Weeks(week)), under: Some(Weeks(week + 1)), now: sum(1), before: None })
        .collect();
    let mut show = |name: &str, store: &str, classes: &[AgeClass], before: Option<Date>, units: Units| {
        let pyramid = AgePyramid { now: TODAY, before, classes: classes.to_vec() };
        look(name, &AgesFigure { store, pyramid, units });
    };
    let before = Some(day(-364));
    show("ages", TITLE, &usual, before, Units::Iec);
    show("ages-alone", TITLE, &alone, None, Units::Iec);
    show("ages-zeros", TITLE, &classes(|_| 0), before, Units::Iec);
    show("ages-most", TITLE, &classes(|_| u64::MAX), before, Units::Plain);
    show("ages-one", TITLE, &usual[..1], before, Units::Si);
    show("ages-many", &"w".repeat(400), &many, before, Units::Iec);
    show("ages-odd", &HOSTILE.concat(), &usual, before, Units::Iec);
    show("ages-empty", TITLE, &[], before, Units::Iec);
}

fn all_domains(look: &mut Look) {
    let days: Vec<Date> = (0..104).map(|week| day((week - 103) * 7)).collect();
    let amounts = |i: usize, count: usize| -> Vec<u64> {
        let size = 700.0 / (i as f64 + 1.0);
        let amount = |week: usize| {
            (size * (1.0 + 0.006 * week as f64 * noise(i as u32 + 3)) + 4.0 * noise((week + 7 * i) as u32)) * GIB as f64
        };
        (0..count).map(|week| amount(week) as u64).collect()
    };
    let show = |look: &mut Look, name: &str, count: usize, odd: bool, change: &dyn Fn(u64) -> u64, shown: usize| {
        let names = names(count, odd);
        let amounts: Vec<Vec<u64>> = (0..count).map(|i| amounts(i, shown).into_iter().map(change).collect()).collect();
        let named = names.iter().zip(&amounts).map(|(name, bytes)| (Some(name.clone()), bytes.clone()));
        let other = amounts.last().map(|bytes| (None, bytes.clone()));
        let lines = named.chain(other).map(|(domain, bytes)| DomainLine { domain, bytes }).collect();
        let domains = DomainLines { days: days[..shown].to_vec(), lines };
        look(name, &DomainsFigure { store: TITLE, domains, units: Units::Iec });
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

fn all_flows(look: &mut Look) {
    let week = |i: i32, count: i32| {
        let arrived = (22.0 + 9.0 * noise(i as u32)) * GIB as f64;
        let deleted = (13.0 + 8.0 * noise(i as u32 + 999)) * GIB as f64;
        flow(day((i - count) * 7), day((i + 1 - count) * 7), arrived as i128, deleted as i128)
    };
    let weeks = |count: i32| -> Vec<ScanFlow> { (0..count).map(|i| week(i, count)).collect() };
    let show = |look: &mut Look, name: &str, flows: &[ScanFlow]| {
        look(name, &FlowsFigure { store: TITLE, flows: flows.to_vec(), units: Units::Iec });
    };
    show(look, "flows", &weeks(52));
    show(look, "flows-long", &weeks(520));
    show(look, "flows-one", &weeks(1));
    show(look, "flows-empty", &[]);
    let mut wild = weeks(80);
    let gib = i128::from(GIB);
    (wild[20].bytes.arrived, wild[24].bytes.arrived, wild[60].bytes.deleted) = (900 * gib, 400 * gib, 700 * gib);
    show(look, "flows-wild", &wild);
    let uneven: Vec<ScanFlow> =
        weeks(60).into_iter().enumerate().filter(|(i, _)| i % 4 > 0 || *i > 30).map(|(_, flow)| flow).collect();
    let same_day = ScanFlow { to: uneven[9].from, ..uneven[9] };
    show(look, "flows-uneven", &[&uneven[..9], &[same_day], &uneven[9..]].concat());
    let with = |count: i32, change: &dyn Fn(Flow) -> Flow| -> Vec<ScanFlow> {
        weeks(count).iter().map(|flow| ScanFlow { bytes: change(flow.bytes), ..*flow }).collect()
    };
    show(look, "flows-zeros", &with(9, &|_| Flow::default()));
    let most = i128::from(u64::MAX);
    show(look, "flows-most", &with(9, &|_| Flow { arrived: most, imported: most, deleted: most }));
    show(look, "flows-only-deleted", &with(30, &|bytes| Flow { arrived: 0, ..bytes }));
}

fn flow(from: Date, to: Date, arrived: i128, deleted: i128) -> ScanFlow {
    ScanFlow { from, to, bytes: Flow { arrived, imported: 0, deleted } }
}

fn all_largest(look: &mut Look) {
    let show = |look: &mut Look, name: &str, count: usize, odd: bool, size: &dyn Fn(usize) -> u64, whole: u64| {
        let names: Vec<String> =
            names(count, odd).into_iter().map(|n| if odd { n } else { format!("anna.mustermann@{n}") }).collect();
        let mailbox =
            |(i, address): (usize, String)| LargestMailbox { address, bytes: size(i), messages: 1, share: 0.1 };
        let mailboxes = names.into_iter().enumerate().map(mailbox).collect();
        look(name, &LargestFigure { store: TITLE, mailboxes, count: 4_812.min(whole), whole, units: Units::Iec });
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

fn all_past(look: &mut Look) {
    let show = |look: &mut Look, name: &str, series: &Series, ago: &[i32], stray: f64| {
        let mut issued = issued(ago, series.observations.len() as i32, stray);
        issued.iter_mut().for_each(|one| one.series.clone_from(&series.name));
        look(name, &PastFigure::new(series, &resolve(&issued, series), Units::Iec));
    };
    let gib = GIB as f64;
    let usual = series(104, growing, None);
    let weekly: Vec<i32> = (0..100).rev().collect();
    show(look, "past", &usual, &weekly, 1.0);
    show(look, "past-wrong", &usual, &weekly[40..], 2.2);
    show(look, "past-gaps", &usual, &[91, 78, 65, 52, 51, 50, 26, 13, 3], 1.0);
    show(look, "past-young", &usual, &[24, 23, 20, 17], 1.0);
    show(look, "past-one", &usual, &[1], 1.0);
    show(look, "past-odd", &Series { name: HOSTILE.concat(), ..usual.clone() }, &weekly, 1.0);
    show(look, "past-flat", &series(60, |_| 5.0 * gib, None), &[30], 0.0);
    show(look, "past-zeros", &series(60, |_| 0.0, None), &[30], 0.0);
    show(
        look,
        "past-wild",
        &series(60, |week| if week == 40 { f64::NAN } else { f64::MAX }, Some(f64::INFINITY)),
        &[30],
        f64::MAX,
    );
    show(look, "past-none", &usual, &[], 1.0);
    show(look, "past-due-none", &usual, &[0], 1.0);
    show(look, "past-empty", &series(0, growing, None), &[10], 1.0);
}

fn all_calendars(look: &mut Look) {
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
    let show = |look: &mut Look, name: &str, weeks: &[(Date, u64)]| {
        let week = |&(monday, bytes): &(Date, u64)| {
            let is_over = weeks.last().is_some_and(|(last, _)| *last != monday);
            CalendarWeek { monday, mail: MailSum { messages: 1, bytes }, is_over }
        };
        look(name, &CalendarFigure { store: TITLE, weeks: weeks.iter().map(week).collect(), units: Units::Iec });
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

fn all_backtests(look: &mut Look) {
    let outcomes = |[below, lower_half, upper_half, above, apart]: [usize; 5]| Outcomes {
        below,
        lower_half,
        upper_half,
        above,
        apart,
    };
    let mut show = |name: &str, title: &str, errors: [[usize; 5]; 2], dates: [usize; 5], levels: [usize; 5]| {
        let [errors, line_errors] = errors;
        let (dates, levels) = (outcomes(dates), outcomes(levels));
        let subtitle = "The dates were off by 18 % in the median, the straight line's by 45 %.";
        look(name, &BacktestFigure { title, subtitle, errors, line_errors, dates, levels });
    };
    let title = "How good the forecasts were: /var/vmail, bytes";
    let usual = [[4, 9, 30, 12, 5], [20, 8, 12, 10, 10]];
    show("backtest", title, usual, [2, 20, 18, 3, 12], [3, 32, 42, 5, 21]);
    show("backtest-many", title, [[123_456; 5]; 2], [98_765; 5], [12_345, 0, 0, 0, 6_789]);
    show("backtest-one", title, [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]], [1, 0, 0, 0, 1], [0, 0, 0, 1, 1]);
    show("backtest-levels", title, [[0; 5]; 2], [0; 5], [3, 32, 42, 5, 21]);
    show("backtest-odd", &HOSTILE.concat(), usual, [0; 5], [0; 5]);
    show("backtest-nothing", "", [[0; 5]; 2], [0; 5], [0; 5]);
}

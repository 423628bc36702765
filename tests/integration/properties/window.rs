//! A window that needs more, lies later or takes longer is never safer.

use jiff::tz::TimeZone;
use mailrunway::model::bytes::{Bytes, Units};
use mailrunway::model::dates::SECONDS_PER_DAY;
use mailrunway::model::days::Days;
use mailrunway::model::series::Series;
use mailrunway::output::json::window as json;
use mailrunway::output::text;
use mailrunway::output::view::ViewOptions;
use mailrunway::output::view::window as view;
use mailrunway::output::view::window::checklist;
use mailrunway::planning::verdict::Policy;
use mailrunway::planning::window::answer::{Answer, Question, WindowSeries, answer};
use mailrunway::planning::window::contents::{Amount, StoreContents};
use mailrunway::planning::window::safe::Safe;
use mailrunway::planning::window::times::{Window, WindowStart};
use mailrunway::planning::window::work::Work;
use proptest::prelude::*;

use super::series::{CASES, FORECASTER, HORIZON, any_pace, cases, series};

/// The works and their time.
#[derive(Clone, Debug)]
struct Plan {
    works: Vec<Work>,
    rolls_back: bool,
    /// Days after the last scan.
    begins: i32,
    lasts: &'static str,
}

fn any_work() -> impl Strategy<Value = Work> {
    let sizes = prop_oneof![0..1_000_000_000_000_u64, Just(u64::MAX)];
    prop_oneof![prop::sample::select(Work::NAMED.to_vec()), sizes.prop_map(|size| Work::Size(Bytes(size)))]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let lasts = prop::sample::select(vec!["1m", "4h", "2d"]);
    (prop::collection::vec(any_work(), 0..4), any::<bool>(), 0..400, lasts)
        .prop_map(|(works, rolls_back, begins, lasts)| Plan { works, rolls_back, begins, lasts })
}

/// A volume; `share` of the space in use belongs to the store.
fn subject(series: &Series, share: f64) -> WindowSeries {
    let amount = |part: f64| {
        let bytes = (series.used().expect("it is observed") * share * part) as u64;
        Amount { bytes, inodes: bytes / 10_000 }
    };
    let holding = StoreContents {
        all: amount(1.0),
        backup: amount(1.0),
        messages_anew: amount(1.1),
        mail: amount(0.9),
        mdbox: amount(0.5),
        index: amount(0.03),
        full_text: amount(0.05),
        busiest_week: amount(0.004),
        reclaimable: 5,
        discarded: 7,
    };
    WindowSeries { series: series.clone(), holding, is_volume: true, only_backup: false }
}

fn ask(subject: &WindowSeries, plan: &Plan) -> Answer {
    let last = subject.series.observations.last().expect("it is observed").time;
    let begin = WindowStart::Zoned(Box::new(last.to_zoned_datetime(TimeZone::UTC)));
    let lasts = plan.lasts.parse().expect("it is a length");
    let window = Window::new(&begin, lasts, &TimeZone::UTC).and_then(|window| window.shifted(plan.begins));
    let question = Question {
        window: window.expect("it lies inside the calendar"),
        works: plan.works.clone(),
        rolls_back: plan.rolls_back,
        confidence: 0.95,
        target: None,
        not_before: last,
    };
    answer(&question, std::slice::from_ref(subject), &FORECASTER)
}

fn enough(answer: &Answer) -> f64 {
    answer.parts[0].standing.enough.expect("there is history enough")
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn a_larger_need_is_never_safer(
        (points, limit) in any_pace(), share in 0.01..1.0_f64, plan in any_plan(), more in any_work(),
    ) {
        let subject = subject(&series(&points, Some(limit)), share);
        let mut larger = plan.clone();
        larger.works.push(more);
        let (less, more) = (ask(&subject, &plan), ask(&subject, &larger));
        prop_assert!(enough(&more) <= enough(&less) + 1e-9, "{} after {}", enough(&more), enough(&less));
        prop_assert!(less.is_go() || !more.is_go());
        prop_assert!(more.parts[0].total() >= less.parts[0].total());
        let back = ask(&subject, &Plan { rolls_back: true, ..plan.clone() });
        let gone = ask(&subject, &Plan { rolls_back: false, ..plan });
        prop_assert!(enough(&back) <= enough(&gone) + 1e-9, "{} after {}", enough(&back), enough(&gone));
    }

    #[test]
    fn a_later_or_longer_window_is_never_safer(
        (points, limit) in any_pace(), share in 0.01..1.0_f64, plan in any_plan(), days in 1..200,
    ) {
        let subject = subject(&series(&points, Some(limit)), share);
        let now = enough(&ask(&subject, &plan));
        let later = ask(&subject, &Plan { begins: plan.begins + days, ..plan.clone() });
        prop_assert!(enough(&later) <= now + 1e-9, "{} after {now}", enough(&later));
        let longer = ask(&subject, &Plan { lasts: "30d", ..plan });
        prop_assert!(enough(&longer) <= now + 1e-9, "{} after {now}", enough(&longer));
    }

    #[test]
    fn free_space_is_in_order_and_adding_the_missing_space_gives_go(
        (points, limit) in any_pace(), share in 0.01..1.0_f64, plan in any_plan(),
    ) {
        let one = subject(&series(&points, Some(limit)), share);
        let asked = ask(&one, &plan);
        let standing = asked.parts[0].standing;
        let (low, high) = standing.range.expect("there is history enough");
        prop_assert!(0.0 <= low && low <= standing.free && standing.free <= high && high.is_finite(), "{standing:?}");
        prop_assert!((0.0..=1.0).contains(&enough(&asked)));
        prop_assert_eq!(asked.is_go(), enough(&asked) >= 0.95);
        let Some(missing) = standing.missing else { return Ok(()) };
        prop_assert_eq!(missing == 0.0, asked.is_go());
        // Adding space to the volume raises only its limit.
        let with = |room: f64| ask(&WindowSeries { series: series(&points, Some(limit + room)), ..one.clone() }, &plan);
        prop_assert!(with(missing * 1.000_001).is_go(), "{missing} is not enough: {}", enough(&with(missing)));
        prop_assert!(asked.is_go() || !with(missing * 0.99 - 2.0).is_go(), "{missing} is too much");
    }

    #[test]
    fn after_the_last_safe_day_the_answer_is_no_go(
        (points, limit) in any_pace(), share in 0.01..0.3_f64, plan in any_plan(),
    ) {
        let one = subject(&series(&points, Some(limit)), share);
        let asked = ask(&one, &plan);
        let begins = asked.window.from.date();
        let after = |date: jiff::civil::Date, days: i32| plan.begins + (date - begins).get_days() + days;
        let is_go = |begins: i32| ask(&one, &Plan { begins, ..plan.clone() }).is_go();
        match asked.safe {
            Safe::Until(date) => prop_assert!(asked.is_go() && is_go(after(date, 0)) && !is_go(after(date, 1))),
            Safe::Throughout => prop_assert!(asked.is_go() && is_go(HORIZON as i32 - 4)),
            Safe::Not { earlier: Some(date), later } => {
                prop_assert!(!asked.is_go() && later.is_none() && is_go(after(date, 0)) && !is_go(after(date, 1)));
            }
            Safe::Not { earlier: None, later } => prop_assert!(!asked.is_go() && later.is_none() && !is_go(0)),
        }
    }

    #[test]
    fn absurd_sizes_give_finite_output(
        used in prop::collection::vec(prop_oneof![Just(0.0), Just(u64::MAX as f64), 0.0..1e12_f64], 1..9),
        limit in prop_oneof![Just(0.0), Just(u64::MAX as f64), 0.0..1e12_f64],
        plan in any_plan(),
        all in prop_oneof![Just(0), Just(u64::MAX)],
    ) {
        let day = SECONDS_PER_DAY as i64;
        let points: Vec<(i64, f64)> = used.iter().enumerate().map(|(n, &used)| (n as i64 * 7 * day, used)).collect();
        let all = Amount { bytes: all, inodes: all };
        let holding = StoreContents { all, backup: all, messages_anew: all, index: all, busiest_week: all, ..StoreContents::default() };
        let subject = WindowSeries { series: series(&points, Some(limit)), holding, is_volume: true, only_backup: false };
        let asked = ask(&subject, &plan);
        let standing = asked.parts[0].standing;
        prop_assert!(standing.free.is_finite() && standing.free >= 0.0);
        prop_assert!(standing.enough.is_none_or(|enough| (0.0..=1.0).contains(&enough)), "{standing:?}");
        let steps = checklist::steps(&asked, Units::Iec);
        let options = ViewOptions {
            units: Units::Iec,
            horizon: Days(HORIZON),
            policy: Policy::default(),
            today: jiff::civil::date(2026, 11, 23),
        };
        let shown = text::plain(&view::document(&asked, &steps, &options)) + &json::line(&asked, &steps);
        prop_assert!(!shown.contains("NaN") && !shown.contains("inf "), "{shown}");
    }
}

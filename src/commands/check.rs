//! `mailrunway check`: a plugin for monitoring systems.

use std::process::ExitCode;

use jiff::{Timestamp, ToSpan};

use super::session::Session;
use super::{Context, output};
use crate::cli::CheckArgs;
use crate::forecast::{Forecaster, LevelDates};
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::series::Series;
use crate::output::plugin;
use crate::planning::alarm::{Alarm, Checked, Thresholds};

/// The days back to the check that a level must not fall behind at once.
const WEEK: i64 = 7;

pub(super) fn run(context: &Context, args: &CheckArgs) -> Result<ExitCode> {
    let policy = &context.settings.policy;
    let thresholds = Thresholds {
        warning: args.warning.unwrap_or(policy.lead_time),
        critical: args.critical,
        used_floor: policy.used_floor,
        used_warning: args.used_warning.unwrap_or(policy.used_warning),
        used_critical: args.used_critical.unwrap_or(policy.used_critical),
        max_age: args.max_age,
    };
    if thresholds.critical > thresholds.warning || thresholds.used_critical < thresholds.used_warning {
        return Err(Error::usage("a critical threshold is reached before that of a warning").hint(
            "give --critical a shorter time than --warning, and --used-critical a larger share than --used-warning",
        ));
    }
    // A full volume must be told now, not at the next scan.
    let session = Session::open(context)?.into_now();
    let chosen = session.series_of_any_age(&args.selection.names())?;
    let forecaster = Forecaster::by(context.forecast_options(LevelDates::none()), context.constants().clone());
    let host = context.host();
    let check = |series: &Series| {
        let now = forecaster.forecast(series)?;
        let scanned = series.last_scan()?;
        let week_ago = Timestamp::checked_sub(series.observations.last()?.time, (WEEK * 24).hours()).ok()?;
        let before = forecaster.forecast(&series.until(week_ago));
        Some(Checked::new(now, before.as_ref(), utc_day(scanned.time), &thresholds, context.today).seen_from(&host))
    };
    let all: Vec<Checked> = chosen.iter().filter_map(|one| check(&one.series)).collect();
    output::print(&plugin::answer(&all, &thresholds, context.settings.horizon, context.units))?;
    Ok(ExitCode::from(Alarm::worst(&all).exit_status()))
}

/// Tells the monitoring system that nothing is known, and why.
pub(super) fn unknown(why: &str) -> ExitCode {
    // Without standard output, the exit status still tells.
    let _ = output::print(&plugin::unknown(why));
    ExitCode::from(Alarm::Unknown.exit_status())
}

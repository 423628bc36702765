//! Pools: the usual growth of the mailboxes of a domain, for those whose own history is short or noisy.
//!
//! Empirical Bayes (James and Stein 1961; Efron and Morris 1975): the mailboxes of a domain have rates about a common one,
//! each observed with the scatter of its weeks. The variance between mailboxes and that within them give the shrinkage
//! towards the common rate.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Forecast, Forecaster, Options, YEAR, constants::Constants};
use crate::forecast::past::Past;
use crate::model::quantiles::{MAD_TO_SD, median};
use crate::model::series::{Resource, Series};

/// Fewest mailboxes of a pool: shrinkage of three or fewer gains nothing (Efron and Morris 1975).
const LEAST_MAILBOXES: usize = 5;
/// Most weeks that a pool counts for, half a year: a longer own history is better evidence.
const MOST_WEEKS: f64 = 26.0;
/// Bounds of the usual growth a year, as a share of the level. The growth model has no lower rate; a higher one is the
/// first fill of empty mailboxes.
const GROWTH: [f64; 2] = [0.02, 4.0];

/// A mailbox of a domain.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The domain; mailboxes without one are pooled together.
    pub domain: Option<&'a str>,
    /// The mailbox's series.
    pub series: &'a Series,
}

/// The rate of one mailbox.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MailboxPace {
    /// Growth a year, as a share of the level.
    growth: f64,
    /// The variance of a week, in the squared unit.
    scatter: f64,
    /// The weeks behind it.
    weeks: f64,
}

impl MailboxPace {
    /// `None` without scatter so far, or without any change: unused mailboxes must not slow the others down.
    fn measure(series: &Series) -> Option<MailboxPace> {
        let past = Past::from_series(series)?;
        let (year, share) = (past.year(), YEAR / past.level);
        let moves = past.weeks() >= 2.0 && (year.mean != 0.0 || year.spread != 0.0);
        let scatter = share.powi(2) * past.scatter(year);
        moves.then_some(MailboxPace { growth: share * year.mean, scatter, weeks: year.weeks })
    }
}

/// The usual growth of the mailboxes of a domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pool {
    /// Usual growth a year, as a share of the level.
    pub growth: f64,
    /// Its weight, in weeks of a mailbox's own history.
    pub weeks: f64,
}

impl Pool {
    /// `None` for too few mailboxes. Medians, because some mailboxes of a domain were emptied or filled in a day.
    fn fit(paces: &[MailboxPace]) -> Option<Pool> {
        if paces.len() < LEAST_MAILBOXES {
            return None;
        }
        let of_all = |value: fn(&MailboxPace) -> f64| median(&paces.iter().map(value).collect::<Vec<f64>>());
        let growth = of_all(|pace| pace.growth)?;
        let distances: Vec<f64> = paces.iter().map(|pace| (pace.growth - growth).abs()).collect();
        let between = (MAD_TO_SD * median(&distances)?).powi(2);
        let within = of_all(|pace| pace.scatter / pace.weeks)?;
        let seeming = if within < between { within / between } else { 1.0 };
        // The variance between few mailboxes is itself uncertain.
        let count = paces.len() as f64;
        let drawn = seeming * (count - 3.0) / (count - 1.0);
        // A mailbox with n weeks is shrunk by m / (n + m).
        let weeks = of_all(|pace| pace.weeks)? * drawn / (1.0 - drawn);
        Some(Pool { growth: growth.clamp(GROWTH[0], GROWTH[1]), weeks: weeks.min(MOST_WEEKS) })
    }

    /// The constants with the usual growth of the pool, whose weight is at least that of the trained one.
    fn constants(&self, learnt: &Constants) -> Constants {
        let mut constants = learnt.clone();
        constants.usual_growth = self.growth;
        for weeks in [&mut constants.growth.usual_weeks, &mut constants.motion.usual_weeks] {
            *weeks = self.weeks.max(*weeks);
        }
        constants
    }
}

/// Messages grow at another rate than bytes.
type Key = (Resource, Option<String>);

/// Forecasts mailboxes with the usual growth of their domains.
#[derive(Clone, Debug)]
pub struct PooledForecaster {
    /// If neither the domain nor all mailboxes make a pool.
    learnt: Forecaster,
    all: HashMap<Resource, Forecaster>,
    domains: HashMap<Key, Forecaster>,
}

impl PooledForecaster {
    /// Learns the usual growth from all mailboxes, including those that are not forecast.
    pub fn learn(options: &Options, constants: &Constants, members: &[Member]) -> PooledForecaster {
        let paces: Vec<Option<MailboxPace>> =
            members.par_iter().map(|member| MailboxPace::measure(member.series)).collect();
        let mut all: HashMap<Resource, Vec<MailboxPace>> = HashMap::new();
        let mut domains: HashMap<Key, Vec<MailboxPace>> = HashMap::new();
        for (member, pace) in members.iter().zip(paces) {
            let Some(pace) = pace else { continue };
            all.entry(member.series.resource).or_default().push(pace);
            domains.entry(key(member)).or_default().push(pace);
        }
        let by = |pool: Pool| Forecaster::by(options.clone(), pool.constants(constants));
        PooledForecaster {
            learnt: Forecaster::by(options.clone(), constants.clone()),
            all: all.into_iter().filter_map(|(of, paces)| Some((of, by(Pool::fit(&paces)?)))).collect(),
            domains: domains.into_iter().filter_map(|(of, paces)| Some((of, by(Pool::fit(&paces)?)))).collect(),
        }
    }

    /// Forecasts mailboxes in parallel, in their order. Those without an observation are left out.
    pub fn forecast_all(&self, members: &[Member]) -> Vec<Forecast> {
        members.par_iter().filter_map(|member| self.forecaster_for(member).forecast(member.series)).collect()
    }

    fn forecaster_for(&self, member: &Member) -> &Forecaster {
        let pooled = self.domains.get(&key(member)).or_else(|| self.all.get(&member.series.resource));
        pooled.unwrap_or(&self.learnt)
    }
}

fn key(member: &Member) -> Key {
    (member.series.resource, member.domain.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::LevelDates;
    use crate::model::series::Observation;
    use jiff::Timestamp;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::StandardNormal;
    use std::time::Instant;

    fn pace(growth: f64) -> MailboxPace {
        MailboxPace { growth, scatter: 0.1, weeks: 10.0 }
    }

    #[test]
    fn a_pool_of_five_mailboxes_matches_a_hand_calculation() {
        let pool = Pool::fit(&[0.1, 0.2, 0.3, 0.5, 90.0].map(pace)).unwrap();
        // The distances from 0.3 are 0.2, 0.1, 0, 0.2 and 89.7, their median 0.2: a variance of 0.087925. Scatter alone
        // makes 0.01 of that, a share of 0.113733. With five mailboxes half of it is believed, and 0.056866 is the share of
        // 0.603 weeks in 10.603.
        assert_eq!(pool.growth, 0.3);
        assert!((pool.weeks - 0.602_95).abs() < 1e-4, "{}", pool.weeks);
    }

    #[test]
    fn a_pool_needs_five_mailboxes_that_changed() {
        assert_eq!(Pool::fit(&[0.1, 0.2, 0.3, 0.4].map(pace)), None);
        assert_eq!(MailboxPace::measure(&weekly(&[5.0; 9])), None);
        assert!(MailboxPace::measure(&weekly(&[5.0, 6.0, 7.0])).is_some());
    }

    #[test]
    fn paces_that_differ_only_by_scatter_shrink_most() {
        let alike: Vec<MailboxPace> = (0..101).map(|n| pace(0.3 + 0.001 * f64::from(n - 50))).collect();
        assert_eq!(Pool::fit(&alike).unwrap().weeks, MOST_WEEKS);
        // With five of them half is believed: a mailbox's own weeks and the pool count alike.
        assert!((Pool::fit(&alike[..5]).unwrap().weeks - 10.0).abs() < 1e-12);
        let apart: Vec<MailboxPace> = (0..101).map(|n| pace(10.0 * f64::from(n))).collect();
        assert!(Pool::fit(&apart).unwrap().weeks < 0.01);
    }

    #[test]
    fn pooled_growth_is_bounded_and_replaces_the_learnt_constants() {
        let shrinking = Pool::fit(&[-0.5; 9].map(pace)).unwrap();
        assert_eq!(shrinking.growth, GROWTH[0]);
        let learnt = Constants::embedded();
        let weak = Pool { growth: 1.5, weeks: 0.2 }.constants(learnt);
        assert_eq!((weak.usual_growth, weak.growth.usual_weeks), (1.5, 0.2));
        assert_eq!(weak.motion.usual_weeks, learnt.motion.usual_weeks);
    }

    #[test]
    fn a_small_domain_uses_the_pool_of_all_mailboxes() {
        let series: Vec<Series> = (0..8).map(|n| mailbox(&mut rng(n), 0.4, 20).0).collect();
        let domain = |n: usize| Some(if n < 6 { "large.example" } else { "small.example" });
        let members: Vec<Member> =
            series.iter().enumerate().map(|(n, series)| Member { domain: domain(n), series }).collect();
        let pooled = PooledForecaster::learn(&Options::default(), Constants::embedded(), &members);
        assert_eq!(pooled.domains.len(), 1);
        let by_all = pooled.all[&Resource::Bytes].forecast(&series[7]).unwrap();
        assert_eq!(pooled.forecast_all(&members)[7], by_all);
        assert_ne!(pooled.forecast_all(&members)[5], pooled.all[&Resource::Bytes].forecast(&series[5]).unwrap());
        let alone = PooledForecaster::learn(&Options::default(), Constants::embedded(), &members[6..]);
        let learnt = Forecaster::new(Options::default()).forecast(&series[7]).unwrap();
        assert_eq!(alone.forecast_all(&members[7..]), [learnt]);
    }

    fn rng(seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(seed)
    }

    fn weekly(levels: &[f64]) -> Series {
        let at = |(week, &used): (usize, &f64)| Observation {
            time: Timestamp::from_second(1_700_000_000 + week as i64 * 7 * 86_400).unwrap(),
            used,
        };
        Series::new("m".into(), Resource::Bytes, levels.iter().enumerate().map(at).collect(), None)
    }

    /// A mailbox that grows by the share `usual` of its size a year, observed for `weeks`, with a limit some months ahead;
    /// and the days until it reaches that limit.
    fn mailbox(rng: &mut ChaCha8Rng, usual: f64, weeks: usize) -> (Series, f64) {
        let size = 1e9 * rng.sample::<f64, _>(StandardNormal).exp();
        let growth = size * (usual + 0.1 * usual * rng.sample::<f64, _>(StandardNormal)) / 52.0;
        let scatter = 3.0 * size * usual / 52.0;
        let mut levels = vec![size];
        let mut step = |level: f64| (level + growth + scatter * rng.sample::<f64, _>(StandardNormal)).max(0.0);
        while levels.len() <= weeks {
            levels.push(step(levels[levels.len() - 1]));
        }
        let series = weekly(&levels);
        let mut level = levels[weeks];
        let limit = level + size * usual * 0.6;
        let mut ahead = 0.0;
        while level < limit && ahead < 3.0 * YEAR {
            level = step(level);
            ahead += 7.0;
        }
        (Series { limit: Some(limit), ..series }, ahead)
    }

    /// The mean pinball loss of the logarithm of the days; dates beyond the horizon count as the horizon.
    fn loss(forecasts: &[Forecast], truths: &[f64]) -> f64 {
        let of_one = |(forecast, truth): (&Forecast, &f64)| {
            let days = |date: Option<jiff::civil::Date>| {
                date.map_or(3.0 * YEAR, |date| f64::from((date - forecast.as_of).get_days()).max(1.0))
            };
            let predicted = forecast.outlook.as_ref().unwrap().exhaustion.map(days).values();
            let miss = |(p, days): (f64, f64)| {
                let error = (truth / days).ln();
                if error < 0.0 { (p - 1.0) * error } else { p * error }
            };
            [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95].into_iter().zip(predicted).map(miss).sum::<f64>() / 7.0
        };
        forecasts.iter().zip(truths).map(of_one).sum::<f64>() / truths.len() as f64
    }

    #[test]
    fn pooling_improves_forecasts_of_short_noisy_mailboxes() {
        for (usual, weeks) in [(0.2, 8), (1.0, 8), (0.5, 26)] {
            let mut rng = rng(7);
            let (series, truths): (Vec<Series>, Vec<f64>) = (0..300).map(|_| mailbox(&mut rng, usual, weeks)).unzip();
            let members: Vec<Member> = series.iter().map(|series| Member { domain: Some("d"), series }).collect();
            let pooled =
                PooledForecaster::learn(&Options::default(), Constants::embedded(), &members).forecast_all(&members);
            let alone = Forecaster::new(Options::default()).forecast_all(&series);
            let (pooled, alone) = (loss(&pooled, &truths), loss(&alone, &truths));
            println!("{usual} a year, {weeks} weeks: {pooled:.4} together, {alone:.4} alone");
            assert!(pooled < 0.95 * alone, "{usual} a year, {weeks} weeks: {pooled} and {alone}");
        }
    }

    #[test]
    #[ignore = "a measurement: how many mailboxes a second"]
    fn quotas_forecast_fast() {
        let mut rng = rng(1);
        let series: Vec<Series> = (0..20_000).map(|_| mailbox(&mut rng, 0.4, 103).0).collect();
        let names: Vec<String> = (0..200).map(|n| format!("d{n}.example")).collect();
        let named = series.iter().zip(names.iter().cycle());
        let members: Vec<Member> =
            named.map(|(series, domain)| Member { domain: Some(domain.as_str()), series }).collect();
        let last = series[0].observations[103].time;
        let dates =
            [30, 90, 180, 365].map(|days| crate::model::dates::utc_day(last).saturating_add(jiff::ToSpan::days(days)));
        for (what, dates) in [("levels at 4 dates", LevelDates::On(dates.to_vec())), ("no levels", LevelDates::none())]
        {
            let options = Options { level_dates: dates, ..Options::default() };
            let start = Instant::now();
            let pooled = PooledForecaster::learn(&options, Constants::embedded(), &members);
            let learnt = start.elapsed().as_secs_f64();
            let count = members.chunks(512).map(|batch| pooled.forecast_all(batch).len()).sum::<usize>();
            let seconds = start.elapsed().as_secs_f64();
            let a_second = count as f64 / seconds;
            let million = 1e6 / a_second / 60.0;
            println!("{what}: {count} in {seconds:.2} s ({learnt:.2} s of it learning), {a_second:.0} a second");
            println!("    a million in {million:.1} min on {} threads", rayon::current_num_threads());
        }
    }
}

//! Limits the disk operations per second of all threads together.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::model::cancel::Cancel;

const SECOND: u64 = 1_000_000_000;
/// The operations of 50 ms may come at once: enough to avoid many short sleeps, too few for a mail server to notice.
const BURST: u64 = SECOND / 20;
/// The longest sleep between two checks for a cancelled scan.
const SLICE: Duration = Duration::from_millis(100);

/// A limit shared by all threads.
///
/// In any interval it lets through at most the limit times the interval's length, plus the operations of 50 ms or of the
/// largest single [`take`](RateLimit::take), whichever is more.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    bucket: Option<Bucket>,
    cancel: Cancel,
}

impl RateLimit {
    pub(crate) fn unlimited() -> RateLimit {
        RateLimit::default()
    }

    /// `None`: no limit. Once the scan is cancelled, nobody waits any more.
    pub(crate) fn new(per_second: Option<NonZeroU32>, cancel: &Cancel) -> RateLimit {
        RateLimit { bucket: per_second.map(Bucket::new), cancel: cancel.clone() }
    }

    /// Waits until the operations are allowed.
    #[inline]
    pub(crate) fn take(&self, operations: u32) {
        if let Some(bucket) = &self.bucket {
            bucket.take(operations, &self.cancel);
        }
    }
}

/// A token bucket, stored as the time at which it is full again (the generic cell rate algorithm of ITU-T I.371): a single
/// number, so that threads need no lock.
#[derive(Debug)]
struct Bucket {
    per_second: NonZeroU32,
    start: Instant,
    /// Nanoseconds since `start`.
    full_at: AtomicU64,
}

impl Bucket {
    fn new(per_second: NonZeroU32) -> Bucket {
        Bucket { per_second, start: Instant::now(), full_at: AtomicU64::new(0) }
    }

    fn take(&self, operations: u32, cancel: &Cancel) {
        let allowed = self.start + self.reserve(self.start.elapsed(), operations);
        loop {
            let left = allowed.saturating_duration_since(Instant::now());
            if left.is_zero() || cancel.is_requested() {
                return;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    /// Reserves operations at a time since the start, and returns the time from which they are allowed.
    fn reserve(&self, now: Duration, operations: u32) -> Duration {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        // Rounded up: never more than the limit.
        let cost = (u64::from(operations) * SECOND).div_ceil(u64::from(self.per_second.get()));
        let before = self.full_at.update(Relaxed, Relaxed, |full_at| refilled(full_at, now, cost));
        Duration::from_nanos(allowed(refilled(before, now, cost), now))
    }
}

/// When the bucket is full again after `cost` was taken.
fn refilled(full_at: u64, now: u64, cost: u64) -> u64 {
    full_at.max(now).saturating_add(cost)
}

/// When the operations just taken are allowed.
fn allowed(full_at: u64, now: u64) -> u64 {
    full_at.saturating_sub(BURST).max(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bucket(per_second: u32) -> Bucket {
        Bucket::new(NonZeroU32::new(per_second).unwrap())
    }

    /// When each arrival is let through, and its operations.
    fn let_through(bucket: &Bucket, arrivals: &[(u64, u32)]) -> Vec<(Duration, u32)> {
        let reserve = |&(at, operations)| (bucket.reserve(Duration::from_nanos(at), operations), operations);
        arrivals.iter().map(reserve).collect()
    }

    #[test]
    fn a_burst_passes_at_once_and_the_rest_at_the_rate() {
        let bucket = bucket(100);
        let times: Vec<u128> = (0..8).map(|_| bucket.reserve(Duration::ZERO, 1).as_millis()).collect();
        assert_eq!(times, [0, 0, 0, 0, 0, 10, 20, 30]);
        // After a rest one more burst passes.
        let later = Duration::from_secs(60);
        let times: Vec<u128> = (0..7).map(|_| (bucket.reserve(later, 1) - later).as_millis()).collect();
        assert_eq!(times, [0, 0, 0, 0, 0, 10, 20]);
    }

    #[test]
    fn at_one_per_second_operations_pass_one_by_one() {
        let bucket = bucket(1);
        let times: Vec<u128> = (0..3).map(|_| bucket.reserve(Duration::ZERO, 1).as_millis()).collect();
        assert_eq!(times, [950, 1_950, 2_950]);
    }

    #[test]
    fn a_busy_caller_gets_the_whole_limit() {
        for per_second in [1, 7, 333, 20_000, 999_999] {
            let bucket = bucket(per_second);
            let mut now = Duration::ZERO;
            (0..per_second).for_each(|_| now = bucket.reserve(now, 1));
            let expected = 0.95;
            assert!((now.as_secs_f64() - expected).abs() < 0.001, "{per_second} took {now:?}");
        }
    }

    #[test]
    fn threads_share_one_limit() {
        let bucket = bucket(1_000);
        let mut times: Vec<u128> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..64)
                .map(|_| {
                    scope.spawn(|| (0..100).map(|_| bucket.reserve(Duration::ZERO, 1).as_millis()).collect::<Vec<_>>())
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        times.sort_unstable();
        let expected: Vec<u128> = (1..=6_400).map(|place: u128| place.saturating_sub(50)).collect();
        assert_eq!(times, expected);
    }

    #[test]
    fn the_largest_numbers_saturate() {
        let bucket = bucket(1);
        let wait = bucket.reserve(Duration::MAX, u32::MAX);
        assert_eq!(wait, Duration::from_nanos(u64::MAX));
    }

    #[test]
    fn without_a_limit_or_when_cancelled_no_caller_waits() {
        RateLimit::unlimited().take(u32::MAX);
        let cancel = Cancel::never();
        RateLimit::new(None, &cancel).take(u32::MAX);
        cancel.request(2);
        RateLimit::new(NonZeroU32::new(1), &cancel).take(u32::MAX);
    }

    proptest! {
        #[test]
        fn no_interval_passes_more_than_the_limit_and_a_burst(
            per_second in 1_u32..50_000,
            arrivals in prop::collection::vec((0_u64..3 * SECOND, 1_u32..40), 1..60),
        ) {
            // Threads read their clocks before they reach the bucket, so times may be out of order.
            let mut through = let_through(&bucket(per_second), &arrivals);
            through.sort_unstable();
            let limit = f64::from(per_second);
            let largest = through.iter().map(|&(_, operations)| operations).max().unwrap_or(0);
            let burst = (limit / 20.0).max(f64::from(largest));
            for (from, &(start, _)) in through.iter().enumerate() {
                let mut operations = 0;
                for &(end, more) in &through[from..] {
                    operations += more;
                    let most = limit * (end - start).as_secs_f64() + burst;
                    prop_assert!(f64::from(operations) <= most + 1e-6, "{} in {:?}", operations, end - start);
                }
            }
        }

        #[test]
        fn no_operation_passes_before_it_arrives(
            per_second in 1_u32..50_000,
            arrivals in prop::collection::vec((0_u64..3 * SECOND, 1_u32..40), 1..60),
        ) {
            let through = let_through(&bucket(per_second), &arrivals);
            for (&(at, _), (time, _)) in arrivals.iter().zip(through) {
                prop_assert!(time >= Duration::from_nanos(at));
            }
        }
    }
}

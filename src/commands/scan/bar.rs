//! The progress bar of a scan.

use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::Context;
use crate::model::{bytes::Units, numbers::count};
use crate::scan::progress::{Counts, Progress};

/// Runs the work while a terminal shows a progress bar.
pub(super) fn with_progress<T>(context: &Context, expected: Option<u64>, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if context.quiet || !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let expected = expected.filter(|&files| files > 0);
    // The bar takes what the words leave, on a terminal of 60 columns, too.
    let (bar, template) = match expected {
        Some(files) => (ProgressBar::new(files), "{wide_bar} {percent:>3} %  {msg:40}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the template is valid"));
    let (working, ended) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let (bar, progress) = (&bar, &progress);
        scope.spawn(move || {
            loop {
                let counts = progress.counts();
                // A store that has grown has more files than expected.
                bar.set_position(expected.map_or(counts.files, |files| counts.files.min(files)));
                bar.set_message(describe(&counts, context.units));
                bar.tick();
                if ended.recv_timeout(Duration::from_millis(100)) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
        });
        // Dropped when the work ends, also by a panic: the thread stops, for which the scope waits.
        let _working = working;
        let result = work(progress);
        bar.finish_and_clear();
        result
    })
}

fn describe(counts: &Counts, units: Units) -> String {
    let mailboxes = match counts.mailboxes_found {
        0 => "looking for mailboxes".to_owned(),
        found => format!("{} of {} mailboxes", count(counts.mailboxes as f64), count(found as f64)),
    };
    format!("{mailboxes}, {}", units.show(counts.bytes as f64))
}

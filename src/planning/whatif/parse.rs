//! Parses scenarios.

use std::str::FromStr;

use jiff::civil::Date;

use super::{Change, Folders, Scenario};
use crate::model::{bytes::Bytes, days::Days, escape, signed::Signed, special_use::SpecialUse};

const KINDS: &str = "add=4TiB@2027-02-01, growth=+20%, mailboxes=+300, retain=Trash:30d, retain=*:3y, quota=5GiB, \
                     move=DOMAIN, compress=zstd or compress=zstd-all; several at once with commas";

/// The largest change of the growth.
const MOST_PERCENT: f64 = 10_000.0;

impl FromStr for Scenario {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Leading blanks would make a code block in Markdown.
        let text = text.trim();
        let changes: Vec<Change> = text.split(',').map(|part| change(part.trim())).collect::<Result<_, _>>()?;
        for (index, change) in changes.iter().enumerate() {
            if changes[..index].iter().any(|before| is_again(before, change)) {
                return Err(format!("`{}` makes the same change twice", escape::printable(text)));
            }
        }
        Ok(Scenario { text: text.to_owned(), changes })
    }
}

/// Whether two changes exclude each other.
fn is_again(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (Change::Move { domain, .. }, Change::Move { domain: other, .. }) => domain.eq_ignore_ascii_case(other),
        (Change::Retain { folders, .. }, Change::Retain { folders: other, .. }) => folders == other,
        (Change::Growth(_), Change::Growth(_))
        | (Change::Mailboxes(_), Change::Mailboxes(_))
        | (Change::Quota(_), Change::Quota(_))
        | (Change::Compress { .. }, Change::Compress { .. }) => true,
        _ => false,
    }
}

fn change(text: &str) -> Result<Change, String> {
    let shown = escape::printable(text);
    let bad = |why: String| format!("`{shown}`: {why}");
    let unknown = || format!("`{shown}` is not a scenario: write {KINDS}");
    let (kind, value) = text.split_once('=').ok_or_else(unknown)?;
    match kind {
        "add" => {
            let (size, on) = dated(value).map_err(bad)?;
            let bytes = size.parse().map_err(bad)?;
            Ok(Change::Add { bytes, on })
        }
        "growth" => growth(value).map_err(bad),
        "mailboxes" => mailboxes(value).map_err(bad),
        "retain" => retain(value).map_err(bad),
        "quota" => match value.parse().map_err(bad)? {
            Bytes(0) => Err(bad("a quota of zero would reject all mail".to_owned())),
            bytes => Ok(Change::Quota(bytes)),
        },
        "move" => {
            let (domain, on) = dated(value).map_err(bad)?;
            match domain {
                "" => Err(bad("name the domain: move=example.org".to_owned())),
                domain => Ok(Change::Move { domain: domain.to_owned(), on }),
            }
        }
        "compress" => match value {
            "zstd" => Ok(Change::Compress { stored: false }),
            "zstd-all" => Ok(Change::Compress { stored: true }),
            _ => Err(bad("write compress=zstd for new mail, or compress=zstd-all for stored mail too".to_owned())),
        },
        _ => Err(unknown()),
    }
}

/// Splits an optional `@date` off.
fn dated(text: &str) -> Result<(&str, Option<Date>), String> {
    match text.split_once('@') {
        None => Ok((text, None)),
        Some((before, date)) => match date.parse() {
            Ok(date) => Ok((before, Some(date))),
            Err(_) => Err(format!("`{}` is not a valid date: write 2027-02-01", escape::printable(date))),
        },
    }
}

fn growth(text: &str) -> Result<Change, String> {
    let number = text.strip_suffix('%').filter(|number| number.starts_with(['+', '-']));
    let number = number.filter(|number| number[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    let percent = number.and_then(|number| number.parse::<f64>().ok());
    match percent.filter(|percent| (-100.0..=MOST_PERCENT).contains(percent)) {
        Some(percent) => Ok(Change::Growth(1.0 + percent / 100.0)),
        None => Err("write the change of the growth with its sign: +20% or -10%, at least -100%".to_owned()),
    }
}

fn mailboxes(text: &str) -> Result<Change, String> {
    match Signed::count(text)?.with_default(None) {
        Some(count) => Ok(Change::Mailboxes(count)),
        None => Err("write +300 for more mailboxes, or -50 for fewer".to_owned()),
    }
}

fn retain(text: &str) -> Result<Change, String> {
    let (folders, age) = text.rsplit_once(':').ok_or("write folders and an age: Trash:30d or *:3y")?;
    let known = |special: &SpecialUse| special.word().eq_ignore_ascii_case(folders);
    let folders = match SpecialUse::ALL.into_iter().find(known) {
        Some(special) => Folders::Use(special),
        None if folders == "*" => Folders::All,
        None => {
            return Err(
                "name folders by their use: Inbox, Sent, Trash, Junk, Archive or Drafts, or * for all".to_owned()
            );
        }
    };
    match age.parse()? {
        Days(0) => Err("an age of zero would delete mail on arrival".to_owned()),
        age => Ok(Change::Retain { folders, age }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn changes(text: &str) -> Vec<Change> {
        text.parse::<Scenario>().unwrap_or_else(|e| panic!("{text}: {e}")).changes
    }

    #[test]
    fn all_kinds_of_changes_parse() {
        let trash = |days| Change::Retain { folders: Folders::Use(SpecialUse::Trash), age: Days(days) };
        assert_eq!(changes("add=4TiB@2027-02-01"), [Change::Add { bytes: Bytes(4 << 40), on: Some(date(2027, 2, 1)) }]);
        assert_eq!(changes("growth=+20%, mailboxes=-50"), [Change::Growth(1.2), Change::Mailboxes(-50)]);
        assert_eq!(changes("growth=-100%"), [Change::Growth(0.0)]);
        assert_eq!(
            changes("retain=TRASH:30d,retain=*:3y"),
            [trash(30), Change::Retain { folders: Folders::All, age: Days(1_095) }]
        );
        assert_eq!(changes("quota=5GiB"), [Change::Quota(Bytes(5 << 30))]);
        assert_eq!(changes("move=example.org"), [Change::Move { domain: "example.org".to_owned(), on: None }]);
        assert_eq!(changes("compress=zstd-all"), [Change::Compress { stored: true }]);
    }

    #[test]
    fn domains_can_be_renamed() {
        let scenario: Scenario = "move=a.org@2027-02-01, move=a.org.uk,growth=+1%".parse().unwrap();
        let renamed = scenario.with_domains(|domain| format!("d{}", domain.len()));
        assert_eq!(renamed.to_string(), "move=d5@2027-02-01, move=d8,growth=+1%");
        assert_eq!(renamed, renamed.to_string().parse().unwrap());
    }

    #[test]
    fn surrounding_blanks_are_trimmed() {
        assert_eq!("\t   move=a b , add=1\n".parse::<Scenario>().unwrap().to_string(), "move=a b , add=1");
    }

    #[test]
    fn errors_say_what_to_write() {
        for (text, part) in [
            ("", "is not a scenario"),
            ("add", "is not a scenario"),
            ("shrink=1", "add=4TiB"),
            ("add=5X", "5X"),
            ("add=4TiB@soon", "`soon` is not a valid date"),
            ("growth=20%", "+20%"),
            ("growth=-101%", "+20%"),
            ("growth=+inf%", "+20%"),
            ("growth=+NaN%", "+20%"),
            ("mailboxes=300", "+300"),
            ("mailboxes=+1.5", "not a valid count"),
            ("retain=Trash", "Trash:30d"),
            ("retain=Rubbish:30d", "Inbox, Sent, Trash, Junk, Archive or Drafts"),
            ("retain=Trash:30", "not a valid length of time"),
            ("retain=*:0d", "an age of zero"),
            ("quota=0", "zero"),
            ("move=", "name the domain"),
            ("compress=gzip", "compress=zstd"),
            ("growth=+1%,growth=+2%", "twice"),
            ("move=a,move=A", "twice"),
            ("move=\u{1b}[31m@x", "\\u{1b}"),
        ] {
            let error = text.parse::<Scenario>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains('\u{1b}'), "{error:?}");
        }
    }
}

//! Generates hostile names, and harmless ones of the same shape.

use std::ops::Range;

use mailrunway::model::escape;
use mailrunway::model::escape::printable;
use mailrunway::model::snapshot::address;
use proptest::prelude::*;

/// Fragments that try to break out of a line, a cell, an element, a header or a string, or to mislead a reader.
const FRAGMENTS: [&[u8]; 44] = [
    b"<script>alert(1)</script>",
    b"\"><img src=x onerror=alert(1)>",
    b"' onload='x",
    b"<!--",
    b"-->",
    b"]]>",
    b"</title></svg></style>",
    b"&lt;b&gt;&#60;&amp",
    b"{{ 7*7 }}{% raw %}",
    b"\r\nBcc: victim@example.org",
    b"\n\n# Heading\n",
    b"\r",
    b"\x1b[2J\x1b]0;owned\x07",
    b"\xc2\x9b31m",
    b"\0\x08\x7f",
    b"=cmd|' /C calc'!A0",
    b"+1",
    b"-1",
    b"@SUM(A1)",
    b"\t",
    b"\xe2\x80\xaegnp.exe",
    b"\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c",
    b"\xe2\x80\xa8\xe2\x80\xa9\xc2\x85",
    b"\xef\xbb\xbf\xef\xbf\xbf",
    b"\xff\xfe\xc3",
    b"\xed\xa0\x80",
    b"\\x41\\",
    b" | a | b |",
    b"`code`**bold**_em_~~no~~",
    b"[a](http://evil.example)![b](x.png)",
    b"https://evil.example www.evil.example",
    b"<http://evil.example>",
    b"    code",
    b"# ",
    b"> ",
    b"1. ",
    b"---",
    b"=?utf-8?Q?=0D=0ABcc:_victim=40example.org?=",
    b"--=_",
    b"\\\"},{\"x\":[",
    b"a/../../b",
    "\u{202d}日本語 žluťoučký 📬 e\u{301}\u{338}".as_bytes(),
    b" % ",
    b".",
];

/// A name of these fragments, any text and any bytes, up to more than a file name can have, as the program reads it
/// from the disk.
pub fn hostile() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(&FRAGMENTS[..]).prop_map(<[u8]>::to_vec);
    let text = any::<String>().prop_map(String::into_bytes);
    let bytes = prop::collection::vec(any::<u8>(), 0..12);
    let piece = prop_oneof![5 => fragment, 1 => text, 1 => bytes, 1 => "[a-z]{1,5}".prop_map(String::into_bytes)];
    let long = "[ -~]".prop_map(|one| one.repeat(400).into_bytes());
    prop_oneof![
        20 => prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat()),
        1 => long,
    ]
    // HTML has this in place of a blank.
    .prop_map(|bytes| escape::text(&bytes).replace("\u{a0}%", "%"))
}

const HOST: usize = 0;
const MOUNT: usize = 1;
const STORES: Range<usize> = 2..4;
const DOMAINS: Range<usize> = 4..8;
/// As many as the tables of the report show, beside one tame name.
const USERS: Range<usize> = 8..17;
const FOLDERS: Range<usize> = 17..22;
const KINDS: Range<usize> = 22..24;
const MOVED: usize = 24;
const COUNT: usize = 25;

/// All names in a history and its settings.
#[derive(Clone, Debug)]
pub struct Names(Vec<String>);

/// Unique names, as in one directory.
pub fn any_names() -> impl Strategy<Value = Names> {
    prop::collection::vec(hostile(), COUNT).prop_map(|mut names| {
        for place in [MOVED, DOMAINS.start] {
            // In a scenario, `@` starts a date, a comma ends a change, and blanks at the end are trimmed.
            names[place] = names[place].replace(['@', ','], "") + "x";
        }
        for place in 0..names.len() {
            while names[..place].contains(&names[place]) {
                names[place].push('x');
            }
        }
        in_order(Names(names))
    })
}

/// The names with domains in an order that the tame names have too, because they are listed sorted.
fn in_order(mut names: Names) -> Names {
    let is_ordered = |names: &Names| names.0[DOMAINS].is_sorted();
    if !is_ordered(&names) || !is_ordered(&names.tamed()) {
        names.0[DOMAINS].iter_mut().zip('a'..).for_each(|(name, letter)| name.insert(0, letter));
    }
    names
}

/// A letter that occurs only in names, never in the program's own text.
pub fn is_of_a_name(letter: char) -> bool {
    ('α'..='ω').contains(&letter)
}

impl Names {
    /// Harmless names of the same shown length with blanks in the same places, so that both give the same line breaks.
    pub fn tamed(&self) -> Names {
        let tamed = |(place, name): (usize, &String)| {
            let letter = char::from_u32('α' as u32 + place as u32).expect("it is a letter");
            printable(name).chars().map(|c| if c == ' ' { ' ' } else { letter }).collect()
        };
        Names(self.0.iter().enumerate().map(tamed).collect())
    }

    pub fn host(&self) -> &str {
        &self.0[HOST]
    }

    pub fn mount(&self) -> &str {
        &self.0[MOUNT]
    }

    pub fn stores(&self) -> &[String] {
        &self.0[STORES]
    }

    pub fn folders(&self) -> &[String] {
        &self.0[FOLDERS]
    }

    /// The type of a volume, and the format of a mailbox.
    pub fn kinds(&self) -> &[String] {
        &self.0[KINDS]
    }

    /// The domains and users of the mailboxes; one has no domain.
    pub fn mailboxes(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let domains = self.0[DOMAINS].iter().map(|name| Some(name.as_str())).chain([None]).cycle();
        domains.zip(self.0[USERS].iter().map(String::as_str))
    }

    fn addresses(&self) -> impl Iterator<Item = String> {
        self.mailboxes().map(|(domain, user)| address(domain, user))
    }

    /// Scenarios in the settings: one about an existing domain and one about a missing one.
    pub fn scenarios(&self) -> [String; 2] {
        [DOMAINS.start, MOVED].map(|place| format!("move={}", self.0[place]))
    }

    /// The names that the report shows on one line.
    pub fn shown(&self) -> Vec<String> {
        let rest = [self.host(), self.mount(), &self.stores()[0]].into_iter().map(str::to_owned);
        let lists = [&self.0[DOMAINS], self.folders(), &self.scenarios()].concat();
        self.addresses().chain(rest).chain(lists).collect()
    }

    /// The names that JSON has unchanged.
    pub fn whole(&self) -> Vec<String> {
        let lists = [self.stores(), self.folders(), self.kinds(), &self.0[DOMAINS], &self.0[USERS]].concat();
        let rest = [self.host().to_owned(), self.mount().to_owned(), self.scenarios()[0].clone()];
        self.addresses().chain(lists).chain(rest).collect()
    }
}

//! Names that nobody sane gives, and tame ones of the same shape to compare with.

use mailrunway::escape::{self, printable};
use proptest::prelude::*;

/// What is in a name to break out of a line, a cell, an element, a header or a string, or to lead a reader astray.
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

/// A name made of these, of any text and of any bytes, up to far more than a name on a disk can have; as the program reads
/// it from the disk.
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
    // A page has one where there is a blank.
    .prop_map(|bytes| escape::text(&bytes).replace("\u{a0}%", "%"))
}

const HOST: usize = 0;
const MOUNT: usize = 1;
const STORES: [usize; 2] = [2, 3];
const DOMAINS: [usize; 2] = [4, 5];
const USERS: [usize; 4] = [6, 7, 8, 9];
const FOLDERS: [usize; 3] = [10, 11, 12];
const KINDS: [usize; 2] = [13, 14];
const MOVED: usize = 15;
const COUNT: usize = 16;

/// All the names that there are in a history and its settings.
#[derive(Clone, Debug)]
pub struct Names(Vec<String>);

/// Names of which no two are the same, as no two are in one directory.
pub fn any_names() -> impl Strategy<Value = Names> {
    prop::collection::vec(hostile(), COUNT).prop_map(|mut names| {
        for place in 0..names.len() {
            while names[..place].contains(&names[place]) {
                names[place].push('x');
            }
        }
        for place in [MOVED, DOMAINS[0]] {
            // In a scenario a date follows an `@`, a comma ends a change, and blanks at its end are no part of it.
            names[place] = names[place].replace(['@', ','], "") + "x";
        }
        in_order(Names(names))
    })
}

/// The names with their domains in an order that the tame ones have too: they are listed by it.
fn in_order(mut names: Names) -> Names {
    let [first, last] = DOMAINS;
    let is_ordered = |names: &Names| names.0[first] < names.0[last];
    if !is_ordered(&names) {
        names.0.swap(first, last);
        names.0[first] = names.0[first].replace(['@', ','], "") + "x";
    }
    if !is_ordered(&names) || !is_ordered(&names.tamed()) {
        names.0[first].insert(0, 'a');
        names.0[last].insert(0, 'b');
    }
    names
}

/// A letter that stands in no text of the program: where it does, there is a name.
pub fn is_of_a_name(letter: char) -> bool {
    ('α'..='ω').contains(&letter)
}

impl Names {
    /// Names that have a letter where these have any when they are shown, so that whatever shows both breaks its lines at
    /// the same places.
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

    pub fn stores(&self) -> [&str; 2] {
        STORES.map(|place| self.0[place].as_str())
    }

    pub fn folders(&self) -> [&str; 3] {
        FOLDERS.map(|place| self.0[place].as_str())
    }

    /// The type of a volume, and the format of a mailbox.
    pub fn kinds(&self) -> [&str; 2] {
        KINDS.map(|place| self.0[place].as_str())
    }

    /// The domains and users of the mailboxes.
    pub fn mailboxes(&self) -> [(Option<&str>, &str); 4] {
        let user = |number: usize| self.0[USERS[number]].as_str();
        let domain = |number: usize| Some(self.0[DOMAINS[number]].as_str());
        [(domain(0), user(0)), (domain(0), user(1)), (domain(1), user(2)), (None, user(3))]
    }

    /// What somebody may ask about in the settings: a domain that there is, and one that there is not.
    pub fn scenarios(&self) -> [String; 2] {
        [DOMAINS[0], MOVED].map(|place| format!("    move={}", self.0[place]))
    }

    /// What the report shows as it is, on one line.
    pub fn shown(&self) -> Vec<String> {
        let address = |(domain, user): (Option<&str>, &str)| mailrunway::snapshot::address(domain, user);
        let mailboxes = self.mailboxes().map(address);
        let rest = [self.host(), self.mount(), self.stores()[0], self.folders()[0]].map(str::to_owned);
        mailboxes.into_iter().chain(rest).chain(self.scenarios()).collect()
    }

    /// What programs are told as it is.
    pub fn whole(&self) -> Vec<String> {
        let lists = [&self.stores()[..], &self.folders()[..], &self.kinds()[..]].concat();
        let names = [self.host(), self.mount()].into_iter().chain(lists);
        let addresses = self.mailboxes().map(|(domain, user)| mailrunway::snapshot::address(domain, user));
        names.map(str::to_owned).chain(addresses).chain([self.scenarios()[0].clone()]).collect()
    }
}

//! Hostile text does not change the structure of a message.

use proptest::prelude::*;

use super::*;

/// Names that try to break out of a header, a part or a page.
const NASTY: [&str; 16] = [
    "a\r\nBcc: victim@example.org",
    "a\n\n<script>alert(1)</script>",
    "a\rb\0c",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "\u{202e}gnp.exe",
    "=?utf-8?Q?=0D=0ABcc:_victim=40example.org?=",
    "\"; boundary=\"x",
    "--=_",
    "..\\../..:|*?.png ",
    "日本語の名前 žluťoučký",
    "\u{85}\u{2028}\u{feff}",
    "'\"<>&,;:@()[]",
    " \t ",
    "",
    "=cmd|' /C calc'!A0",
    ".\n.\nFrom here on",
];

fn hostile() -> impl Strategy<Value = String> {
    let nasty = proptest::sample::select(NASTY.as_slice());
    prop_oneof![
        nasty.clone().prop_map(str::to_owned),
        (nasty, ".{0,40}").prop_map(|(nasty, more)| format!("{more}{nasty}{more}")),
        "(?s).{0,400}".prop_map(|text| text),
        "[ -~]{60,120}".prop_map(|text| text),
        "(.)".prop_map(|text| text.repeat(400)),
    ]
}

fn head(subject: &str, host: &str) -> MailHead {
    let address = |text: &str| text.parse().expect("it is an address");
    MailHead {
        to: vec![address("Änn Example <ann@example.org>"), address("root")],
        from: address("mailrunway@mail01.example.org"),
        subject: subject.to_owned(),
        date: "2026-11-23T04:00:00Z".parse().expect("it is a time"),
        host: host.to_owned(),
    }
}

/// The headers of a message or part as name and value on one line, and the lines that follow.
fn read(lines: &str) -> (Vec<(&str, String)>, &str) {
    let (head, body) = lines.split_once("\n\n").expect("an empty line ends the headers");
    let mut headers: Vec<(&str, String)> = Vec::new();
    for line in head.split('\n') {
        match (line.starts_with([' ', '\t']), line.split_once(": ")) {
            (true, _) => headers.last_mut().expect("the first line is no continuation").1.push_str(line),
            (false, Some((name, value))) => headers.push((name, value.to_owned())),
            (false, None) => panic!("`{line}` is no header"),
        }
    }
    (headers, body)
}

fn names<'a>(headers: &[(&'a str, String)]) -> Vec<&'a str> {
    headers.iter().map(|(name, _)| *name).collect()
}

/// The parts between the boundaries that the type names.
fn parts<'a>(headers: &[(&str, String)], body: &'a str) -> Vec<&'a str> {
    let kind = &headers.iter().find(|(name, _)| *name == "Content-Type").expect("it has a type").1;
    let boundary = kind.split_once("boundary=\"").expect("it has a boundary").1.trim_end_matches('"');
    let opening = format!("--{boundary}\n");
    let inside = body.strip_prefix(&opening).expect("nothing precedes the first part");
    let (inside, after) = inside.split_once(&format!("\n--{boundary}--\n")).expect("the last boundary");
    assert_eq!(after.trim(), "", "nothing follows");
    inside.split(&format!("\n{opening}")).collect()
}

const TOP: [&str; 9] =
    ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "User-Agent", "Content-Type"];
const TEXT: [&str; 2] = ["Content-Type", "Content-Transfer-Encoding"];
const PICTURE: [&str; 5] =
    ["Content-Type", "Content-Disposition", "Content-Description", "Content-ID", "Content-Transfer-Encoding"];

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn hostile_text_adds_no_header_or_part(
        [subject, host, name, description, text, page] in [hostile(), hostile(), hostile(), hostile(), hostile(), hostile()],
        png in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let picture = MailPicture::new(&name, &description, png);
        let bytes = message(&head(&subject, &host), &text, &page, std::slice::from_ref(&picture)).unwrap();
        let message = String::from_utf8(bytes).expect("it is ASCII");
        let power = |c: char| (c.is_control() && c != '\n' && c != '\t') || !c.is_ascii();
        prop_assert!(!message.contains(power), "{message:?}");
        prop_assert!(message.lines().all(|line| line.len() <= 998), "{message}");

        let (top, body) = read(&message);
        prop_assert_eq!(names(&top), TOP);
        prop_assert!(top.iter().all(|(_, value)| !value.contains('\t')), "{top:?}");
        let value = |name: &str| top.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
        prop_assert!(value("To").unwrap().ends_with("<ann@example.org>, <root>"), "{top:?}");
        let id = value("Message-ID").unwrap();
        prop_assert!(id.starts_with('<') && id.ends_with('>') && !id.contains(' '), "{id}");

        let alternatives = parts(&top, body);
        prop_assert_eq!(alternatives.len(), 2);
        prop_assert_eq!(names(&read(alternatives[0]).0), TEXT);
        let (related, inside) = read(alternatives[1]);
        prop_assert_eq!(names(&related), ["Content-Type"]);
        let related = parts(&related, inside);
        prop_assert_eq!(related.len(), 2);
        prop_assert_eq!(names(&read(related[0]).0), TEXT);
        let (headers, _) = read(related[1]);
        prop_assert_eq!(names(&headers), PICTURE);
        prop_assert_eq!(&headers[3].1, &format!("<{}>", picture.cid()));
    }

    #[test]
    fn file_names_have_no_path_and_end_in_png(name in hostile()) {
        let picture = MailPicture::new(&name, "", Vec::new());
        let file = picture.file_name();
        prop_assert!(file.ends_with(".png") && file.len() > 4 && !file.starts_with('.'), "{file}");
        prop_assert!(!file.contains(['/', '\\', ':', '\n', '\r', '\0', '\u{202e}']), "{file}");
    }
}

#[test]
fn the_same_parts_give_the_same_bytes_and_other_parts_another_id() {
    let picture = |png: &[u8]| MailPicture::new("runway", "When it is full", png.to_vec());
    let bytes = |subject: &str, png: &[u8]| message(&head(subject, "mail01"), "text", "<p>", &[picture(png)]).unwrap();
    assert_eq!(bytes("GREEN", b"a"), bytes("GREEN", b"a"));
    let id = |bytes: Vec<u8>| {
        let message = String::from_utf8(bytes).unwrap();
        message.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned).expect("it has one")
    };
    assert_ne!(id(bytes("GREEN", b"a")), id(bytes("AMBER", b"a")));
    assert_ne!(id(bytes("GREEN", b"a")), id(bytes("GREEN", b"b")));
    assert_ne!(picture(b"a").cid(), picture(b"b").cid());
    assert!(id(bytes("GREEN", b"a")).ends_with("@mail01>"));
}

#[test]
fn a_boundary_does_not_occur_in_the_text() {
    let text = "--=_00_alternative\n";
    assert_eq!(boundary("00", &[text, "<p>"]), "=_00_".to_owned() + "_");
    assert_eq!(boundary("01", &[text, "<p>"]), "=_01");
}

#[test]
fn names_that_look_encoded_are_escaped() {
    assert_eq!(one_line("=?utf-8?Q?=0A?="), "\\x3d?utf-8?Q?=0A?=");
    assert_eq!(one_line("a\nb = c?"), "a\\nb = c?");
}

#[test]
fn a_subject_in_ascii_is_folded_and_not_encoded() {
    let lines = |subject: &str| -> Vec<String> {
        let message = String::from_utf8(message(&head(subject, "mail01"), "", "", &[]).unwrap()).expect("it is ASCII");
        let headers = message.lines().skip_while(|line| !line.starts_with("Subject: "));
        let is_more = |(place, line): &(usize, &str)| *place == 0 || line.starts_with(' ');
        headers.enumerate().take_while(is_more).map(|(_, line)| line.to_owned()).collect()
    };
    let long =
        "[AMBER] mail01: /var/vmail may be full on 2026-12-24 (80 %: 2026-12-12 to 2027-01-03), order by 2026-11-23";
    let folded = lines(long);
    assert_eq!(folded.concat(), format!("Subject: {long}"));
    assert!(folded.len() == 2 && folded.iter().all(|line| line.len() <= 78), "{folded:?}");
    for encoded in ["żółw".to_owned(), "x".repeat(100), format!("GREEN {}", "é".repeat(90)), "two  blanks ".repeat(9)]
    {
        let lines = lines(&encoded);
        assert!(lines[0].starts_with("Subject: =?"), "{lines:?}");
        assert!(lines.iter().all(|line| line.len() <= 78), "{lines:?}");
    }
}

#[test]
fn a_message_without_recipients_is_an_error() {
    let head = MailHead { to: Vec::new(), ..head("GREEN", "mail01") };
    assert_eq!(message(&head, "", "", &[]).unwrap_err().exit_status(), 2);
}

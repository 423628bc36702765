//! Files made by hand.

use super::*;

/// The file header.
impl ReadAt for &[u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

pub(crate) const START: &[u8] = b"2 M1e C6b04b752\n";

/// A message with its metadata lines.
pub(crate) fn message(body: &[u8], facts: &str) -> Vec<u8> {
    let head = format!("\x01\x02N          {:016X}\n", body.len());
    assert_eq!(head.len(), 30);
    [head.as_bytes(), body, BEHIND_BODY, facts.as_bytes(), b"\n"].concat()
}

fn walk(bytes: &[u8]) -> (Vec<DboxMessage>, Option<DboxDamage>) {
    let mut walk = DboxMessages::new(bytes, bytes.len() as u64);
    let mut records = Vec::new();
    let damage = walk.by_ref().find_map(|step| step.map(|record| records.push(record)).err());
    assert!(walk.next().is_none(), "the iterator goes on after its end");
    (records, damage)
}

#[test]
fn messages_are_read_with_their_metadata() {
    let guid = "G0123456789abcdef0123456789abcdef\n";
    let first = message(b"Subject: a\n\nb\n", &format!("R5f5e1000\nV11\n{guid}BEntw\u{fc}rfe\n?new\n"));
    let second = message(&[0x28; 6000], "Z2ee0\nRx\nV2f00\nX10 20 B76 aa/bb/1-2 900 33 - cc/dd/3-4 5\n");
    let (records, damage) = walk(&[START, &first, &second].concat());
    assert_eq!((records.len(), damage), (2, None));
    let [one, two] = &records[..] else { unreachable!() };
    assert_eq!((one.offset, one.length, one.physical), (16, first.len() as u64, 14));
    assert_eq!((one.received, one.virtual_size), (Some(0x5f5e_1000), Some(17)));
    assert_eq!(one.mailbox.as_deref(), Some("Entw\u{fc}rfe".as_bytes()));
    assert_eq!((two.offset, two.length), (16 + one.length, second.len() as u64));
    assert_eq!((two.physical, two.received), (12000, None));
}

#[test]
fn preallocated_space_is_not_a_message() {
    for padding in [1, 29, 30, 5000] {
        let (records, damage) = walk(&[START, &message(b"a", "R1\n"), &vec![0; padding]].concat());
        assert_eq!((records.len(), damage), (1, None), "{padding}");
    }
    assert_eq!(walk(START), (vec![], None));
}

#[test]
fn larger_message_headers_and_version_1_are_read() {
    let mut old = message(b"old", "R1\n           \n");
    old.truncate(old.len() - 1);
    old.splice(29..29, *b"more");
    let (records, damage) = walk(&[b"1 A0 M22\n".as_slice(), &old, &old].concat());
    assert_eq!((records.len(), damage), (2, None));
    assert_eq!((records[1].offset, records[1].physical), (9 + old.len() as u64, 3));
}

#[test]
fn messages_before_a_cut_are_read() {
    let (first, second) = (message(b"one", "R1\n"), message(b"two\n", "R2\nV5\n"));
    let whole = [START, &first, &second].concat();
    let bound = START.len() + first.len();
    for cut in START.len() + 1..whole.len() {
        let (records, damage) = walk(&whole[..cut]);
        let kind = damage.map(|damage| (damage.offset as usize, damage.kind));
        let expected = match cut {
            cut if cut < bound => (0, Some((START.len(), DboxDamageKind::Truncated))),
            cut if cut == bound => (1, None),
            _ => (1, Some((bound, DboxDamageKind::Truncated))),
        };
        // The first byte alone is not a whole magic.
        let one_byte = cut == START.len() + 1 || cut == bound + 1;
        let expected = match (one_byte, expected) {
            (true, (count, Some((at, _)))) => (count, Some((at, DboxDamageKind::Magic))),
            (_, expected) => expected,
        };
        assert_eq!((records.len(), kind), expected, "cut at {cut}");
    }
}

#[test]
fn damage_is_reported_with_its_offset_and_kind() {
    let good = message(b"one", "R1\n");
    let end = (START.len() + good.len()) as u64;
    let of = |parts: &[&[u8]]| walk(&parts.concat()).1.map(|damage| (damage.offset, damage.kind));
    assert_eq!(of(&[b"3 M1e\n"]), Some((0, DboxDamageKind::Version(b'3'))));
    for start in
        [&b""[..], b"\n", b"From a", b"2 C1\n", b"2 M1d\n", b"2 Mffffffffffffffffff\n", b"2 M-1e\n", &[0; 9000]]
    {
        assert_eq!(of(&[start, &good]), Some((0, DboxDamageKind::Header)), "{start:?}");
    }
    assert_eq!(of(&[START, &good, b"From someone, who wrote over it\n"]), Some((end, DboxDamageKind::Magic)));
    let mut odd = good.clone();
    odd[20] = b'x';
    assert_eq!(of(&[START, &good, &odd]), Some((end, DboxDamageKind::Magic)));
    odd[13..29].fill(b'f');
    assert_eq!(of(&[START, &good, &odd]), Some((end, DboxDamageKind::Truncated)));
    let mut odd = good.clone();
    odd[33] = b'!';
    assert_eq!(of(&[START, &good, &odd]), Some((end + 33, DboxDamageKind::Magic)));
    let endless = [&good[..37], &vec![b'Q'; 3 << 20]].concat();
    assert_eq!(of(&[START, &good, &endless]), Some((end, DboxDamageKind::EndlessMetadata)));
}

#[test]
fn bodies_are_not_read() {
    struct Counted<'a>(&'a [u8], &'a std::cell::Cell<usize>);
    impl ReadAt for Counted<'_> {
        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            self.1.set(self.1.get() + buffer.len());
            self.0.read_at(buffer, offset)
        }
    }
    let file = [START, &message(&vec![b'a'; 1 << 20], "R1\n"), &message(&vec![b'b'; 1 << 20], "R2\n")].concat();
    let read = std::cell::Cell::new(0);
    assert_eq!(DboxMessages::new(Counted(&file, &read), file.len() as u64).count(), 2);
    assert!(read.get() <= 3 * WINDOW, "{} bytes were read", read.get());
}

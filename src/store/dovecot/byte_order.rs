//! Numbers in the byte order of the machine that wrote the index.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    #[default]
    Little,
    Big,
}

impl ByteOrder {
    /// From a header's compatibility flags.
    pub(crate) fn from_flags(flags: u8) -> ByteOrder {
        if flags & 1 == 0 { ByteOrder::Big } else { ByteOrder::Little }
    }

    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        Some(self.number(bytes.get(at..at.checked_add(2)?)?) as u16)
    }

    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        Some(self.number(bytes.get(at..at.checked_add(4)?)?) as u32)
    }

    /// At most eight bytes.
    pub(crate) fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        match self {
            ByteOrder::Little => bytes.iter().rev().fold(0, add),
            ByteOrder::Big => bytes.iter().fold(0, add),
        }
    }

    /// At most eight bytes.
    pub(crate) fn fill(self, bytes: &mut [u8], number: u64) {
        let little = number.to_le_bytes();
        match self {
            ByteOrder::Little => bytes.iter_mut().zip(little).for_each(|(to, from)| *to = from),
            ByteOrder::Big => bytes.iter_mut().rev().zip(little).for_each(|(to, from)| *to = from),
        }
    }
}

pub(super) fn align(position: usize, to: usize) -> usize {
    position.saturating_add(to - 1) & !(to - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_in_both_orders() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(ByteOrder::Little.u16(&bytes, 1), Some(0x0302));
        assert_eq!(ByteOrder::Big.u16(&bytes, 1), Some(0x0203));
        assert_eq!(ByteOrder::Little.u32(&bytes, 4), Some(0x0807_0605));
        assert_eq!((ByteOrder::Big.u32(&bytes, 5), ByteOrder::Big.u32(&bytes, usize::MAX)), (None, None));
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let mut filled = [0; 3];
            order.fill(&mut filled, 0x01_02_03);
            assert_eq!(order.number(&filled), 0x01_02_03);
        }
        assert_eq!((ByteOrder::from_flags(1), ByteOrder::from_flags(0)), (ByteOrder::Little, ByteOrder::Big));
    }

    #[test]
    fn sizes_are_aligned_upwards() {
        assert_eq!([0, 1, 7, 8, 9].map(|at| align(at, 8)), [0, 8, 8, 8, 16]);
        assert_eq!(align(usize::MAX, 8), usize::MAX - 7);
    }
}

//! Numbers in Dovecot's index files: in the byte order of the machine that wrote them.

/// A byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// The least significant byte comes first.
    #[default]
    Little,
    /// The most significant byte comes first.
    Big,
}

impl Order {
    /// The order that a header's compatibility flags tell.
    pub(crate) fn of(flags: u8) -> Order {
        if flags & 1 == 0 { Order::Big } else { Order::Little }
    }

    /// Two bytes at a position, if they are there.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = array(bytes, at)?;
        Some(if self == Order::Big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    /// Four bytes at a position, if they are there.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = array(bytes, at)?;
        Some(if self == Order::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Eight bytes at a position, if they are there.
    pub(crate) fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let bytes = array(bytes, at)?;
        Some(if self == Order::Big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// The number that fills all of these bytes, at most eight.
    pub(crate) fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        match self {
            Order::Little => bytes.iter().rev().fold(0, add),
            Order::Big => bytes.iter().fold(0, add),
        }
    }

    /// Fills the bytes, at most eight, with a number.
    pub(crate) fn fill(self, bytes: &mut [u8], number: u64) {
        let little = number.to_le_bytes();
        match self {
            Order::Little => bytes.iter_mut().zip(little).for_each(|(to, from)| *to = from),
            Order::Big => bytes.iter_mut().rev().zip(little).for_each(|(to, from)| *to = from),
        }
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The next multiple of a power of two.
pub(super) fn align(position: usize, to: usize) -> usize {
    position.saturating_add(to - 1) & !(to - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_orders() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(Order::Little.u16(&bytes, 1), Some(0x0302));
        assert_eq!(Order::Big.u16(&bytes, 1), Some(0x0203));
        assert_eq!(Order::Little.u32(&bytes, 4), Some(0x0807_0605));
        assert_eq!(Order::Big.u64(&bytes, 0), Some(0x0102_0304_0506_0708));
        assert_eq!((Order::Big.u32(&bytes, 5), Order::Big.u32(&bytes, usize::MAX)), (None, None));
        for order in [Order::Little, Order::Big] {
            let mut filled = [0; 3];
            order.fill(&mut filled, 0x01_02_03);
            assert_eq!(order.number(&filled), 0x01_02_03);
        }
        assert_eq!((Order::of(1), Order::of(0)), (Order::Little, Order::Big));
    }

    #[test]
    fn alignment() {
        assert_eq!([0, 1, 7, 8, 9].map(|at| align(at, 8)), [0, 8, 8, 8, 16]);
        assert_eq!(align(usize::MAX, 8), usize::MAX - 7);
    }
}

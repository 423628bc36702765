//! What can we do?

use super::Section;
use crate::report::{Report, Subject};

pub(super) fn section<'a>(_report: &'a Report, _subject: &'a Subject) -> Option<Section<'a>> {
    None
}

//! The pictures of a report.

use serde::Serialize;

use super::chart::ChartKind;
use super::mail;

/// A picture of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// The kind of figure.
    #[serde(rename = "of")]
    pub kind: ChartKind,
    /// The alternative text; printable.
    pub description: String,
    /// The drawn figure.
    #[serde(flatten)]
    pub drawing: Drawing,
}

/// A drawn figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Drawing {
    /// For an HTML page.
    Svg {
        /// For a screen.
        wide: String,
        /// For a phone and for half a sheet.
        narrow: String,
    },
    /// A part of a mail.
    Png(mail::MailPicture),
}

impl Picture {
    /// The part of a mail; `None` if the picture is for a page.
    pub fn png(&self) -> Option<&mail::MailPicture> {
        match &self.drawing {
            Drawing::Svg { .. } => None,
            Drawing::Png(picture) => Some(picture),
        }
    }
}

/// The pictures of one kind.
pub(crate) fn of_kind(pictures: &[Picture], kind: ChartKind) -> impl Iterator<Item = &Picture> {
    pictures.iter().filter(move |picture| picture.kind == kind)
}

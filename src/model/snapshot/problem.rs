//! Problems of a scan.

use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

/// A file or directory that could not be read or was left out.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Problem {
    /// The path as text without loss.
    pub path: String,
    /// The kind.
    pub kind: ProblemKind,
    /// The cause in words.
    pub detail: String,
}

/// The kind of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProblemKind {
    /// The scanner lacks the permission.
    PermissionDenied,
    /// Another file system is mounted there and was left out on purpose.
    OtherFilesystem,
    /// Reading failed.
    ReadError,
    /// The file is truncated or has unexpected content.
    Damaged,
    /// The version of the format is unknown.
    UnknownVersion,
    /// A symbolic link to mail outside of the store was left out on purpose.
    NotFollowed,
    /// A pipe, a socket or a device in place of a message.
    SpecialFile,
}

impl ProblemKind {
    /// All kinds.
    pub const ALL: [ProblemKind; 7] = [
        ProblemKind::PermissionDenied,
        ProblemKind::OtherFilesystem,
        ProblemKind::ReadError,
        ProblemKind::Damaged,
        ProblemKind::UnknownVersion,
        ProblemKind::NotFollowed,
        ProblemKind::SpecialFile,
    ];

    /// Whether bytes are missing from the snapshot. The bytes of damaged files count, but their messages may be miscounted.
    pub fn is_loss(self) -> bool {
        matches!(self, ProblemKind::PermissionDenied | ProblemKind::ReadError)
    }

    /// Whether messages may be miscounted.
    pub fn is_damage(self) -> bool {
        matches!(self, ProblemKind::Damaged | ProblemKind::UnknownVersion | ProblemKind::SpecialFile)
    }

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

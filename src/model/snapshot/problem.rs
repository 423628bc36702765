//! What a scan could not read, or left out.

use serde::Serialize;

/// What could not be read, or was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, as text without loss.
    pub path: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// The cause in words.
    pub detail: String,
}

/// What kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The scanner may not read it.
    PermissionDenied,
    /// Another file system is mounted there; it was left out on purpose.
    OtherFilesystem,
    /// Reading failed.
    ReadError,
    /// It is cut, or does not hold what its place promises.
    Damaged,
    /// It is of a version that this program does not know.
    UnknownVersion,
    /// A symbolic link leads to mail outside the store; it was left out on purpose.
    NotFollowed,
    /// A pipe, a socket or a device stands where a message belongs.
    SpecialFile,
}

impl ProblemKind {
    /// All of them.
    pub const ALL: [ProblemKind; 7] = [
        ProblemKind::PermissionDenied,
        ProblemKind::OtherFilesystem,
        ProblemKind::ReadError,
        ProblemKind::Damaged,
        ProblemKind::UnknownVersion,
        ProblemKind::NotFollowed,
        ProblemKind::SpecialFile,
    ];

    /// Whether bytes are missing from the snapshot because of the problem. What is damaged has its bytes counted, and
    /// only its messages may be more or fewer.
    pub fn is_loss(self) -> bool {
        matches!(self, ProblemKind::PermissionDenied | ProblemKind::ReadError)
    }

    /// Whether messages may be miscounted because of the problem.
    pub fn is_damage(self) -> bool {
        matches!(self, ProblemKind::Damaged | ProblemKind::UnknownVersion | ProblemKind::SpecialFile)
    }

    /// The kind as JSON and the history call it.
    pub fn word(self) -> &'static str {
        match self {
            ProblemKind::PermissionDenied => "permission_denied",
            ProblemKind::OtherFilesystem => "other_filesystem",
            ProblemKind::ReadError => "read_error",
            ProblemKind::Damaged => "damaged",
            ProblemKind::UnknownVersion => "unknown_version",
            ProblemKind::NotFollowed => "not_followed",
            ProblemKind::SpecialFile => "special_file",
        }
    }
}

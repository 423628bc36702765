//! The special use of a folder (RFC 6154), guessed from its name.

use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

/// The special use of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SpecialUse {
    /// New mail.
    Inbox,
    /// Copies of sent mail.
    Sent,
    /// Deleted mail.
    Trash,
    /// Unwanted mail.
    Junk,
    /// Mail kept out of the way.
    Archive,
    /// Unfinished messages.
    Drafts,
}

/// Names that mail programs and servers give to such folders, in lower case.
const NAMES: [(SpecialUse, &str); 5] = [
    (
        SpecialUse::Sent,
        "sent, sent items, sent messages, sent mail, sent-mail, sent_mail, gesendet, gesendete objekte, \
         gesendete elemente, envoyés, éléments envoyés, enviados, inviati, posta inviata, verzonden, verzonden items, \
         wysłane, отправленные",
    ),
    (
        SpecialUse::Trash,
        "trash, deleted, deleted items, deleted messages, papierkorb, gelöscht, gelöschte objekte, gelöschte elemente, \
         corbeille, éléments supprimés, papelera, cestino, prullenbak, kosz, удалённые, удаленные, корзина",
    ),
    (
        SpecialUse::Junk,
        "junk, junk e-mail, junk email, junk mail, spam, bulk mail, spambucket, unerwünscht, courrier indésirable, \
         indésirables, correo no deseado, posta indesiderata, ongewenst, wiadomości-śmieci, спам",
    ),
    (SpecialUse::Archive, "archive, archives, archiv, archivo, archivio, archief, archiwum, архив"),
    (
        SpecialUse::Drafts,
        "drafts, draft, entwürfe, brouillons, borradores, bozze, concepten, kopie robocze, szkice, черновики",
    ),
];

impl SpecialUse {
    /// All special uses.
    pub const ALL: [SpecialUse; 6] = [
        SpecialUse::Inbox,
        SpecialUse::Sent,
        SpecialUse::Trash,
        SpecialUse::Junk,
        SpecialUse::Archive,
        SpecialUse::Drafts,
    ];

    /// Guesses from a folder's decoded name: `INBOX/Trash` is a trash folder too, `Archive/2023` an archive, and
    /// `Old/Sent` an ordinary folder.
    pub fn guess(name: &str) -> Option<SpecialUse> {
        if name.eq_ignore_ascii_case("INBOX") {
            return Some(SpecialUse::Inbox);
        }
        let name = name.to_lowercase();
        let below_inbox = name.strip_prefix("inbox/").unwrap_or(&name);
        let top = below_inbox.split('/').next().unwrap_or_default();
        NAMES.into_iter().find(|(_, names)| names.split(", ").any(|name| name == top)).map(|(special, _)| special)
    }

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_use_is_guessed_from_usual_names() {
        for (name, special) in [
            ("INBOX", Some(SpecialUse::Inbox)),
            ("Inbox", Some(SpecialUse::Inbox)),
            ("Sent Items", Some(SpecialUse::Sent)),
            ("INBOX/Trash", Some(SpecialUse::Trash)),
            ("Archive/2023/01", Some(SpecialUse::Archive)),
            ("Entwürfe", Some(SpecialUse::Drafts)),
            ("Спам", Some(SpecialUse::Junk)),
            ("Old/Sent", None),
            ("Sentinel", None),
            ("", None),
        ] {
            assert_eq!(SpecialUse::guess(name), special, "{name}");
        }
    }

    #[test]
    fn words_match_json() {
        for special in SpecialUse::ALL {
            assert_eq!(serde_json::to_string(&special).unwrap(), format!("\"{}\"", special.word()));
        }
    }
}

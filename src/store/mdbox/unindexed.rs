//! Mail that the indexes do not assign to a folder.

use super::MdboxReader;
use crate::model::snapshot::ProblemKind;
use crate::store::dbox;
use crate::store::dovecot::map::MailMap;
use crate::store::reader::{FolderId, Sink};

impl MdboxReader {
    /// Reports mail that no index shows although a folder may: in its folder of first saving, or in the only
    /// folder without a usable index.
    pub(crate) fn count_unindexed(&mut self, map: Option<&MailMap>, is_whole: bool, sink: &mut dyn Sink) {
        if is_whole {
            return;
        }
        let is_map_whole = map.is_some_and(|map| map.damages.is_empty());
        let silent = self.indexed.iter().filter(|(_, is_whole)| !**is_whole && is_map_whole);
        let silent: Vec<FolderId> = silent.map(|(folder, _)| *folder).collect();
        let mut guessed = 0u64;
        for mail in &mut self.mails.list {
            let may_be_shown = mail.references.map_or(!is_map_whole, |references| references > 0);
            if mail.is_shown || !may_be_shown {
                continue;
            }
            let origin = mail.origin.and_then(|origin| self.mails.origins.get(origin as usize));
            let folder = match (silent.as_slice(), origin) {
                ([only], _) => *only,
                (_, Some(name)) => dbox::folder_named(name, sink),
                (_, None) => dbox::inbox(sink),
            };
            // A folder with a good index would have shown it.
            let folder = silent.first().filter(|_| silent.binary_search(&folder).is_err()).copied().unwrap_or(folder);
            sink.message(folder, &mail.message());
            mail.is_shown = true;
            guessed += 1;
        }
        if guessed > 0 {
            let path = self.storages.first().map(|(_, _, path)| path.clone()).unwrap_or_default();
            let detail = format!(
                "approximate: {guessed} messages are counted in the folders to which they were first saved, as the indexes \
                 do not tell where they are now; those that wait for a purge may be among them"
            );
            sink.problem(&path, ProblemKind::Damaged, &detail);
        }
    }
}

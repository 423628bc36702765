//! The changes that these tests make to stores.

mod folders;
mod links;
mod mailboxes;
mod messages;
mod other_files;

use super::changing_store::ChangingStore;

/// A random change, or `None` if it is not possible; returns the changed path.
pub type Change = fn(&mut ChangingStore) -> Option<String>;

/// All changes, by name.
pub const CHANGES: [(&str, Change); 48] = [
    ("a delivery", messages::delivery),
    ("many deliveries", messages::many_deliveries),
    ("a message restored with its time", messages::put_back),
    ("a message seen", messages::first_look),
    ("other flags", messages::other_flags),
    ("a mark of deletion", messages::mark_of_deletion),
    ("an expunge", messages::expunge),
    ("an expunge of all", messages::expunge_of_all),
    ("a message moved", messages::moved),
    ("a message compressed in its place", messages::compressed),
    ("a link in the same folder", links::in_the_same_folder),
    ("a link with other flags", links::with_other_flags),
    ("a link in another folder", links::in_another_folder),
    ("a link in another mailbox", links::in_another_mailbox),
    ("a link outside of mailboxes", links::outside_of_mailboxes),
    ("a link outside of the store", links::outside_of_the_store),
    ("a name of several gone", links::one_of_several_gone),
    ("a name outside of mailboxes gone", links::gone_outside_of_mailboxes),
    ("a name outside of the store gone", links::gone_outside_of_the_store),
    ("a folder made", folders::made),
    ("a folder deleted", folders::deleted),
    ("a folder renamed", folders::renamed),
    ("a folder put back with its times", folders::put_back),
    ("a folder put back without its times", folders::put_back_without_times),
    ("cur replaced", folders::cur_replaced),
    ("cur replaced by one of the same time", folders::cur_replaced_by_one_of_the_same_time),
    ("cur and new swapped", folders::cur_and_new_swapped),
    ("tmp lost", folders::tmp_lost),
    ("tmp made again", folders::tmp_made_again),
    ("a mailbox made", mailboxes::made),
    ("a mailbox deleted", mailboxes::deleted),
    ("a mailbox renamed", mailboxes::renamed),
    ("two mailboxes swapped", mailboxes::swapped),
    ("a mailbox put back with its times", mailboxes::put_back),
    ("a domain renamed", mailboxes::domain_renamed),
    ("a file of Dovecot's grown", other_files::grown),
    ("an index replaced", other_files::index_replaced),
    ("an orphan in tmp", other_files::orphan_in_tmp),
    ("a control file", other_files::control_file),
    ("a file in no mailbox grown", other_files::grown_in_no_mailbox),
    ("a dot file in cur", other_files::dot_file_in_cur),
    ("a symbolic link in cur", other_files::symbolic_link_in_cur),
    ("a file in a directory in cur", other_files::file_in_a_directory_in_cur),
    ("an mbox grown", other_files::mbox_grown),
    ("a message in MH", other_files::message_in_mh),
    ("a message in sdbox", other_files::message_in_sdbox),
    ("a message in Cyrus", other_files::message_in_cyrus),
    ("a letter in mdbox", other_files::letter_in_mdbox),
];

//! Recipients whose own mailbox is on a store that the report warns of.

use super::Address;

/// A recipient whose mailbox is on a store of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMailbox<'a> {
    /// The recipient.
    pub recipient: &'a Address,
    /// The store with the mailbox.
    pub store: &'a str,
}

/// The recipients whose mailbox is on a store: when it is full, no warning reaches them.
///
/// `hosts` are the scanned machines, and `mailboxes` are stores with the addresses of their mailboxes. Case does not
/// matter, users without a domain belong to the machines, and `+detail` is ignored. A recipient appears once for each
/// store, in the given order.
pub fn own_mailboxes<'a>(
    recipients: &'a [Address],
    hosts: &[String],
    mailboxes: impl IntoIterator<Item = (&'a str, String)>,
) -> Vec<OwnMailbox<'a>> {
    let hosts: Vec<String> = hosts.iter().map(|host| host.to_lowercase()).collect();
    let mailboxes: Vec<(&str, String)> =
        mailboxes.into_iter().map(|(store, address)| (store, address.to_lowercase())).collect();
    let mut own = Vec::new();
    for recipient in recipients {
        let wanted = recipient.mailbox().to_lowercase();
        let (wanted_user, wanted_domain) = place(&wanted, &hosts);
        for (store, address) in &mailboxes {
            let (user, domain) = place(address, &hosts);
            let is_user = user == wanted_user || Some(user) == wanted_user.split('+').next();
            let found = OwnMailbox { recipient, store };
            if is_user && domain == wanted_domain && !own.contains(&found) {
                own.push(found);
            }
        }
    }
    own
}

/// The user and the domain of an address in lower case; no domain for a user of the machines.
fn place<'a>(address: &'a str, hosts: &[String]) -> (&'a str, Option<&'a str>) {
    match address.rsplit_once('@') {
        Some((user, domain)) => (user, Some(domain).filter(|domain| !is_here(domain, hosts))),
        None => (address, None),
    }
}

/// Whether a domain is the full or the short name of a machine.
fn is_here(domain: &str, hosts: &[String]) -> bool {
    let first = domain.split('.').next();
    domain == "localhost" || hosts.iter().any(|host| host == domain || Some(host.as_str()) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recipients that have one of the mailboxes, each with its store.
    fn found(recipients: &[&str], mailboxes: &[(&str, &str)]) -> Vec<String> {
        let recipients: Vec<Address> = recipients.iter().map(|text| text.parse().unwrap()).collect();
        let mailboxes = mailboxes.iter().map(|(store, address)| (*store, (*address).to_owned()));
        let hosts = ["mail01.example.org".to_owned(), "MX2".to_owned()];
        let own = own_mailboxes(&recipients, &hosts, mailboxes);
        own.iter().map(|own| format!("{} on {}", own.recipient, own.store)).collect()
    }

    #[test]
    fn a_recipient_is_named_once_for_each_store() {
        let mailboxes = [("vmail", "ann@example.org"), ("vmail", "Bob@Example.ORG"), ("archive", "ann@example.org")];
        let recipients = ["BOB@example.org", "carl@example.org", "Ann <ann@EXAMPLE.org>"];
        let expected =
            ["BOB@example.org on vmail", "Ann <ann@EXAMPLE.org> on vmail", "Ann <ann@EXAMPLE.org> on archive"];
        assert_eq!(found(&recipients, &[mailboxes.as_slice(), &mailboxes].concat()), expected);
    }

    #[test]
    fn another_domain_or_user_does_not_match() {
        let mailboxes = [("vmail", "ann@example.org"), ("vmail", "root@example.org"), ("home", "bob")];
        for recipient in ["ann@example.net", "an@example.org", "ann", "root", "bob@example.org", "bob@mx2x"] {
            assert_eq!(found(&[recipient], &mailboxes), [""; 0], "{recipient}");
        }
    }

    #[test]
    fn local_users_match_the_host_names() {
        for recipient in ["root", "root@mail01.example.org", "ROOT@localhost", "root@mx2", "root@mx2.example.net"] {
            assert_eq!(found(&[recipient], &[("home", "root")]), [format!("{recipient} on home")]);
            assert_eq!(found(&[recipient], &[("vmail", "root@Mail01.example.org")]), [format!("{recipient} on vmail")]);
        }
    }

    #[test]
    fn a_plus_suffix_is_ignored() {
        assert_eq!(found(&["ann+runway@example.org"], &[("vmail", "ann@example.org")]).len(), 1);
        assert_eq!(found(&["ann+runway@example.org"], &[("vmail", "ann+runway@example.org")]).len(), 1);
        assert_eq!(found(&["ann@example.org"], &[("vmail", "ann+runway@example.org")]), [""; 0]);
    }
}

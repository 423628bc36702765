//! What a series belongs to.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

/// What a series belongs to. Unlike its name, this does not depend on what else the history has.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A table, in which the series has a name and nothing else.
    #[default]
    Table,
    /// A volume.
    Volume {
        /// The machine.
        host: Arc<str>,
        /// The mount point.
        mount: Arc<str>,
    },
    /// A store with a limit.
    Store {
        /// The machine.
        host: Arc<str>,
        /// The store.
        store: Arc<str>,
    },
    /// A mailbox with a quota.
    Quota {
        /// The machine.
        host: Arc<str>,
        /// The store.
        store: Arc<str>,
        /// The address.
        mailbox: Arc<str>,
    },
}

/// The kind of what a series belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, strum_macros::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A volume.
    Volume,
    /// A store with a limit.
    Store,
    /// A mailbox with a quota.
    Quota,
    /// A series of a table.
    Table,
}

impl Kind {
    /// The word in JSON and labels.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The fields of an identity. They never change with what else is in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct IdentityFields<'a> {
    /// The machine; left out for a series of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<&'a str>,
    /// What it is.
    pub kind: Kind,
    /// The mount point, store, address, or name in the table.
    pub name: &'a str,
    /// The mount point; of a volume only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount: Option<&'a str>,
    /// The store, or that of the mailbox; of a store or quota only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<&'a str>,
    /// The address; of a quota only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<&'a str>,
}

impl Identity {
    /// The identity of a volume.
    pub fn volume(host: &str, mount: &str) -> Identity {
        Identity::Volume { host: host.into(), mount: mount.into() }
    }

    /// The identity of a store with a limit.
    pub fn store(host: &str, store: &str) -> Identity {
        Identity::Store { host: host.into(), store: store.into() }
    }

    /// Its fields; `series` is the name in a table.
    pub fn fields<'a>(&'a self, series: &'a str) -> IdentityFields<'a> {
        let of = |host: Option<&'a str>, kind, name| IdentityFields {
            host,
            kind,
            name,
            mount: None,
            store: None,
            mailbox: None,
        };
        match self {
            Identity::Table => of(None, Kind::Table, series),
            Identity::Volume { host, mount } => {
                IdentityFields { mount: Some(mount), ..of(Some(host), Kind::Volume, mount) }
            }
            Identity::Store { host, store } => {
                IdentityFields { store: Some(store), ..of(Some(host), Kind::Store, store) }
            }
            Identity::Quota { host, store, mailbox } => {
                IdentityFields { store: Some(store), mailbox: Some(mailbox), ..of(Some(host), Kind::Quota, mailbox) }
            }
        }
    }

    /// The host and the mount point of a volume.
    pub fn as_volume(&self) -> Option<(&str, &str)> {
        match self {
            Identity::Volume { host, mount } => Some((host, mount)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_those_that_apply() {
        let json = |identity: Identity| serde_json::to_string(&identity.fields("s")).unwrap();
        assert_eq!(json(Identity::Table), r#"{"kind":"table","name":"s"}"#);
        let volume = r#"{"host":"mail01","kind":"volume","name":"/var","mount":"/var"}"#;
        assert_eq!(json(Identity::volume("mail01", "/var")), volume);
        let quota = Identity::Quota { host: "mail01".into(), store: "vmail".into(), mailbox: "ann@example.org".into() };
        let expected =
            r#"{"host":"mail01","kind":"quota","name":"ann@example.org","store":"vmail","mailbox":"ann@example.org"}"#;
        assert_eq!(json(quota), expected);
    }
}

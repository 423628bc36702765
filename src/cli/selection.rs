//! The stores that a command is about.

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct Selection {
    /// Stores or mount points [default: all]
    #[arg(value_name = "STORE")]
    stores: Vec<String>,
    /// The same as STORE
    #[arg(long, value_name = "STORE")]
    store: Vec<String>,
}

impl Selection {
    /// The chosen names; none for all.
    pub(crate) fn names(&self) -> Vec<String> {
        [self.stores.as_slice(), &self.store].concat()
    }
}

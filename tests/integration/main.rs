//! The integration tests: the program as its users and the mail servers meet it, and the library by its public functions.

/// Test helpers: a machine of its own for each test, stores of each format, private mail servers, and a browser.
mod support {
    pub mod account;
    pub mod base64;
    pub mod browser;
    pub mod clock;
    pub mod command_outcome;
    pub mod cyrus;
    pub mod cyrus_files;
    pub mod daemon;
    pub mod dbox;
    pub mod delivery_agents;
    pub mod dovecot;
    pub mod dovecot_agreement;
    pub mod dovecot_index_log;
    pub mod files_on_disk;
    pub mod hostile_names;
    pub mod imap;
    pub mod imap_append;
    pub mod lmtp;
    pub mod machine;
    pub mod maildir;
    pub mod messages;
    pub mod mondays;
    pub mod nmh;
    pub mod page;
    pub mod postfix;
    pub mod rescan;
    pub mod run_command;
    pub mod samples;
    pub mod scan_result;
    pub mod server_home;
    pub mod system_calls;
    pub mod volume;
}

/// The rooms of `src/`, and which may use which.
mod architecture;

/// Input that is refused: the message names the problem, the place and the remedy, and nothing is changed.
mod bad_input {
    mod damage;
    mod files;
    mod full_disk;
    mod full_volume;
    mod history;
    mod hostile_names;
    mod planted;
    mod races;
    mod store;
    mod tables;
    mod whatif;
    mod window;
}

/// Results of the commands: scans, forecasts, charts, reports, scenarios and windows.
mod commands {
    mod ages;
    mod backtest;
    mod chart_files;
    mod check;
    mod compaction;
    mod config;
    mod confined_scans;
    mod crashes;
    mod cron;
    mod declared_events;
    mod doubtful_scans;
    mod exports;
    mod extreme_sizes;
    mod failed_syncs;
    mod first_use;
    mod forecast_record;
    mod history;
    mod history_directory;
    mod import_tools;
    mod imports;
    mod looking_back;
    mod mailbox_tables;
    mod metrics;
    mod metrics_collected;
    mod monitoring_core;
    mod one_answer;
    mod output_files;
    mod precedence;
    mod pseudonyms;
    mod quotas;
    mod removal;
    mod report_recipients;
    mod schemas;
    mod series_tables;
    mod shared_pool;
    mod streams;
    mod terminal;
    mod totals;
    mod valid_json;
    mod weekly_scans;
    mod whatif;
    mod window;
}

/// Stores filled by Cyrus: a scan agrees with the server.
mod cyrus {
    mod agreement;
    mod damaged_folders;
    mod layouts;
    mod search_indexes;
    mod user_activity;
}

/// Mail delivered by Postfix, nmh, maildrop and procmail: a scan agrees with them.
mod delivery {
    mod maildrop_procmail;
    mod mh;
    mod postfix_queue;
}

/// Stores filled by Dovecot: a scan agrees with the server.
mod dovecot {
    mod attachments;
    mod bulk_arrivals;
    mod concurrent_activity;
    pub mod expected;
    mod folder_names;
    mod maildir;
    mod mbox;
    mod mdbox;
    mod plugin_files;
    mod retention;
    mod sdbox;
    mod separate_trees;
    mod user_activity;
}

/// Stores written by hand: every format, lookalikes, damaged files, and owners.
mod formats {
    mod ambiguous_paths;
    mod damaged_files;
    mod default_owners;
    mod explain;
    mod hostile_names;
    mod large_directories;
    mod lookalikes;
    mod maintenance;
    mod minimal_stores;
    mod mixed_formats;
    mod opened_files;
    mod other_servers;
    mod owner_templates;
    mod separate_trees;
    mod special_files;
}

/// The committed help.
mod help;

/// Properties of every series and snapshot, on cases that proptest generates.
mod properties {
    mod distribution;
    mod extreme_series;
    mod growth_splits;
    mod hostile_names;
    mod invariance;
    mod monotonicity;
    mod outliers;
    mod series;
    mod snapshots;
    mod whatif;
    mod window;
}

/// A report reaches its reader and can be read: a real mail server, mailbox and browser.
mod report_mail {
    mod delivery;
    mod hostile_names;
    mod mime_structure;
    mod page_layout;
}

/// Scans that use the cache of the last one: they agree with a full scan, whatever changed in between.
mod rescan {
    mod audit;
    mod cache_hits;
    mod cache_probe;
    mod changes;
    mod changing_store;
    mod damaged_cache;
    mod equals_full_scan;
    mod hard_links;
    mod interrupted;
    mod names_only;
    mod restores;
}

/// The history in `data/`.
mod sample_history;

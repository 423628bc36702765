//! Examples and exit statuses of each command, for its help and its manual page.

/// What a command's help and manual page say beside its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notes {
    /// What is asked, and the lines for a shell.
    pub examples: &'static [(&'static str, &'static str)],
    /// What the exit status means, if more than success, failure and wrong usage.
    pub exit_status: Option<&'static str>,
}

const NONE: Notes = Notes { examples: &[], exit_status: None };

const fn examples(examples: &'static [(&'static str, &'static str)]) -> Notes {
    Notes { examples, ..NONE }
}

/// The notes of a command by its words, such as `history list`.
pub(crate) fn of(command: &str) -> Notes {
    match command {
        "" => examples(&[
            ("See what it does, on a store that it makes up", "mailrunway demo"),
            ("Scan a store, then ask when its volume is full", "mailrunway scan /var/vmail\nmailrunway forecast"),
            ("Every week, as a page", "mailrunway report -o report.html"),
        ]),
        "scan" => Notes {
            exit_status: Some(
                "0 when the snapshot is saved, even if a place could not be read, unless --strict is given; 1 for a \
                 failure; 2 for a usage error; 128 and the signal's number when a signal stopped it.",
            ),
            ..examples(&[
                ("One directory", "mailrunway scan /var/vmail"),
                ("All stores of the settings, from cron, without getting in the way", "mailrunway -q scan --idle"),
                ("How a path is recognised", "mailrunway scan --explain /var/vmail/example.org/ann"),
            ])
        },
        "forecast" => examples(&[
            ("Everything in the history", "mailrunway forecast"),
            ("One volume, for a program", "mailrunway forecast /var/vmail --format json"),
            ("The level on two days", "mailrunway forecast vmail --at 2027-01-01,2027-07-01"),
            ("A table of any series", "mailrunway forecast --input levels.csv"),
        ]),
        "chart" => examples(&[
            ("The volume that is full first", "mailrunway chart -o runway.png"),
            (
                "Who grows, small enough for a mail",
                "mailrunway chart vmail --kind domains --size 800x450 -o domains.png",
            ),
            ("A picture for each series", "mkdir charts\nmailrunway chart -o charts"),
        ]),
        "report" => Notes {
            exit_status: Some(
                "0 when done, 1 for a failure, 2 for a usage error; with --exit-status, 4 when no report is due.",
            ),
            ..examples(&[
                ("A page for a browser", "mailrunway report -o report.html"),
                (
                    "A mail, every week by cron",
                    "mailrunway report --format mail --to you@example.org |\n  sendmail -t -oi",
                ),
                (
                    "A mail, only when something is wrong",
                    "mailrunway report --when warning --exit-status -o /run/runway.eml &&\n  \
                     sendmail -t -oi </run/runway.eml",
                ),
            ])
        },
        "check" => Notes {
            exit_status: Some("0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, also for usage errors."),
            ..examples(&[
                ("All series of the history", "mailrunway check"),
                ("One volume, with thresholds of its own", "mailrunway check /var/vmail -w 120d -c 45d"),
                ("By the share in use too", "mailrunway check --used-warning 80% --used-critical 90%"),
            ])
        },
        "metrics" => examples(&[(
            "For the textfile collector of node_exporter, after each scan",
            "cd /var/lib/prometheus/node-exporter\nmailrunway metrics -o mailrunway.prom",
        )]),
        "whatif" => examples(&[
            ("More disk, or a retention rule", "mailrunway whatif add=4TiB@2027-02-01 retain=Trash:30d"),
            ("Several changes at once, drawn", "mailrunway whatif add=2TiB,growth=+20% -o whatif.png"),
        ]),
        "window" => Notes {
            exit_status: Some("0 for GO, 1 for NO-GO or a failure, 2 for a usage error."),
            ..examples(&[
                (
                    "An update that rebuilds indexes, and room to roll it back",
                    "mailrunway window --at 2026-12-06T22:00 --for 4h \\\n  --needs index-rebuild,50GiB --rollback",
                ),
                (
                    "A backup onto another volume",
                    "mailrunway window --at 2026-12-06T22:00 --for 8h \\\n  --needs backup --backup-to /backup",
                ),
            ])
        },
        "backtest" => examples(&[
            ("On your own history", "mailrunway backtest"),
            ("Forecasts of the last half year, each week", "mailrunway backtest vmail --every 1w --last 26w"),
        ]),
        "history list" => examples(&[("All snapshots", "mailrunway history list")]),
        "history show" => examples(&[("The last snapshot before a day", "mailrunway history show 2026-11-01")]),
        "history verify" => Notes {
            exit_status: Some("0 if every file is whole, 1 if one is damaged or for a failure, 2 for a usage error."),
            ..examples(&[("All files of the history", "mailrunway history verify")])
        },
        "history remove" => examples(&[
            ("A store that is gone: what would be removed", "mailrunway history remove old --dry-run"),
            ("A machine, with all its snapshots", "mailrunway history remove mail02:"),
        ]),
        "history prune" => examples(&[(
            "Two months of nights and five years of weeks",
            "mailrunway history prune --keep-daily 60 --keep-weekly 260",
        )]),
        "history compact" => examples(&[
            ("What would be done", "mailrunway history compact --dry-run"),
            ("With two years of nights", "mailrunway history compact --nights 2y"),
        ]),
        "history names" => examples(&[("Who is behind a pseudonym", "mailrunway history names user-qm4vd2k7xw3a")]),
        "history event add" => examples(&[
            (
                "A migration that is not growth",
                "mailrunway history event add vmail --date 2026-09-02 \\\n  --kind import --size 2TiB",
            ),
            (
                "A larger disk in January",
                "mailrunway history event add /var/vmail --date 2027-01-15 \\\n  --kind capacity --size +4TiB",
            ),
        ]),
        "history event list" => examples(&[("All events", "mailrunway history event list")]),
        "history event remove" => examples(&[("The event with the number 3", "mailrunway history event remove 3")]),
        "import csv" => examples(&[
            (
                "A table as Grafana exports it",
                "mailrunway import csv disk.csv --volume /var/vmail \\\n  --used-column 'mail01 used'",
            ),
            (
                "A log of df, which cron writes every night",
                "echo time,used,limit >df.csv\n\
                 df -B1 --output=used,size /var/vmail | awk -v t=$(date +%s) \\\n  \
                 'NR > 1 {print t \",\" $1 \",\" $2}' >>df.csv\n\
                 mailrunway import csv df.csv --volume /var/vmail",
            ),
        ]),
        "import prometheus" => examples(&[(
            "Three years of the node exporter's figures",
            "M='{instance=\"mail01:9100\",mountpoint=\"/var/vmail\"}'\n\
             U=\"node_filesystem_size_bytes$M - node_filesystem_free_bytes$M\"\n\
             mailrunway import prometheus --url http://prometheus:9090 \\\n  \
             --query \"$U\" --limit-query \"node_filesystem_size_bytes$M\" \\\n  \
             --from 2023-12-01 --volume /var/vmail",
        )]),
        "import rrd" => examples(&[(
            "Three years of a round-robin database",
            "rrdtool fetch df.rrd AVERAGE -s -3y |\n  mailrunway import rrd - --store vmail",
        )]),
        "import zabbix" => examples(&[(
            "An answer of history.get",
            "mailrunway import zabbix history.json \\\n  --volume /var/vmail --limit 9TiB",
        )]),
        "import list" => examples(&[("All imports", "mailrunway import list")]),
        "import remove" => examples(&[("That of a volume", "mailrunway import remove --volume /var/vmail")]),
        "export" => examples(&[
            ("A table for a spreadsheet", "mailrunway export store -o store.csv"),
            (
                "The mailboxes of one scan",
                "mailrunway export mailbox \\\n  --snapshot snapshot=20261123T040000Z_mail01",
            ),
            ("For another program", "mailrunway export filesystem --format jsonl | jq .used_bytes"),
        ]),
        "schema" => examples(&[("The fields of a line of JSON", "mailrunway schema forecast")]),
        "config init" => examples(&[
            ("Where the settings are looked for", "mailrunway config init"),
            ("Only look at the keys", "mailrunway config init -o -"),
        ]),
        "config check" => Notes {
            exit_status: Some("0 if the settings can be used, 1 if not, 2 for a usage error."),
            ..examples(&[("What is settled now", "mailrunway config check")])
        },
        "demo" => examples(&[
            ("Into mailrunway-demo/", "mailrunway demo"),
            ("Another store, of one year", "mailrunway demo small --weeks 52 --seed 7"),
        ]),
        "completions" => examples(&[(
            "For bash, until the package does it",
            "cd ~/.local/share/bash-completion/completions\nmailrunway completions bash >mailrunway",
        )]),
        "man" => examples(&[("All pages", "mkdir man\nmailrunway man man\nman ./man/mailrunway-scan.1")]),
        _ => NONE,
    }
}

# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mailrunway_global_optspecs
    string join \n c/config= history= color= q/quiet v/verbose si bytes pseudonyms key= no-names h/help V/version
end

function __fish_mailrunway_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mailrunway_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mailrunway_using_subcommand
    set -l cmd (__fish_mailrunway_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mailrunway -n "__fish_mailrunway_needs_command" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_needs_command" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -s V -l version -d 'Print version'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "scan" -d 'Scan mail stores and add a snapshot to the history'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "forecast" -d 'Forecast when volumes, inodes, stores with a limit and quotas are full'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "chart" -d 'Draw a chart as PNG or SVG'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "report" -d 'Write the weekly report'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "check" -d 'Tell a monitoring system (Nagios, Icinga) whether to alarm'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "metrics" -d 'Print figures for Prometheus, as node_exporter\'s textfile collector reads them'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "whatif" -d 'Show how a change (more disk, a retention rule, a moved domain) would move the date'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "window" -d 'Check whether there is room for maintenance work and its roll-back: GO or NO-GO'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "backtest" -d 'Score past forecasts of your own history against a straight line'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "history" -d 'List, show, verify and remove snapshots, and declare events that scans cannot know'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "import" -d 'Add the past of a volume or store from another tool, so that a forecast exists at once'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "export" -d 'Write a table of the history for other programs'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "schema" -d 'Print the JSON Schema of what a command prints with --format json'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "config" -d 'Write the settings file, or show what is settled and where from'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "demo" -d 'Generate a small store with two years of weekly scans, and forecast it'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "man" -d 'Write the manual pages, one for each command'
complete -c mailrunway -n "__fish_mailrunway_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l store -d 'Name of a store in the settings file: the same as STORE' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l name -d 'Name of the store in the history, if one directory is given [default: the directory\'s name]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l taken-at -d 'Date the snapshot back: 2026-11-23, 2026-11-23T04:00:00Z or unix seconds. The volume\'s figures are still those of now, unless the settings exclude them for the store' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l threads -d 'Directories read at the same time [default: four times the cores, at least 16; 2 on a rotating disk]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l io-limit -d 'Limit of disk operations a second [default: no limit]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l explain -d 'Show how a path is recognised, and why; takes no snapshot' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l idle -d 'Scan at the lowest CPU and disk priority'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l full -d 'Ignore the cache of earlier scans and read everything'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l names -d 'Take message sizes from file names instead of from the disk: a first look at a huge or remote store. A sample shows the error'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l strict -d 'Fail if anything could not be read or recognised; save nothing if a store may not be that of the last scan'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l force -d 'Accept a date that is years ahead, or long before the last scan'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l input -d 'Forecast a table instead of the history: CSV or Parquet with the columns series,time,used[,limit]; `-` reads CSV from standard input' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l at -d 'Dates for which to print the level; with --at, the forecast is not recorded [default: weekly to the horizon, in JSON only]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l no-record -d 'Do not record the forecast in the history, as for a user who may only read it'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand forecast" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -s o -l output -d 'A file that ends in .png or .svg, a directory for one PNG per series, or `-` for SVG on standard output' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l kind -d 'Which chart to draw' -r -f -a "runway\t'History, forecast and limit'
ages\t'Stored mail by age, now and a year ago'
domains\t'Growth by domain'
flows\t'Arrivals and deletions by week'
largest\t'The largest mailboxes and their share'
past\t'Past forecasts against the levels that followed'
calendar\t'Arrivals in each week of the year'
whatif\t'The scenarios of the settings in one chart'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l format -d 'File format, whatever the ending of the file' -r -f -a "png\t'Pixels'
svg\t'Lines and letters'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l resource -d 'Draw only this resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l input -d 'Draw a table instead of the history; see `forecast --input`' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l size -d 'Width and height in pixels' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l scale -d 'Pixel density of the PNG: 2 for a high-resolution screen' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand chart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l format -d 'Output format [default: by the ending of FILE, else text]' -r -f -a "text\t'For a terminal'
html\t'One page without other files'
markdown\t'For a wiki or a ticket'
mail\t'A message (text, page, pictures) for `sendmail -t -oi`'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -s o -l output -d 'Write to this file, which ends in .txt, .html, .md, .eml or .json unless --format is given; `-` is standard output' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l when -d 'When to write a report; when none is due, FILE is removed, so that no old report is sent again [default: always]' -r -f -a "always\t'Every time: a report that does not come is a warning too'
warning\t'Only if something is amber or red, or the last scan is old'
change\t'Only if a status differs from that of a week before, or a date moved by more than a tenth of the time left'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l to -d 'Recipient, with --format mail; separate several with commas or repeat the option [default: root]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l from -d 'Sender, with --format mail [default: mailrunway@HOSTNAME]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l exit-status -d 'Exit with status 4 when no report is due'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l no-record -d 'Do not record the forecast in the history, as for a user who may only read it'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -s w -l warning -d 'WARNING if the earliest plausible date (10 %) is nearer [default: the lead time of the settings]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l critical -d 'CRITICAL if the expected date (50 %) is nearer and used_floor of the settings is in use; here -c is short for this' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l used-warning -d 'WARNING from this share in use on [default: used_warning of the settings]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l used-critical -d 'CRITICAL from this share in use on [default: used_critical of the settings]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l max-age -d 'UNKNOWN if the last scan is older' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l today -d 'Check as of this day with what was known then' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -s o -l output -d 'Write to this file, which is replaced at once: one that ends in .prom, in the directory of the textfile collector' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l top -d 'Also the N largest mailboxes, with their addresses as labels' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand metrics" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l store -d 'Stores or mount points [default: all]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -s o -l output -d 'Draw the scenarios in one chart: a file that ends in .png or .svg; `-` prints only the chart, as SVG' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand whatif" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l at -d 'Start: 2026-12-06T22:00 in this machine\'s time zone, or with Z, +01:00 or [Europe/Berlin]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l for -d 'Duration: 90m, 4h, 2d' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l needs -d 'What the work needs while it runs: a size on each volume (200GiB), or index-rebuild, mdbox-purge, convert, backup, snapshot; separate several with commas or repeat the option' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l backup-to -d 'Directory of a backup made during the work [default: the volume of the store, with --needs backup]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l confidence -d 'Probability of enough room that GO requires' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l rollback -d 'Keep room for the roll-back: replaced data stays until the work is done and can be restored'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand window" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l store -d 'The same as STORE' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l input -d 'Score a table instead of the history; see `forecast --input`' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l every -d 'Time between forecasts' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l last -d 'Score only forecasts made within this time before the last observation: 26w, 2y [default: all]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -s o -l output -d 'Draw the date errors and the ranges that held: a file that ends in .png or .svg; `-` prints only the chart, as SVG' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand backtest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "list" -d 'List snapshots, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "show" -d 'Show one snapshot'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "verify" -d 'Check every file against its checksum'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "remove" -d 'Remove snapshots, or all of a store or machine that is gone'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "prune" -d 'Remove all snapshots but those that rules keep'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "compact" -d 'Put the snapshots of each finished month together, which takes a tenth of the room or less'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "names" -d 'List the names behind pseudonyms, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "event" -d 'Declare past events that are not growth, and announce future ones'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and not __fish_seen_subcommand_from list show verify remove prune compact names event help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l dry-run -d 'Print what would be removed, and remove nothing'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-last -d 'Keep the last N snapshots' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-daily -d 'Keep the last snapshot of each of the last N days that have one' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-weekly -d 'Keep the last snapshot of each of the last N weeks that have one' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-monthly -d 'Keep the last snapshot of each of the last N months that have one' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-yearly -d 'Keep the last snapshot of each of the last N years that have one' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep-within -d 'Keep all snapshots within this time before the last one: 90d, 1y6m14d12h' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l dry-run -d 'Print what would be removed and kept, and remove nothing'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l nights -d 'Keep every night this long, and one a week of those before' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l dry-run -d 'Print what would be done, and do nothing'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from compact" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from names" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -f -a "add" -d 'Declare an event; a date after the last scan announces it'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -f -a "list" -d 'List events, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -f -a "remove" -d 'Remove an event'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from event" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "list" -d 'List snapshots, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one snapshot'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check every file against its checksum'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove snapshots, or all of a store or machine that is gone'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Remove all snapshots but those that rules keep'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "compact" -d 'Put the snapshots of each finished month together, which takes a tenth of the room or less'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "names" -d 'List the names behind pseudonyms, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "event" -d 'Declare past events that are not growth, and announce future ones'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "csv" -d 'From a table: CSV with commas, semicolons or tabs, and a header line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "prometheus" -d 'From Prometheus over HTTP, or from a saved answer of its API'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "rrd" -d 'From what `rrdtool xport --json` or `rrdtool fetch` prints'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "zabbix" -d 'From what history.get or trend.get of Zabbix\'s API answers, its export to files, or CSV'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "list" -d 'List what was imported, one series a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "remove" -d 'Remove what was imported of a volume or store'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and not __fish_seen_subcommand_from csv prometheus rrd zabbix list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l used-column -d 'Column with the used amounts [default: used, or the only one beside time and limit]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l limit-column -d 'Column with the limits [default: limit, if there is one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l time-column -d 'Column with the times, in CSV [default: time, date, timestamp, datetime or clock]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l volume -d 'Volume, by its mount point' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l store -d 'Store, by its name' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l host -d 'Machine that it is on [default: this one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l resource -d 'Resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l limit -d 'Limit, where the data has none' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from csv" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l url -d 'Address of the server: http://HOST:PORT' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l query -d 'Query of the used amounts, with one series as its result' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l limit-query -d 'Query of the limits' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l from -d 'First time to ask for [default: three years before --to]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l to -d 'Last time to ask for [default: now]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l step -d 'Time between two points' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l volume -d 'Volume, by its mount point' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l store -d 'Store, by its name' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l host -d 'Machine that it is on [default: this one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l resource -d 'Resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l limit -d 'Limit, where the data has none' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from prometheus" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l used-column -d 'Column with the used amounts [default: used, or the only one beside time and limit]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l limit-column -d 'Column with the limits [default: limit, if there is one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l time-column -d 'Column with the times, in CSV [default: time, date, timestamp, datetime or clock]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l volume -d 'Volume, by its mount point' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l store -d 'Store, by its name' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l host -d 'Machine that it is on [default: this one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l resource -d 'Resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l limit -d 'Limit, where the data has none' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from rrd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l used-column -d 'Column with the used amounts [default: used, or the only one beside time and limit]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l limit-column -d 'Column with the limits [default: limit, if there is one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l time-column -d 'Column with the times, in CSV [default: time, date, timestamp, datetime or clock]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l volume -d 'Volume, by its mount point' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l store -d 'Store, by its name' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l host -d 'Machine that it is on [default: this one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l resource -d 'Resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l limit -d 'Limit, where the data has none' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from zabbix" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l volume -d 'Volume, by its mount point' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l store -d 'Store, by its name' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l host -d 'Machine that it is on [default: this one]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l resource -d 'Resource' -r -f -a "bytes\t'Bytes on disk'
inodes\t'Inodes'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "csv" -d 'From a table: CSV with commas, semicolons or tabs, and a header line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "prometheus" -d 'From Prometheus over HTTP, or from a saved answer of its API'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "rrd" -d 'From what `rrdtool xport --json` or `rrdtool fetch` prints'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "zabbix" -d 'From what history.get or trend.get of Zabbix\'s API answers, its export to files, or CSV'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what was imported, one series a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove what was imported of a volume or store'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l snapshot -d 'Only of this snapshot, by its name from `history list` [default: of all]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -s o -l output -d 'File to write, readable by its owner only; `-` for standard output' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l format -d 'Format [default: by the file\'s ending, or csv]' -r -f -a "csv\t'With a header line; for a spreadsheet, text that could be a formula begins with an apostrophe'
jsonl\t'JSON, one row a line'
parquet\t'Parquet'
arrow\t'Arrow IPC, also called Feather'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -f -a "init" -d 'Write the settings file, with every key commented out'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -f -a "check" -d 'Check the settings, and show what is settled and where from'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and not __fish_seen_subcommand_from init check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -s o -l output -d 'File to write; `-` for standard output [default: the settings file]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l format -d 'Output format' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l threads -d 'Directories read at the same time [default: four times the cores, at least 16; 2 on a rotating disk]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l io-limit -d 'Limit of disk operations a second [default: no limit]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l idle -d 'Scan at the lowest CPU and disk priority'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write the settings file, with every key commented out'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the settings, and show what is settled and where from'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l weeks -d 'Weeks to simulate' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l seed -d 'Seed of the random mail' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l format -d 'Output format of the forecast' -r -f -a "text\t'For a terminal'
markdown\t'For a wiki or a ticket'
json\t'For programs'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l horizon -d 'How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l lead-time -d 'Time it takes to get more space [default: 90d]' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l today -d 'Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out' -r
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l constants -d 'Forecast with the model constants of this file; the forecast is not recorded in the history' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -s c -l config -d 'Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package\'s user, else ~/.config/mailrunway/mailrunway.toml]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l history -d 'Directory of the history [default: /var/lib/mailrunway/history for root and the package\'s user, else ~/.local/share/mailrunway/history]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that supports it'
always\t'Always'
never\t'Never'"
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l key -d 'Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]' -r -F
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -s q -l quiet -d 'Print results, warnings and errors only'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -s v -l verbose -d 'Print more about the work'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l si -d 'Print sizes in powers of 1000 (GB) instead of 1024 (GiB)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l bytes -d 'Print sizes in plain bytes'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l pseudonyms -d 'Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -l no-names -d 'Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "scan" -d 'Scan mail stores and add a snapshot to the history'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "forecast" -d 'Forecast when volumes, inodes, stores with a limit and quotas are full'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "chart" -d 'Draw a chart as PNG or SVG'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "report" -d 'Write the weekly report'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "check" -d 'Tell a monitoring system (Nagios, Icinga) whether to alarm'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "metrics" -d 'Print figures for Prometheus, as node_exporter\'s textfile collector reads them'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "whatif" -d 'Show how a change (more disk, a retention rule, a moved domain) would move the date'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "window" -d 'Check whether there is room for maintenance work and its roll-back: GO or NO-GO'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "backtest" -d 'Score past forecasts of your own history against a straight line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "history" -d 'List, show, verify and remove snapshots, and declare events that scans cannot know'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "import" -d 'Add the past of a volume or store from another tool, so that a forecast exists at once'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "export" -d 'Write a table of the history for other programs'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "schema" -d 'Print the JSON Schema of what a command prints with --format json'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "config" -d 'Write the settings file, or show what is settled and where from'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "demo" -d 'Generate a small store with two years of weekly scans, and forecast it'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "completions" -d 'Print the completions of a shell'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "man" -d 'Write the manual pages, one for each command'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and not __fish_seen_subcommand_from scan forecast chart report check metrics whatif window backtest history import export schema config demo completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "list" -d 'List snapshots, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "show" -d 'Show one snapshot'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "verify" -d 'Check every file against its checksum'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "remove" -d 'Remove snapshots, or all of a store or machine that is gone'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "prune" -d 'Remove all snapshots but those that rules keep'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "compact" -d 'Put the snapshots of each finished month together, which takes a tenth of the room or less'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "names" -d 'List the names behind pseudonyms, one a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "event" -d 'Declare past events that are not growth, and announce future ones'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "csv" -d 'From a table: CSV with commas, semicolons or tabs, and a header line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "prometheus" -d 'From Prometheus over HTTP, or from a saved answer of its API'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "rrd" -d 'From what `rrdtool xport --json` or `rrdtool fetch` prints'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "zabbix" -d 'From what history.get or trend.get of Zabbix\'s API answers, its export to files, or CSV'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "list" -d 'List what was imported, one series a line'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "remove" -d 'Remove what was imported of a volume or store'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write the settings file, with every key commented out'
complete -c mailrunway -n "__fish_mailrunway_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Check the settings, and show what is settled and where from'

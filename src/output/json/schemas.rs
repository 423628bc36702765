//! The schemas of what commands print as JSON.

use schemars::JsonSchema;

use super::backtest::BacktestLine;
use super::forecast::ForecastLine;
use super::names::NameLine;
use super::removal::{CompactionLine, PruningLine, RemovalLine};
use super::report::ReportFields;
use super::whatif::ScenarioLine;
use super::window::WindowJson;
use crate::history::SnapshotEntry;
use crate::history::ledger::DeclaredEvent;
use crate::history::verify::Damage;
use crate::model::json::Versioned;
use crate::model::schema;
use crate::model::settled::Settled;
use crate::model::snapshot::Snapshot;
use crate::output::view::imports::ImportLine;
use crate::scan::explain::Explanation;

/// A command that prints JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printed {
    /// Its words with hyphens between them, as the file of its schema is named.
    pub name: &'static str,
    form: Form,
    schema: fn(&str, &str) -> String,
}

/// How many objects a command prints, each on a line.
#[derive(Clone, Copy, Debug)]
enum Form {
    One,
    Lines,
}

impl Printed {
    /// All such commands.
    pub(crate) const ALL: [Printed; 17] = [
        of::<Snapshot>("scan", Form::One),
        of::<Explanation>("scan-explain", Form::One),
        of::<ForecastLine>("forecast", Form::Lines),
        of::<ReportFields>("report", Form::One),
        of::<ScenarioLine>("whatif", Form::Lines),
        of::<WindowJson>("window", Form::One),
        Printed { name: "backtest", form: Form::Lines, schema: schema::text::<BacktestLine> },
        of::<SnapshotEntry>("history-list", Form::Lines),
        of::<Snapshot>("history-show", Form::One),
        of::<Damage>("history-verify", Form::Lines),
        of::<RemovalLine>("history-remove", Form::Lines),
        of::<PruningLine>("history-prune", Form::Lines),
        of::<CompactionLine>("history-compact", Form::Lines),
        of::<NameLine>("history-names", Form::Lines),
        of::<DeclaredEvent>("history-event-list", Form::Lines),
        of::<ImportLine>("import-list", Form::Lines),
        of::<Settled>("config-check", Form::Lines),
    ];

    /// The schema as text that ends in a newline.
    pub(crate) fn schema(&self) -> String {
        let form = match self.form {
            Form::One => "One object, on one line.",
            Form::Lines => "An object on each line.",
        };
        (self.schema)(self.name, form)
    }
}

const fn of<T: JsonSchema>(name: &'static str, form: Form) -> Printed {
    Printed { name, form, schema: schema::text::<Versioned<T>> }
}

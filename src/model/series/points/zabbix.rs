//! Points from Zabbix: the answer of `history.get` or `trend.get` of its API, or lines of its export to files.
//!
//! Formats: <https://www.zabbix.com/documentation/current/en/manual/api/reference/history/get> and
//! <https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/real_time_export>. Each point has `itemid`,
//! `clock` and `value`; numbers may be texts. Trends have `value_avg`, or `avg` in files, in place of `value`. A file has
//! the values of all items, also texts.

use std::path::Path;

use serde_json::{Deserializer, Value};

use super::{Columns, Points, csv, from_seconds, of_amounts, parse_amount};
use crate::model::error::{Error, Result};
use crate::model::escape;

const HINT: &str =
    "save what history.get answers, or the export to files; CSV needs a header line with `clock` and `value`";

/// Reads points; `path` is only for the errors. Anything but JSON is read as CSV. Columns name items by their number.
///
/// # Errors
/// If it is neither, tells of an error, or it is not clear which item has the used amounts.
pub(crate) fn read(text: &[u8], path: &Path, columns: &Columns) -> Result<Points> {
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return csv::read(text, path, columns);
    }
    let mut all = Vec::new();
    for value in Deserializer::from_slice(text).into_iter::<Value>() {
        let value = value.map_err(|e| Error::new("this is not JSON of Zabbix").at(path).because(e).hint(HINT))?;
        collect(value, &mut all).map_err(|e| e.at(path))?;
    }
    let mut items: Vec<String> = all.iter().map(|point| word(&point["itemid"])).collect();
    items.sort_unstable();
    items.dedup();
    let (used, limit) = of_amounts(&items, columns).map_err(|e| e.at(path))?;
    let mut points = Points::default();
    for (number, point) in all.iter().enumerate() {
        let mut add = || {
            let clock = word(&point["clock"]);
            let seconds = clock.parse().map_err(|_| format!("`{}` is not a valid clock", escape::brief(&clock)))?;
            let (time, item) = (from_seconds(seconds)?, word(&point["itemid"]));
            let value = ["value", "value_avg", "avg"].iter().map(|key| &point[key]).find(|value| !value.is_null());
            let amount = || parse_amount(&value.map(word).unwrap_or_default());
            match item {
                item if item == items[used] => points.add_used(time, amount()?),
                item if limit.is_some_and(|limit| item == items[limit]) => points.add_limit(time, amount()?),
                _ => Ok(()),
            }
        };
        add().map_err(|what: String| Error::new(format!("point {}: {what}", number + 1)).at(path).hint(HINT))?;
    }
    Ok(points)
}

/// Collects the points of an answer, a list, or a line of an export.
fn collect(value: Value, all: &mut Vec<Value>) -> Result<()> {
    match value {
        Value::Array(values) => values.into_iter().try_for_each(|value| collect(value, all)),
        Value::Object(mut fields) => {
            if let Some(error) = fields.get("error") {
                let said = escape::printable(&word(&error["data"])).into_owned();
                return Err(Error::new(format!("Zabbix refused the request: {said}")).hint("correct it and save again"));
            }
            if let Some(result) = fields.remove("result") {
                return collect(result, all);
            }
            all.push(Value::Object(fields));
            Ok(())
        }
        _ => Err(Error::new("this is not JSON of Zabbix").hint(HINT)),
    }
}

/// A text or number as text.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_lists_and_lines_are_read() {
        // The example of the documentation, with a second item.
        let list = r#"[{"itemid":"23296","clock":"1351090996","value":"0.085","ns":"563157632"},
            {"itemid":"23297","clock":"1351090996","value":"9","ns":"1"}]"#;
        // As Zabbix 6.0 writes them: values of several items in a file, and trends in another one.
        let of_host = r#"{"host":{"host":"mail01","name":"mail01"},"groups":["Mail"],"item_tags":[],"#;
        let line = |rest: &str| format!("{of_host}{rest}\n");
        let values = [
            line(r#""itemid":23296,"name":"used","clock":1351090996,"ns":5,"value":0.085000,"type":0}"#),
            line(r#""itemid":23297,"name":"limit","clock":1351090996,"ns":5,"value":9,"type":3}"#),
            line(r#""itemid":23298,"name":"status","clock":1351090996,"ns":5,"value":"green","type":1}"#),
        ];
        let trends = [
            line(
                r#""itemid":23296,"name":"used","clock":1351090996,"count":60,"min":0.05,"avg":0.085,"max":1,"type":0}"#,
            ),
            line(r#""itemid":23297,"name":"limit","clock":1351090996,"count":60,"min":9,"avg":9,"max":9,"type":3}"#),
        ];
        let columns = Columns { time: None, used: Some("23296".into()), limit: Some("23297".into()) };
        let answer = format!(r#"{{"jsonrpc":"2.0","result":{list},"id":1}}"#);
        for text in [list, &answer, &values.concat(), &trends.concat()] {
            let points = read(text.as_bytes(), Path::new("in"), &columns).unwrap().days();
            assert_eq!(
                (points[0].time.as_second(), points[0].used, points[0].limit),
                (1_351_090_996, 0.085, Some(9.0))
            );
        }
        let unclear = read(list.as_bytes(), Path::new("in"), &Columns::default()).unwrap_err();
        assert!(unclear.advice().is_some_and(|hint| hint.contains("23296, 23297")));
        let error =
            r#"{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params.","data":"No permissions."},"id":1}"#;
        let error = read(error.as_bytes(), Path::new("in"), &columns).unwrap_err();
        assert_eq!(error.to_string(), "Zabbix refused the request: No permissions.: in");
    }
}

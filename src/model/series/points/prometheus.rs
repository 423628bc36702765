//! Points from an answer of Prometheus' HTTP API: `query_range`, or `query` with a range.
//!
//! Format: <https://prometheus.io/docs/prometheus/latest/querying/api/>

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::{from_seconds, parse_amount};
use crate::model::error::{Error, Result};
use crate::model::escape;

#[derive(Deserialize)]
struct Answer {
    status: String,
    error: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct Sampled {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}

/// The samples of the only series of an answer; none if it has no series.
///
/// # Errors
/// If it is not such an answer, tells of an error, or has several series.
pub(crate) fn read(text: &[u8]) -> Result<Vec<(Timestamp, Option<f64>)>> {
    let bad = |e: serde_json::Error| {
        Error::new("this is not an answer of Prometheus' HTTP API")
            .because(e)
            .hint("save what /api/v1/query_range answers: curl -o FILE 'http://…/api/v1/query_range?query=…'")
    };
    let answer: Answer = serde_json::from_slice(text).map_err(bad)?;
    let Some(data) = answer.data.filter(|_| answer.status == "success") else {
        let error = answer.error.unwrap_or_else(|| "it says no reason".to_owned());
        return Err(Error::new(format!("Prometheus refused the query: {}", escape::printable(&error)))
            .hint("correct the query; try it in the expression browser"));
    };
    if data.result_type != "matrix" {
        let kind = escape::brief(&data.result_type);
        return Err(Error::new(format!("the answer is a {kind}, not a range of times"))
            .hint("ask /api/v1/query_range with start, end and step"));
    }
    let mut all: Vec<Sampled> = serde_json::from_value(data.result).map_err(bad)?;
    if all.len() > 1 {
        let labels = |one: &Sampled| {
            let labels: Vec<String> = one.metric.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            escape::brief(&format!("{{{}}}", labels.join(",")))
        };
        let shown: Vec<String> = all.iter().take(3).map(labels).collect();
        return Err(Error::new(format!("the query has {} series, and one is needed", all.len()))
            .hint(format!("add labels to the query, or sum() them: {}", shown.join(" "))));
    }
    let sample = |(seconds, value): (f64, String)| Ok((from_seconds(seconds)?, parse_amount(&value)?));
    let samples = all.pop().map(|one| one.values).unwrap_or_default().into_iter().map(sample);
    samples.collect::<std::result::Result<_, String>>().map_err(|what| Error::new(what).hint("check the query"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_one_series_is_read_and_anything_else_is_refused() {
        let matrix = |result: &str| {
            read(format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}"#).as_bytes())
        };
        let one = r#"{"metric":{"mountpoint":"/"},"values":[[1767585600,"5"],[1767585660.5,"NaN"]]}"#;
        let samples = matrix(&format!("[{one}]")).unwrap();
        assert_eq!(samples[0], (Timestamp::from_second(1_767_585_600).unwrap(), Some(5.0)));
        assert!(samples[1].1.is_some_and(f64::is_nan) && matrix("[]").unwrap().is_empty());
        assert!(matrix(&format!("[{one},{one}]")).unwrap_err().to_string().contains("2 series"));
        let error = read(br#"{"status":"error","errorType":"bad_data","error":"parse error"}"#).unwrap_err();
        assert_eq!(error.to_string(), "Prometheus refused the query: parse error");
        assert!(read(b"<html>").is_err());
    }
}

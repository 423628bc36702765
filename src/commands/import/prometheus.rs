//! Asks Prometheus for a range of times, in plain HTTP.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::PrometheusArgs;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::points::prometheus as answer;

/// Points of one request. Prometheus refuses more than 11,000.
const MOST_POINTS: i64 = 10_000;
const PATIENCE: Duration = Duration::from_secs(120);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 1 << 28;
/// Days before the end at which the range begins unless told.
const USUAL_DAYS: i64 = 3 * 365;
const SECONDS: i64 = 86_400;

/// Asks for the samples of a query in requests that are short enough.
///
/// # Errors
/// If the server cannot be reached or refuses the query, or a sample is refused by `each`.
pub(super) fn fetch(
    args: &PrometheusArgs,
    query: Option<&str>,
    mut each: impl FnMut(Timestamp, Option<f64>) -> Result<()>,
) -> Result<()> {
    let (Some(url), Some(query)) = (&args.url, query) else { return Ok(()) };
    let server = Server::of(url)?;
    let to = args.to.unwrap_or_else(Timestamp::now).as_second();
    let mut from = args.from.map_or(to - USUAL_DAYS * SECONDS, Timestamp::as_second);
    if from > to {
        return Err(Error::usage("--from is after --to").hint("give the first time with --from"));
    }
    let step = i64::from(args.step.0) * SECONDS;
    while from <= to {
        let end = to.min(from + step * (MOST_POINTS - 1));
        let path = format!("/api/v1/query_range?query={}&start={from}&end={end}&step={step}", encoded(query));
        let body = server.get(&path).map_err(|e| e.at(url))?;
        for (time, amount) in answer::read(&body).map_err(|e| e.at(url))? {
            each(time, amount)?;
        }
        from = end + step;
    }
    Ok(())
}

struct Server<'u> {
    /// Host and port.
    address: String,
    /// What comes before `/api` in paths.
    prefix: &'u str,
}

impl<'u> Server<'u> {
    fn of(url: &'u str) -> Result<Server<'u>> {
        let bad = |what: &str, hint: &str| Error::usage(format!("`{}` {what}", escape::brief(url))).hint(hint);
        if url.starts_with("https://") {
            return Err(bad("is https, which this does not speak", "save the answer with curl, and import the file"));
        }
        let rest = url.strip_prefix("http://").filter(|rest| !rest.contains(|c: char| c.is_whitespace() || c == '@'));
        let rest = rest.ok_or_else(|| bad("is not an address", "write http://HOST:PORT"))?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let address = if has_port { host.to_owned() } else { format!("{host}:80") };
        Ok(Server { address, prefix: path.trim_end_matches('/') })
    }

    /// The body of an answer. That of an error is JSON, too.
    fn get(&self, path: &str) -> Result<Vec<u8>> {
        const HINT: &str = "check the address, and whether Prometheus runs";
        let Server { address, prefix } = self;
        let failed = |e: std::io::Error| Error::new("Prometheus does not answer").because(e).hint(HINT);
        let places = address.to_socket_addrs().map_err(failed)?;
        let mut tried = Err(std::io::Error::other("the name has no address"));
        for place in places {
            tried = TcpStream::connect_timeout(&place, PATIENCE);
            if tried.is_ok() {
                break;
            }
        }
        let mut stream = tried.map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        // Of version 1.0, so that the answer is not in chunks and ends with the connection.
        let request = format!("GET {prefix}{path} HTTP/1.0\r\nHost: {address}\r\nAccept: application/json\r\n\r\n");
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = Vec::new();
        stream.take(LONGEST).read_to_end(&mut answer).map_err(failed)?;
        let end = memchr::memmem::find(&answer, b"\r\n\r\n");
        let end = end.filter(|_| answer.starts_with(b"HTTP/1."));
        let end = end.ok_or_else(|| Error::new("this is not an answer of a web server").hint(HINT))?;
        let head = String::from_utf8_lossy(&answer[..end]);
        let status = head.lines().next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        // With 400 and 422, Prometheus says in JSON what is wrong with the query.
        if !["200", "400", "422"].contains(&status) {
            return Err(Error::new(format!("the server answers with status {}", escape::brief(status))).hint(HINT));
        }
        Ok(answer.split_off(end + 4))
    }
}

/// A text in a query of an address.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

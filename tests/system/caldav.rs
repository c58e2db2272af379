//! A calendar server that is not ours, and a client that puts what arrives by mail into it as calendar programs do:
//! Radicale over CalDAV (RFC 4791), run by `tests/calendar_server.py`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use tempfile::TempDir;
use veldwerk::clock::Instant;

use crate::readers::Python;

/// Basic authentication as `r` with any password, which the server takes.
const CREDENTIALS: &str = "Basic cjpy";
const COLLECTION: &str = "/r/calendar/";

/// A calendar on a server.
pub struct Calendar {
    port: u16,
    process: Child,
    _folder: TempDir,
}

/// An answer of the server.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub body: String,
}

/// On what condition an object is put.
#[derive(Debug, Clone, Copy)]
pub enum Only<'e> {
    /// If there is none yet.
    New,
    /// If it is still the one with this tag.
    Over(&'e str),
}

impl Calendar {
    /// A server with an empty calendar; `None`, said loudly, where there is no server.
    pub fn open() -> Option<Self> {
        let python = Python::find()?;
        let folder = tempfile::tempdir().unwrap();
        let mut command = python.command("calendar_server.py", folder.path());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let calendar = Self { port: port.trim().parse().unwrap(), process, _folder: folder };
        assert_eq!(calendar.ask("MKCALENDAR", COLLECTION, &[], "").status, 201);
        Some(calendar)
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut request = format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: {CREDENTIALS}\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let etag = head.lines().find_map(|line| line.strip_prefix("ETag: "));
        Reply {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            etag: etag.map(str::to_owned),
            body: body.to_owned(),
        }
    }

    /// Puts an object under a name.
    pub fn put(&self, name: &str, ics: &str, only: Only<'_>) -> Reply {
        let condition = match only {
            Only::New => ("If-None-Match", "*"),
            Only::Over(etag) => ("If-Match", etag),
        };
        let kind = ("Content-Type", "text/calendar; charset=utf-8");
        self.ask("PUT", &path(name), &[kind, condition], ics)
    }

    /// What stands under a name.
    pub fn get(&self, name: &str) -> Reply {
        self.ask("GET", &path(name), &[], "")
    }

    /// Takes an object out.
    pub fn delete(&self, name: &str, etag: &str) -> Reply {
        self.ask("DELETE", &path(name), &[("If-Match", etag)], "")
    }

    /// The names of the objects with an event that takes some of the time between two moments, as the server reckons
    /// it (RFC 4791 7.8).
    pub fn between(&self, from: Instant, until: Instant) -> Vec<String> {
        let compact = |at: Instant| at.to_string().replace(['-', ':'], "");
        let query = format!(
            "<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
             <D:prop><D:getetag/></D:prop><C:filter>\
             <C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">\
             <C:time-range start=\"{}\" end=\"{}\"/>\
             </C:comp-filter></C:comp-filter></C:filter></C:calendar-query>",
            compact(from),
            compact(until),
        );
        let headers = [("Depth", "1"), ("Content-Type", "application/xml; charset=utf-8")];
        let reply = self.ask("REPORT", COLLECTION, &headers, &query);
        assert_eq!(reply.status, 207, "{}", reply.body);
        let hrefs = reply.body.split("<href>").skip(1).filter_map(|rest| rest.split("</href>").next());
        let names = hrefs.filter_map(|href| href.strip_prefix(COLLECTION)?.strip_suffix(".ics"));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    }
}

fn path(name: &str) -> String {
    format!("{COLLECTION}{name}.ics")
}

impl Drop for Calendar {
    fn drop(&mut self) {
        // It ends by itself when its standard input does; this is sooner.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An object as a calendar keeps it that was sent by mail: without the METHOD, which no stored object has (RFC 4791
/// 4.1).
pub fn as_stored(ics: &str) -> String {
    ics.split_inclusive("\r\n").filter(|line| !line.starts_with("METHOD:")).collect()
}

//! The stylesheets, the scripts and the icon: small, because packed, and asked for once, because kept.
//!
//! Pages are not packed: they hold what a person typed beside what is secret, and their length would tell.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use rocket::http::ContentType;
use rocket::request::{self, FromRequest};
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, get};

use crate::words::files::{self, File};

/// Under the address of these very bytes, which no other bytes will ever have.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Under any other address.
const FOR_AN_HOUR: &str = "public, max-age=3600";

static PACKED: LazyLock<BTreeMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    files::files().filter_map(|(name, file)| Some((name, packed(file.bytes)?))).collect()
});

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![file]
}

/// A file with leave to keep it.
struct Asset {
    bytes: &'static [u8],
    is_packed: bool,
    kind: ContentType,
    kept: &'static str,
}

impl<'r> Responder<'r, 'static> for Asset {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build_from(self.bytes.respond_to(request)?);
        answer.header(self.kind).raw_header("Cache-Control", self.kept).raw_header("Vary", "Accept-Encoding");
        if self.is_packed {
            answer.raw_header("Content-Encoding", "gzip");
        }
        answer.ok()
    }
}

/// Whether the browser unpacks what is sent to it.
struct Unpacks(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Unpacks {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        request::Outcome::Success(Self(request.headers().get("Accept-Encoding").any(takes_gzip)))
    }
}

#[get("/<path..>?<v>")]
fn file(path: PathBuf, v: Option<&str>, unpacks: Unpacks) -> Option<Asset> {
    let name = path.to_str()?;
    let File { bytes, version } = files::file(name)?;
    let kind = path.extension().and_then(|e| e.to_str()).and_then(ContentType::from_extension)?;
    let packed = PACKED.get(name).filter(|_| unpacks.0);
    Some(Asset {
        bytes: packed.map_or(*bytes, Vec::as_slice),
        is_packed: packed.is_some(),
        kind,
        kept: if v == Some(version) { FOR_GOOD } else { FOR_AN_HOUR },
    })
}

/// Whether a list such as `br, gzip;q=0.8` takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// The bytes packed; none where that makes them no smaller.
fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).ok()?;
    packer.finish().ok().filter(|packed| packed.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_by_who_names_it_and_does_not_refuse_it() {
        for told in ["gzip", "br, gzip", "deflate,GZIP;q=0.5"] {
            assert!(takes_gzip(told), "{told}");
        }
        for told in ["", "br", "gzip;q=0", "gzip; q=0.000, br", "xgzip"] {
            assert!(!takes_gzip(told), "{told}");
        }
    }
}

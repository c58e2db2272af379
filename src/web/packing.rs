//! Packing (gzip) what is the same for everybody: files and the reference of the API.
//!
//! Other pages are never packed: they hold what a person typed beside what is secret, and their length would tell.

use std::borrow::Cow;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use rocket::Request;
use rocket::http::ContentType;
use rocket::request::{self, FromRequest};
use rocket::response::{self, Responder, Response};

/// Whether a browser unpacks what is sent to it.
#[derive(Debug, Clone, Copy)]
pub struct Unpacks(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Unpacks {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        request::Outcome::Success(Self(request.headers().get("Accept-Encoding").any(takes_gzip)))
    }
}

/// Something that is sent packed to whoever unpacks it.
#[derive(Debug)]
pub struct Packed {
    bytes: Cow<'static, [u8]>,
    is_gzip: bool,
    kind: ContentType,
}

impl Packed {
    /// Something that was packed before; `None` where packing makes it no smaller.
    #[must_use]
    pub fn before(
        plain: &'static [u8],
        packed: Option<&'static [u8]>,
        kind: ContentType,
        unpacks: Unpacks,
    ) -> Self {
        let packed = packed.filter(|_| unpacks.0);
        Self { bytes: packed.unwrap_or(plain).into(), is_gzip: packed.is_some(), kind }
    }

    /// Something that is packed now.
    #[must_use]
    pub fn now(plain: String, kind: ContentType, unpacks: Unpacks) -> Self {
        let packed = Some(&plain).filter(|_| unpacks.0).and_then(|plain| pack(plain.as_bytes()));
        let is_gzip = packed.is_some();
        Self { bytes: packed.unwrap_or_else(|| plain.into_bytes()).into(), is_gzip, kind }
    }
}

impl<'r> Responder<'r, 'static> for Packed {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.header(self.kind).raw_header("Vary", "Accept-Encoding");
        if self.is_gzip {
            answer.raw_header("Content-Encoding", "gzip");
        }
        answer.sized_body(self.bytes.len(), Cursor::new(self.bytes)).ok()
    }
}

/// The bytes packed; none where that makes them no smaller.
#[must_use]
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).ok()?;
    packer.finish().ok().filter(|packed| packed.len() < bytes.len())
}

/// Whether a list such as `br, gzip;q=0.8` takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
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

    #[test]
    fn what_packing_makes_no_smaller_stays_as_it_is() {
        assert_eq!(pack(b"x"), None);
        assert!(pack(&[b'x'; 1_000]).is_some_and(|packed| packed.len() < 100));
    }
}

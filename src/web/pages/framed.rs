//! A letter's HTML part as a document of its own, for a frame of one of our pages. Letters carry inline styles, which
//! no page of ours may, and what stands in them was written by somebody: so it gets a policy that allows those styles
//! and nothing else, in a sandbox without scripts, forms or our origin.

use std::io::Cursor;

use rocket::Request;
use rocket::http::{ContentType, Header};
use rocket::response::{self, Responder, Response};

/// What such a document may do: look, and open its links elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// The HTML part of a letter.
#[derive(Debug)]
pub struct Framed(pub String);

impl<'r> Responder<'r, 'static> for Framed {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::HTML)
            .header(Header::new("Content-Security-Policy", POLICY))
            .header(Header::new("X-Frame-Options", "SAMEORIGIN"))
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}

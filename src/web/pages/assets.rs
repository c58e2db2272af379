//! The stylesheet, the script and the icon, embedded in the program.

use std::path::PathBuf;

use include_dir::{Dir, include_dir};
use rocket::http::{ContentType, Header};
use rocket::{Responder, Route, get};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![file]
}

/// A file with leave to keep it for an hour.
#[derive(Responder)]
struct Asset {
    bytes: &'static [u8],
    kind: ContentType,
    kept: Header<'static>,
}

#[get("/<path..>")]
fn file(path: PathBuf) -> Option<Asset> {
    let file = FILES.get_file(&path)?;
    let kind = path.extension().and_then(|e| e.to_str()).and_then(ContentType::from_extension)?;
    Some(Asset { bytes: file.contents(), kind, kept: Header::new("Cache-Control", "public, max-age=3600") })
}

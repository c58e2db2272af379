//! The stylesheets, the scripts and the icon: small, because packed, and asked for once, because kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use rocket::http::{ContentType, Header};
use rocket::{Responder, Route, get};

use crate::web::packing::{Packed, Unpacks, pack};
use crate::words::files::{self, File};

/// Under the address of these very bytes, which no other bytes will ever have.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Under any other address.
const FOR_AN_HOUR: &str = "public, max-age=3600";

static PACKED: LazyLock<BTreeMap<&'static str, Vec<u8>>> =
    LazyLock::new(|| files::files().filter_map(|(name, file)| Some((name, pack(&file.bytes)?))).collect());

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![file]
}

/// A file with leave to keep it.
#[derive(Responder)]
struct Asset {
    file: Packed,
    kept: Header<'static>,
}

#[get("/<path..>?<v>")]
fn file(path: PathBuf, v: Option<&str>, unpacks: Unpacks) -> Option<Asset> {
    let name = path.to_str()?;
    let File { bytes, version } = files::file(name)?;
    let kind = path.extension().and_then(|e| e.to_str()).and_then(ContentType::from_extension)?;
    Some(Asset {
        file: Packed::before(bytes, PACKED.get(name).map(Vec::as_slice), kind, unpacks),
        kept: Header::new("Cache-Control", if v == Some(version) { FOR_GOOD } else { FOR_AN_HOUR }),
    })
}

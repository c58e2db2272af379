//! A form with a file (RFC 7578), of a signed-in researcher.

use std::borrow::Cow;
use std::convert::Infallible;

use multer::Multipart;
use rocket::Request;
use rocket::data::{self, Data, FromData};
use rocket::futures::stream;

use super::forms::{FIELDS_LIMIT, SignedForm, collect};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::web::api::import::FILE_LIMIT;
use crate::web::guards;
use crate::web::input::{BODY_LIMIT, read_bytes};

/// The name of the field with the file.
const FILE_FIELD: &str = "file";

/// A form and its file.
#[derive(Debug)]
pub struct SignedUpload {
    /// The form, as any other.
    pub form: SignedForm,
    /// What is in the file; empty when none was chosen.
    pub file: Vec<u8>,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for SignedUpload {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        match read(request, data).await {
            Ok(upload) => data::Outcome::Success(upload),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

async fn read(request: &Request<'_>, data: Data<'_>) -> Outcome<SignedUpload> {
    let who = guards::signed_in(request).await?;
    let kind = request.content_type().filter(|kind| kind.is_form_data());
    let boundary = kind.and_then(|kind| kind.param("boundary")).ok_or(Problem::UnsupportedMediaType)?;
    let bytes = read_bytes(request, data, FILE_LIMIT + BODY_LIMIT).await?;
    let whole = stream::iter([Ok::<_, Infallible>(bytes)]);
    let mut parts = Multipart::new(whole, boundary);
    let (mut fields, mut file) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == FILE_FIELD {
            file = part.bytes().await.map_err(broken)?.to_vec();
        } else {
            fields.push((Cow::Owned(name), Cow::Owned(part.text().await.map_err(broken)?)));
        }
        if fields.len() > FIELDS_LIMIT {
            return Err(Problem::field("form", FieldCode::TooLong));
        }
    }
    let form = SignedForm::checked(request, who, collect(fields.into_iter())?)?;
    Ok(SignedUpload { form, file })
}

fn broken(error: multer::Error) -> Problem {
    Problem::Malformed(format!("the form cannot be read: {error}"))
}

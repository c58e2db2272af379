//! Forms as browsers send them: those of a signed-in researcher, which carry the token of their session, and those
//! behind a personal link, where the link itself is the proof.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rocket::Request;
use rocket::data::{self, Data, FromData};

use serde_json::Value;

use crate::clock::Instant;
use crate::domain::bilingual::Bilingual;
use crate::keys::sha256_hex;
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::idempotency::Once;
use crate::web::guards::{self, IfMatch, Researcher};
use crate::web::input::{BODY_LIMIT, Fields, read_bytes};
use crate::words::pages::shared::Seen;

/// The name of the field that carries the session's token (E31).
pub(super) const CSRF_FIELD: &str = "_csrf";

/// The name of the field that carries the entity tag of what a form was opened with.
pub(super) const SEEN_FIELD: &str = "as_seen";

/// The most fields that a form may have.
pub(super) const FIELDS_LIMIT: usize = 2_000;

/// The fields of a form as they came. Where one stands there more than once, the last one counts, unless all are
/// asked for.
#[derive(Debug, Clone, Default)]
pub struct Given(BTreeMap<String, Vec<String>>);

impl Given {
    /// What a field holds, empty when it is not there: for showing a form again.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(|values| values.last()).cloned().unwrap_or_default()
    }

    /// Whether a field was sent at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All that a field holds, such as the boxes of a list that are ticked.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Starts reading the fields; empty ones count as left out.
    #[must_use]
    pub fn fields(&self) -> Fields {
        Fields::from_form(&self.last())
    }

    /// Whether nothing is filled in.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.values().flatten().all(|value| value.trim().is_empty())
    }

    /// The rows of a list in a form, whose fields are named `<prefix>0.<field>`, in the order of their numbers. A row
    /// has the names behind the number.
    #[must_use]
    pub fn rows(&self, prefix: &str) -> Vec<Self> {
        self.numbered_rows(prefix).into_values().collect()
    }

    /// The same rows with their numbers.
    #[must_use]
    pub fn numbered_rows(&self, prefix: &str) -> BTreeMap<u32, Self> {
        let mut rows: BTreeMap<u32, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for (name, values) in &self.0 {
            let Some((number, field)) = name.strip_prefix(prefix).and_then(|rest| rest.split_once('.'))
            else {
                continue;
            };
            if let Ok(number) = number.parse() {
                rows.entry(number).or_default().insert(field.to_owned(), values.clone());
            }
        }
        rows.into_iter().map(|(number, row)| (number, Self(row))).collect()
    }

    /// A text that was typed in each language, in the fields `name.nl` and `name.en`.
    #[must_use]
    pub fn bilingual(&self, name: &str) -> Bilingual {
        Bilingual { nl: self.text(&format!("{name}.nl")), en: self.text(&format!("{name}.en")) }
    }

    /// Starts reading the fields of a form that changes something; an empty one stands for nothing, not for no
    /// change.
    #[must_use]
    pub fn edits(&self) -> Fields {
        let value = |text: String| if text.is_empty() { Value::Null } else { Value::String(text) };
        Fields::of_text(self.last().into_iter().map(|(name, text)| (name, value(text))).collect())
    }

    /// Each field with what it holds last.
    pub(in crate::web) fn last(&self) -> BTreeMap<String, String> {
        let last = |values: &Vec<String>| values.last().cloned().unwrap_or_default();
        self.0.iter().map(|(name, values)| (name.clone(), last(values))).collect()
    }

    /// The fields whose names begin with a prefix, without it.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(name, values)| Some((name.strip_prefix(prefix)?, values.last()?.as_str())))
    }

    /// The same without some fields, for reading the rest strictly.
    #[must_use]
    pub fn without(&self, names: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
    }

    /// The texts of more than one word, in the order of their fields.
    fn prose(&self) -> Vec<String> {
        let texts = self.0.values().flatten().map(|text| text.trim());
        texts.filter(|text| text.contains(char::is_whitespace)).map(str::to_owned).collect()
    }

    /// The bytes by which a repeat of this form is recognised.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        format!("{:?}", self.0).into_bytes()
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> String {
        self.0.remove(name).and_then(|mut values| values.pop()).unwrap_or_default()
    }
}

/// A form behind a personal link. Its `key` makes a second press of the button the same press.
#[derive(Debug, Clone)]
pub struct OpenForm {
    /// The one-shot key of the form, if it has one.
    pub key: Option<String>,
    /// All other fields.
    pub given: Given,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for OpenForm {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        match read_form(request, data).await {
            Ok(mut given) => {
                let key = given.take("key");
                let key = (!key.is_empty() && key.len() <= 255).then_some(key);
                data::Outcome::Success(Self { key, given })
            }
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

/// A form of a signed-in researcher. It can't be had without the session's own token and origin, so a page that
/// changes something takes this and nothing else.
#[derive(Debug, Clone)]
pub struct SignedForm {
    /// Who sent it.
    pub who: Researcher,
    /// All other fields.
    pub given: Given,
    key: Option<String>,
    route: String,
}

impl SignedForm {
    /// A form that was read, if it came from one of our own pages.
    ///
    /// # Errors
    /// [`Problem::CrossSite`] when it did not.
    pub(super) fn checked(request: &Request<'_>, who: Researcher, mut given: Given) -> Outcome<Self> {
        let token = given.take(CSRF_FIELD);
        if !guards::is_same_origin(request) || !guards::same_token(&token, &who.csrf) {
            return Err(Problem::CrossSite);
        }
        let key = given.take("key");
        let key = (!key.is_empty() && key.len() <= 255).then_some(key);
        Ok(Self { who, given, key, route: guards::route(request) })
    }

    /// The condition that what the form replaces still is as it was when the form was opened.
    #[must_use]
    pub fn if_as_seen(&self) -> IfMatch {
        IfMatch::of_form(self.given.text(SEEN_FIELD))
    }

    /// What the form was opened with, for showing it again.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen { tag: self.given.text(SEEN_FIELD), now: None }
    }

    /// The press of the button as the store recognises it when it comes twice. What was filled in is part of it: a
    /// form that was gone back to and changed is another one.
    #[must_use]
    pub fn once(&self, now: Instant) -> Option<Once> {
        let body = self.given.bytes();
        let key = format!("{} {}", self.key.as_ref()?, sha256_hex(&body));
        Some(Once { caller: self.who.user.to_string(), route: self.route.clone(), key, body, now })
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for SignedForm {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let outcome = async {
            let who = guards::signed_in(request).await;
            let given = read_form(request, data).await;
            if let (Err(Problem::Unauthenticated), Ok(given)) = (&who, &given) {
                Unsent::keep(request, given);
            }
            Self::checked(request, who?, given?)
        };
        match outcome.await {
            Ok(form) => data::Outcome::Success(form),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

/// The texts of a form that came after its session had ended: no page and no table has them, so they are shown to
/// whoever typed them.
#[derive(Default)]
pub(super) struct Unsent(OnceLock<Vec<String>>);

impl Unsent {
    fn keep(request: &Request<'_>, given: &Given) {
        // What is typed there are passwords and codes, which may be of several words.
        let is_secret = request.uri().path().starts_with("/account");
        if guards::is_same_origin(request) && !is_secret {
            let _ = request.local_cache(Self::default).0.set(given.prose());
        }
    }

    /// The texts that came with a request.
    pub(super) fn of(request: &Request<'_>) -> Vec<String> {
        request.local_cache(Self::default).0.get().cloned().unwrap_or_default()
    }
}

pub(super) async fn read_form(request: &Request<'_>, data: Data<'_>) -> Outcome<Given> {
    let kind = request.content_type().ok_or(Problem::UnsupportedMediaType)?;
    if kind.is_form() {
        let bytes = read_bytes(request, data, BODY_LIMIT).await?;
        return collect(url::form_urlencoded::parse(&bytes));
    }
    Err(Problem::UnsupportedMediaType)
}

pub(super) fn collect<'a>(values: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Outcome<Given> {
    let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, (name, value)) in values.enumerate() {
        if number >= FIELDS_LIMIT {
            return Err(Problem::field("form", FieldCode::TooLong));
        }
        // Browsers send line breaks as CR LF; inside Veldwerk a line ends with LF.
        given.entry(name.into_owned()).or_default().push(value.replace("\r\n", "\n"));
    }
    Ok(Given(given))
}

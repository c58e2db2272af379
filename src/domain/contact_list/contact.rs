//! A person to be reached, as somebody wrote them down, and what is wrong with it.

use utoipa::ToSchema;

use crate::domain::findings::Findings;
use crate::domain::language::Language;
use crate::domain::text::{EmailAddress, LINE_LIMIT};
use crate::problem::{FieldCode, FieldProblem};

/// A person to be reached. Which municipality is meant is not decided yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// How the person is addressed.
    pub name: String,
    /// Where letters go.
    pub email: EmailAddress,
    /// What the person does.
    pub role: Option<String>,
    /// How to call the person.
    pub phone: Option<String>,
    /// The code, name or alias of a municipality, as it was written.
    pub municipality: String,
    /// The language of letters; the study's where none is given.
    pub language: Option<Language>,
}

/// A person to be put on the list.
#[derive(Debug, Clone, Default, ToSchema)]
#[schema(as = NewRespondent)]
pub struct ContactDraft {
    /// How the person is addressed.
    #[schema(max_length = 200)]
    pub name: String,
    /// A mail address.
    #[schema(value_type = EmailAddress)]
    pub email: String,
    /// What the person does.
    pub role: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The code, name or alias of a municipality.
    #[schema(examples("Utrecht"))]
    pub municipality: String,
    /// The language of letters and pages; the study's when left out.
    #[schema(value_type = Option<Language>)]
    pub language: Option<String>,
}

impl ContactDraft {
    /// Reads the person. What is optional and blank counts as left out.
    ///
    /// # Errors
    /// Everything that is wrong, with the name of each field.
    pub fn check(self) -> Result<Contact, Vec<FieldProblem>> {
        let mut findings = Findings::default();
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let (role, phone, language) = (given(self.role), given(self.phone), given(self.language));
        findings.line("name", &self.name);
        let email = EmailAddress::parse(&self.email).map_err(|code| {
            let is_too_long = self.email.chars().count() > LINE_LIMIT;
            findings.refuse("email", if is_too_long { FieldCode::TooLong } else { code }, LINE_LIMIT);
        });
        for (field, text) in [("role", &role), ("phone", &phone)] {
            if let Some(text) = text {
                findings.line(field, text);
            }
        }
        findings.line("municipality", &self.municipality);
        let language =
            language.and_then(|text| findings.value("language", &text, "nl, en", |text| text.parse().ok()));
        let Ok(email) = email else { return Err(findings.into_problems()) };
        let Self { name, municipality, .. } = self;
        findings.outcome(Contact { name, email, role, phone, municipality, language })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_optional_and_blank_counts_as_left_out() {
        let draft = ContactDraft {
            name: "A. Jansen".to_owned(),
            email: "a@example.org".to_owned(),
            role: Some(" ".to_owned()),
            phone: None,
            municipality: "Utrecht".to_owned(),
            language: Some(String::new()),
        };
        let contact = draft.check().unwrap();
        assert_eq!((contact.role, contact.phone, contact.language), (None, None, None));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let draft = ContactDraft {
            name: "A\r\nBcc: b@example.org".to_owned(),
            email: format!("{}@example.org", "a".repeat(200)),
            role: Some("a".repeat(201)),
            phone: Some("06\u{202E}".to_owned()),
            municipality: String::new(),
            language: Some("fy".to_owned()),
        };
        let problems = draft.check().unwrap_err();
        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("name", "control_character"),
                ("email", "too_long"),
                ("role", "too_long"),
                ("phone", "control_character"),
                ("municipality", "required"),
                ("language", "value"),
            ]
        );
    }
}

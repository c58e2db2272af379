//! What a column of somebody's own spreadsheet can hold, and what such columns are usually called.

use std::fmt;
use std::str::FromStr;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// A name or a part of one; the parts are put together in the order of the columns.
    Name,
    /// A mail address.
    Email,
    /// Both, as in `Jansen <jansen@example.org>`.
    NameAndEmail,
    /// A municipality.
    Municipality,
    /// What the person does.
    Role,
    /// A telephone number.
    Phone,
    /// A language.
    Language,
}

impl Field {
    /// Every field, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Email,
        Self::NameAndEmail,
        Self::Municipality,
        Self::Role,
        Self::Phone,
        Self::Language,
    ];

    /// The name in forms and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::NameAndEmail => "name_and_email",
            Self::Municipality => "municipality",
            Self::Role => "role",
            Self::Phone => "phone",
            Self::Language => "language",
        }
    }

    /// The field that a heading speaks of, in Dutch or English, whatever its capitals and hyphens.
    #[must_use]
    pub fn named(heading: &str) -> Option<Self> {
        let key: String =
            heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Self::ALL.into_iter().find(|field| field.headings().contains(&key.as_str()))
    }

    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
                "name",
                "naam",
                "volledigenaam",
                "fullname",
                "displayname",
                "weergavenaam",
                "contactpersoon",
                "voornaam",
                "tussenvoegsel",
                "achternaam",
                "firstname",
                "lastname",
                "surname",
                "respondent",
                "aanhef",
                "contact",
            ],
            Self::Email => &[
                "email",
                "mail",
                "emailadres",
                "mailadres",
                "emailaddress",
                "mailaddress",
                "adresmail",
                "epost",
            ],
            Self::NameAndEmail => &["nameandemail", "naamenemail", "naamenmail", "aan", "to"],
            Self::Municipality => &[
                "municipality",
                "gemeente",
                "gemeentenaam",
                "gemeentecode",
                "organisatie",
                "organisation",
                "organization",
                "bedrijf",
                "company",
                "werkgever",
            ],
            Self::Role => {
                &["role", "functie", "functietitel", "functienaam", "rol", "jobtitle", "position", "title"]
            }
            Self::Phone => &[
                "phone",
                "telefoon",
                "telefoonnummer",
                "tel",
                "telnr",
                "mobiel",
                "mobile",
                "phonenumber",
                "telephone",
            ],
            Self::Language => &["language", "taal", "voorkeurstaal"],
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Field {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|field| field.as_str() == text).ok_or(())
    }
}

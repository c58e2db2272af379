//! What each constraint of the database means to a person.
//!
//! PostgreSQL names the constraint that refused a row; SQLite names the columns, or carries the text of our trigger.

use crate::problem::{FieldCode, Problem};

struct Meaning {
    /// The constraint's name in PostgreSQL.
    name: &'static str,
    /// What SQLite's message holds.
    sqlite: &'static str,
    problem: fn() -> Problem,
}

const MEANINGS: &[Meaning] = &[
    Meaning {
        name: "reservations_overlap",
        sqlite: "reservations_overlap",
        problem: || Problem::SlotTaken { wanted: None },
    },
    Meaning {
        name: "interviews_active",
        sqlite: "interviews.respondent",
        problem: || Problem::AlreadyBooked,
    },
    Meaning { name: "users_email", sqlite: "users.email_folded", problem: || Problem::Exists("email") },
    Meaning {
        name: "contacts_email",
        sqlite: "contacts.study, contacts.email_digest",
        problem: || Problem::field("email", FieldCode::EmailDuplicate),
    },
    Meaning {
        name: "members_pkey",
        sqlite: "members.study, members.user_id",
        problem: || Problem::Exists("email"),
    },
    // The same file is being imported by another request at this moment.
    Meaning {
        name: "respondents_code",
        sqlite: "respondents.study, respondents.code",
        problem: || Problem::Busy(1),
    },
    // Another process seals the same rows at this moment.
    Meaning { name: "audit_position", sqlite: "audit.position", problem: || Problem::Busy(1) },
    Meaning {
        name: "idempotency_keys_pkey",
        sqlite: "idempotency_keys.caller, idempotency_keys.route",
        problem: || Problem::InProgress,
    },
    Meaning {
        name: "consent_forms_version",
        sqlite: "consent_forms.study, consent_forms.version",
        problem: || Problem::VersionConflict,
    },
    Meaning {
        name: "guides_version",
        sqlite: "guides.study, guides.version",
        problem: || Problem::VersionConflict,
    },
];

/// The problem that a constraint stands for, if it is one of the rules that people meet.
pub(super) fn problem(name: Option<&str>, message: &str) -> Option<Problem> {
    MEANINGS
        .iter()
        .find(|meaning| name == Some(meaning.name) || (name.is_none() && message.contains(meaning.sqlite)))
        .map(|meaning| (meaning.problem)())
}

//! Who works in a study, and as what.

use serde::Serialize;

use super::{Desk, Section, desk, desk_of_reader};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// A member of a study.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRow {
    /// The user's id: `{base}/members/{id}` takes another `role`, `{base}/members/{id}/remove` ends it.
    pub id: String,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// `owner`, `interviewer` or `reader`.
    pub role: String,
    /// Whether it is the reader of this page.
    pub myself: bool,
    /// Whether the study would have no owner without this member, who can't leave or become something else then.
    pub only_owner: bool,
}

/// Somebody who was invited and has not answered.
#[derive(Debug, Clone, Serialize)]
pub struct InvitedRow {
    /// The id: `{base}/members/invited/{id}/revoke` takes it back.
    pub id: String,
    /// The mail address.
    pub email: String,
    /// `owner`, `interviewer` or `reader`.
    pub role: String,
    /// Until when it holds.
    pub until: String,
    /// Whether that is past.
    pub expired: bool,
    /// What became of the letter: `queued`, `sent`, `failed` or `cancelled`; `None` when that is forgotten.
    pub letter: Option<String>,
}

/// The link to the reader's own meetings.
#[derive(Debug, Clone, Serialize)]
pub struct OwnLink {
    /// Where it is posted to, as `teams_link`.
    pub action: String,
    /// The link, or empty.
    pub link: String,
    /// Who the reader is to Microsoft, or empty; `None` where Microsoft makes no meetings for the study. Posted as
    /// `microsoft_id` on its own.
    pub microsoft_id: Option<String>,
}

/// The members of a study. Posts `email` and `role` to `{base}/members`.
#[derive(Debug, Clone, Serialize)]
pub struct Team {
    /// What surrounds it.
    pub desk: Desk,
    /// The members.
    pub rows: Vec<MemberRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
    /// Who was invited and has not answered; for those who may invite.
    pub invited: Vec<InvitedRow>,
    /// Where the reader posts `teams_link`, the link to their own meetings, and what it is now; `None` for somebody
    /// who holds no interviews.
    pub own: Option<OwnLink>,
    /// The address as it was typed.
    pub email: String,
    /// The role that is chosen.
    pub role: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for Team {
    fn samples(language: Language) -> Vec<Self> {
        let member = |name: &str, role: &str, myself| MemberRow {
            id: role.to_owned(),
            name: name.to_owned(),
            email: format!("{role}@example.org"),
            role: role.to_owned(),
            myself,
            only_owner: role == "owner",
        };
        let invited = |email: &str, expired, letter: Option<&str>| InvitedRow {
            id: "i".to_owned(),
            email: email.to_owned(),
            role: "interviewer".to_owned(),
            until: "9 mrt 2027, 09.12".to_owned(),
            expired,
            letter: letter.map(str::to_owned),
        };
        let owned = Self {
            desk: desk(Some(Section::Team), "/members"),
            rows: vec![
                member("Noor Verhoeven", "owner", true),
                member("Bram Janssen", "interviewer", false),
                member("Prof. Ilse Maas", "reader", false),
            ],
            first: None,
            next: Some("/studies/x/members?cursor=1".to_owned()),
            invited: vec![
                invited("bram.de.boer@example.org", false, Some("sent")),
                invited("ilse.maas@example.org", true, None),
            ],
            own: Some(OwnLink {
                action: "/studies/x/members/owner".to_owned(),
                link: "https://teams.example.org/l/meetup-join/noor".to_owned(),
                microsoft_id: Some("noor@example.org".to_owned()),
            }),
            email: "nobody@example.org".to_owned(),
            role: "interviewer".to_owned(),
            errors: FieldMessage::all(
                language,
                &[
                    FieldProblem::new("email", FieldCode::UnknownReference),
                    FieldProblem::new("microsoft_id", FieldCode::Value),
                ],
            ),
        };
        let looked_at = Self {
            desk: desk_of_reader(Section::Team, "/members"),
            invited: Vec::new(),
            own: None,
            errors: Vec::new(),
            ..owned.clone()
        };
        vec![owned, looked_at]
    }
}

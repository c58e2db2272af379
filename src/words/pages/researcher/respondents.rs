//! Respondents: the list, one person, and erasing.

mod samples;

use serde::Serialize;

use super::{Choice, Desk, InterviewRow, LetterRow, ProposalCard};
use crate::words::letters::EvidenceItem;
use crate::words::pages::shared::FieldMessage;

/// A respondent in the list.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentRow {
    /// The id, by which the person is ticked.
    pub id: String,
    /// The respondent's page.
    pub href: String,
    /// The code, `R07`.
    pub code: String,
    /// The name, for those who may see it.
    pub name: Option<String>,
    /// Whether there is no name any more, because the contact data were removed.
    pub is_contact_removed: bool,
    /// The municipality.
    pub municipality: String,
    /// The stratum.
    pub stratum: String,
    /// The status of E1.
    pub status: String,
}

/// The respondents of a study. Filters with GET: `q`, `status`, `stratum`, `municipality`, `wave`. Letters to those who
/// are ticked or all who fit post to `{base}/invitations`, anything else that is done to them to `{base}/batches`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentList {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list.
    pub rows: Vec<RespondentRow>,
    /// How many there are under the filter; `None` where that is not known, since a name is sought.
    pub total: Option<u64>,
    /// Whether there are more than that.
    pub is_more: bool,
    /// Every status, by its code.
    pub statuses: Vec<String>,
    /// The code, or the part of a name or mail address, that is searched for, or empty.
    pub q: String,
    /// The name of the municipality that is filtered by, or empty.
    pub municipality: String,
    /// Its code.
    pub municipality_code: String,
    /// The wave of letters that is filtered by, or empty.
    pub wave: String,
    /// The status that is filtered by, or empty.
    pub status: String,
    /// The strata to filter by: key and label.
    pub strata: Vec<Choice>,
    /// The stratum that is filtered by, or empty.
    pub stratum: String,
    /// Whether letters to several can be prepared here.
    pub letters: bool,
    /// What else can be done to several: `batch.title.<name>` in the words.
    pub acts: Vec<String>,
    /// Who can be chosen to interview them.
    pub interviewers: Vec<Choice>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// A respondent who is added or corrected. Posts to `{base}/respondents` or `/respondents/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The code; `None` for somebody new.
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The role in the municipality.
    pub role: String,
    /// The telephone number.
    pub phone: String,
    /// The municipality: code, name or alias.
    pub municipality: String,
    /// `nl` or `en`.
    pub language: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// How to reach a respondent.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The role, if known.
    pub role: Option<String>,
    /// The telephone number, if known.
    pub phone: Option<String>,
    /// When mail to the address came back.
    pub bounced_at: Option<String>,
    /// When a machine last answered for this person.
    pub auto_reply_at: Option<String>,
}

/// A consent that stands.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentGiven {
    /// The version.
    pub version: String,
    /// When.
    pub given_at: String,
    /// The name of the language in which it was read.
    pub read_in: String,
    /// The digest of the exact text.
    pub sha256: String,
    /// The items.
    pub items: Vec<EvidenceItem>,
    /// The version that is asked for now, where that is another one, and the page on what changed.
    pub asked: Option<(String, String)>,
}

/// A line of a respondent's history.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRow {
    /// When.
    pub at: String,
    /// The status that was reached.
    pub status: String,
}

/// One respondent. Posts to `{base}/link` for a new personal link, and `interviewer` to `{base}/interviewer`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentDetail {
    /// What surrounds it.
    pub desk: Desk,
    /// The respondent's id, by which the person is chosen.
    pub id: String,
    /// `/respondents/{id}`.
    pub base: String,
    /// The code.
    pub code: String,
    /// The status of E1.
    pub status: String,
    /// The municipality.
    pub municipality: String,
    /// The stratum.
    pub stratum: String,
    /// `nl` or `en`.
    pub language: String,
    /// Who could be chosen to interview them; nobody where there is no choice.
    pub interviewers: Vec<Choice>,
    /// Who is chosen; empty for whoever is free.
    pub interviewer: String,
    /// How to reach the person, for those who may see it.
    pub contact: Option<Contact>,
    /// When it was removed, if it was.
    pub contact_removed_at: Option<String>,
    /// The personal link that was just made; shown once.
    pub new_link: Option<String>,
    /// The consent, if one stands.
    pub consent: Option<ConsentGiven>,
    /// The code and page of the colleague by whom they came into the study, if by one.
    pub referred_by: Option<(String, String)>,
    /// Whom they named: code and page; neither for somebody who must not be written to.
    pub referred: Vec<Option<(String, String)>>,
    /// What the respondent proposed and waits for an answer.
    pub proposal: Option<ProposalCard>,
    /// The interviews, latest first.
    pub interviews: Vec<InterviewRow>,
    /// The letters, latest first.
    pub letters: Vec<LetterRow>,
    /// The history, latest first.
    pub history: Vec<HistoryRow>,
}

/// The question before a person is erased. Posts to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct Erase {
    /// What surrounds it.
    pub desk: Desk,
    /// `/respondents/{id}`.
    pub base: String,
    /// The code.
    pub code: String,
    /// The interview that would be called off with it, in words.
    pub interview: Option<String>,
    /// How many rendered letters would be erased.
    pub letters: u64,
}

//! Why a message changed nothing and waits for a person.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a message changed nothing and waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncomingDoubt)]
pub enum Doubt {
    /// It is longer than what is read.
    TooLarge,
    /// Its parts lie too deep in each other, or are too many.
    TooDeep,
    /// It can't be read as a message.
    Broken,
    /// Its calendar can't be read, or says more than one thing.
    CalendarBroken,
    /// Its calendar is no answer: an invitation of somebody else, for example.
    NoAnswer,
    /// A person wrote it, or a program that is not known.
    Written,
    /// It answers for an interview that is not known.
    UnknownInterview,
    /// It answers for somebody who was not invited, perhaps from another address of theirs.
    UnknownAttendee,
    /// It comes from another address than that of whom it answers for.
    OtherSender,
    /// The mail server could not establish that it comes from the address that it answers for.
    Unproven,
    /// A later answer is known.
    Overtaken,
    /// It answers to a version of the interview that was never sent.
    NotYetSent,
    /// The interview that it answers for is cancelled or over.
    NotPlanned,
    /// It proposes another time.
    Proposal,
    /// It tells of a letter that is not known, or was sent anew since.
    UnknownLetter,
    /// A mail server tells of a letter, but not in a way in which a machine could read what became of it.
    UnclearReport,
    /// The mail server has it in the folder and does not hand it out.
    Withheld,
    /// It asks for no more letters, for nobody who is known.
    UnknownPerson,
}

impl Doubt {
    /// Every reason.
    pub const ALL: [Self; 18] = [
        Self::TooLarge,
        Self::TooDeep,
        Self::Broken,
        Self::CalendarBroken,
        Self::NoAnswer,
        Self::Written,
        Self::UnknownInterview,
        Self::UnknownAttendee,
        Self::OtherSender,
        Self::Unproven,
        Self::Overtaken,
        Self::NotYetSent,
        Self::NotPlanned,
        Self::Proposal,
        Self::UnknownLetter,
        Self::UnclearReport,
        Self::Withheld,
        Self::UnknownPerson,
    ];

    /// The name in JSON, in the database and in the words of pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::Broken => "broken",
            Self::CalendarBroken => "calendar_broken",
            Self::NoAnswer => "no_answer",
            Self::Written => "written",
            Self::UnknownInterview => "unknown_interview",
            Self::UnknownAttendee => "unknown_attendee",
            Self::OtherSender => "other_sender",
            Self::Unproven => "unproven",
            Self::Overtaken => "overtaken",
            Self::NotYetSent => "not_yet_sent",
            Self::NotPlanned => "not_planned",
            Self::Proposal => "proposal",
            Self::UnknownLetter => "unknown_letter",
            Self::UnclearReport => "unclear_report",
            Self::Withheld => "withheld",
            Self::UnknownPerson => "unknown_person",
        }
    }
}

impl FromStr for Doubt {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|doubt| doubt.as_str() == text).ok_or(())
    }
}

//! Who may do what in a study: one table (R11).
//!
//! A [`Member`] is the proof that somebody holds a role in a study. It can only be made by the store inside the
//! transaction that uses it, so that a membership that ended a moment ago opens nothing.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// What a person is in a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers for the study: everything.
    Owner,
    /// Works with respondents: contacts, letters, own availability, interviews, sheets, guides.
    Interviewer,
    /// Looks on: pseudonymous views and exports, no contact data.
    Reader,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Interviewer, Self::Reader];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Interviewer => "interviewer",
            Self::Reader => "reader",
        }
    }

    /// The table: whether a role has a right.
    #[must_use]
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Interviewer => {
                !matches!(right, Right::ChangeStudy | Right::PlanForOthers | Right::PublishConsent)
            }
            Self::Reader => matches!(right, Right::View | Right::Export),
        }
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|r| r.as_str() == text).ok_or(())
    }
}

/// What can be done in a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See the study, its strata, counts, and everything under pseudonyms.
    View,
    /// Take the pseudonymous data out.
    Export,
    /// Change the study, its strata or its members; close it.
    ChangeStudy,
    /// Write and publish consent forms.
    PublishConsent,
    /// See and change names and addresses; add, import, correct and erase respondents.
    Contacts,
    /// Invite and remind, send a letter again, and change the wording of letters.
    Letters,
    /// Change one's own availability.
    PlanSelf,
    /// Change somebody else's availability.
    PlanForOthers,
    /// Move, cancel and close interviews; keep sheets.
    Interviews,
    /// Write and publish interview guides.
    Guides,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::Export,
        Self::ChangeStudy,
        Self::PublishConsent,
        Self::Contacts,
        Self::Letters,
        Self::PlanSelf,
        Self::PlanForOthers,
        Self::Interviews,
        Self::Guides,
    ];
}

/// A person in a role in a study, as the running transaction sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    user: UserId,
    study: StudyId,
    role: Role,
}

impl Member {
    /// Only the store may call this, with a row that it has just read.
    pub(crate) const fn read(user: UserId, study: StudyId, role: Role) -> Self {
        Self { user, study, role }
    }

    /// The person.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The study.
    #[must_use]
    pub const fn study(&self) -> StudyId {
        self.study
    }

    /// The role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether the role has the right.
    #[must_use]
    pub const fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }

    /// Demands the right.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] when the role does not have it.
    pub fn require(self, right: Right) -> Outcome<Self> {
        if self.may(right) { Ok(self) } else { Err(Problem::Forbidden) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_everything_and_a_reader_never_sees_contacts() {
        assert!(Right::ALL.into_iter().all(|right| Role::Owner.may(right)));
        let reader: Vec<_> = Right::ALL.into_iter().filter(|right| Role::Reader.may(*right)).collect();
        assert_eq!(reader, [Right::View, Right::Export]);
    }

    #[test]
    fn an_interviewer_changes_neither_the_study_nor_somebody_elses_hours() {
        for right in [Right::ChangeStudy, Right::PlanForOthers, Right::PublishConsent] {
            assert!(!Role::Interviewer.may(right));
        }
        assert!(Role::Interviewer.may(Right::Contacts));
    }
}

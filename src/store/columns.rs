//! How our own types stand in columns: one implementation for both databases, so that no other room knows Diesel.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromStaticSqlRow, Queryable};
use diesel::dsl::AsExprOf;
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::attendance::Attendance;
use crate::domain::availability::ReservationKind;
use crate::domain::batch::{Act, BatchState, Fate};
use crate::domain::calendar_feed::FeedFault;
use crate::domain::delivery::LetterState;
use crate::domain::guide::QuestionState;
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::incoming::{Doubt, Kind};
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::language::Language;
use crate::domain::letter::LetterKind;
use crate::domain::meeting::{LinkSource, MeetingProblem, MeetingState, Wanted};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::proposal::{ProposalSource, ProposalState};
use crate::domain::respondent::{RespondentStatus, SkipReason};
use crate::domain::wave::WaveKind;
use crate::id::{
    AvailabilityId, BatchId, BlockId, CalendarId, ConsentFormId, ConsentId, DelegateId, GuideId, ImportId,
    IncomingId, InterviewId, InvitationId, LetterId, ProposalId, ReferralId, ReservationId, RespondentId,
    SessionId, StratumId, StudyId, TokenId, UserId, WaveId,
};

/// What a column holds is not a value of its type; only a hand in the database can bring that about.
#[derive(Debug, thiserror::Error)]
#[error("the column holds «{0}», which is no {1}")]
struct Foreign(String, &'static str);

/// Types that stand in a text column under the name that they give themselves.
macro_rules! text_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = String::from_sql(bytes)?;
                text.parse().map_err(|_| Foreign(text, stringify!($name)).into())
            }
        }

        impl<DB: Backend> Queryable<Text, DB> for $name
        where
            Self: FromStaticSqlRow<Text, DB>,
        {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }

        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl AsExpression<Text> for $name {
            type Expression = AsExprOf<String, Text>;

            fn as_expression(self) -> Self::Expression {
                AsExpression::<Text>::as_expression(self.as_str().to_owned())
            }
        }

        impl AsExpression<Nullable<Text>> for $name {
            type Expression = AsExprOf<String, Nullable<Text>>;

            fn as_expression(self) -> Self::Expression {
                AsExpression::<Nullable<Text>>::as_expression(self.as_str().to_owned())
            }
        }
    )+};
}

text_columns!(
    AvailabilityId,
    BatchId,
    BlockId,
    CalendarId,
    ConsentFormId,
    ConsentId,
    DelegateId,
    GuideId,
    ImportId,
    IncomingId,
    InterviewId,
    InvitationId,
    LetterId,
    ProposalId,
    ReferralId,
    ReservationId,
    RespondentId,
    SessionId,
    StratumId,
    StudyId,
    TokenId,
    UserId,
    WaveId,
    Role,
    Language,
    LetterKind,
    LetterState,
    LinkSource,
    MeetingProblem,
    MeetingState,
    Wanted,
    Mode,
    InterviewStatus,
    ProposalSource,
    ProposalState,
    QuestionState,
    ReservationKind,
    RespondentStatus,
    SkipReason,
    WaveKind,
    MunicipalityCode,
    DraftState,
    Verdict,
    Act,
    BatchState,
    Fate,
    FeedFault,
    Attendance,
    Doubt,
    Kind,
);

impl<DB: Backend> FromSql<BigInt, DB> for Instant
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self::from_unix)
    }
}

impl<DB: Backend> Queryable<BigInt, DB> for Instant
where
    Self: FromStaticSqlRow<BigInt, DB>,
{
    type Row = Self;

    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Instant
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_unix().to_sql(out)
    }
}

impl AsExpression<BigInt> for Instant {
    type Expression = AsExprOf<i64, BigInt>;

    fn as_expression(self) -> Self::Expression {
        AsExpression::<BigInt>::as_expression(self.unix())
    }
}

impl AsExpression<Nullable<BigInt>> for Instant {
    type Expression = AsExprOf<i64, Nullable<BigInt>>;

    fn as_expression(self) -> Self::Expression {
        AsExpression::<Nullable<BigInt>>::as_expression(self.unix())
    }
}

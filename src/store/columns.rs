//! How our own types stand in columns: one implementation for both databases.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Text};

use crate::clock::Instant;
use crate::id::{
    AvailabilityId, ConsentFormId, ConsentId, GuideId, InterviewId, LetterId, ReservationId, RespondentId,
    SessionId, StratumId, StudyId, TokenId, UserId, WaveId,
};

impl<DB: Backend> FromSql<BigInt, DB> for Instant
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self::from_unix)
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

macro_rules! text_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(bytes)?.parse::<Self>()?)
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
    )+};
}

text_columns!(
    AvailabilityId,
    ConsentFormId,
    ConsentId,
    GuideId,
    InterviewId,
    LetterId,
    ReservationId,
    RespondentId,
    SessionId,
    StratumId,
    StudyId,
    TokenId,
    UserId,
    WaveId,
);

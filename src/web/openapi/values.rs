//! How ids and moments look in the description of the API: as the texts that they are in JSON.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::clock::Instant;
use crate::id::{
    AvailabilityId, ConsentFormId, ConsentId, GuideId, InterviewId, LetterId, ReservationId, RespondentId,
    SessionId, StratumId, StudyId, TokenId, UserId, WaveId,
};

macro_rules! texts {
    ($name:literal, $format:literal, $about:literal: $($type:ty),+ $(,)?) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let format = Some(SchemaFormat::Custom($format.to_owned()));
                let text = ObjectBuilder::new().schema_type(Type::String).format(format);
                text.description(Some($about)).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )+};
}

texts!(
    "Id", "uuid", "A name that the server gave; ids sort by the time of making.":
    AvailabilityId, ConsentFormId, ConsentId, GuideId, InterviewId, LetterId, ReservationId, RespondentId,
    SessionId, StratumId, StudyId, TokenId, UserId, WaveId,
);

texts!("Moment", "date-time", "A moment in UTC, in whole seconds: `2027-03-01T09:00:00Z`.": Instant);

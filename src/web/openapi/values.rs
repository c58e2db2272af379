//! How ids, moments and other single values look in the description of the API: as the texts that they are in JSON.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::clock::Instant;
use crate::domain::availability::WallTime;
use crate::domain::municipality::{MunicipalityCode, Province};
use crate::domain::text::EmailAddress;
use crate::id::{
    AvailabilityId, BatchId, BlockId, CalendarId, ConsentFormId, ConsentId, GuideId, IncomingId, InterviewId,
    LetterId, ProposalId, ReservationId, RespondentId, SessionId, StratumId, StudyId, TokenId, UserId,
    WaveId,
};

macro_rules! texts {
    ($name:literal, $about:literal, $text:expr => $($type:ty),+ $(,)?) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let about = ObjectBuilder::new().schema_type(Type::String).description(Some($about));
                let text: fn(ObjectBuilder) -> ObjectBuilder = $text;
                text(about).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )+};
}

fn format(name: &str) -> SchemaFormat {
    SchemaFormat::Custom(name.to_owned())
}

texts!(
    "Id", "A name that the server gave; ids sort by the time of making.", |text| text.format(Some(format("uuid"))) =>
    AvailabilityId, BatchId, BlockId, CalendarId, ConsentFormId, ConsentId, GuideId, IncomingId, InterviewId, LetterId,
    ProposalId,
    ReservationId, RespondentId, SessionId, StratumId, StudyId, TokenId, UserId, WaveId,
);

texts!(
    "Moment", "A moment in UTC, in whole seconds. Any offset is taken; answers end in `Z`.",
    |text| text.format(Some(format("date-time"))).examples(["2027-03-01T09:00:00Z"]) => Instant,
);

texts!(
    "WallTime", "A time of the day in the study's zone, from `00:00` to `24:00`.",
    |text| text.pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")).examples(["09:00"]) => WallTime,
);

texts!(
    "EmailAddress", "A mail address.",
    |text| text.format(Some(format("email"))).max_length(Some(200)) => EmailAddress,
);

texts!(
    "MunicipalityCode", "The code by which Statistics Netherlands names a municipality.",
    |text| text.pattern(Some("^GM[0-9]{4}$")).examples(["GM0363"]) => MunicipalityCode,
);

texts!(
    "Province", "A Dutch province, by its official name.",
    |text| text.enum_values(Some(Province::ALL.map(Province::as_str))) => Province,
);

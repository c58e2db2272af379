//! How long an interviewer is on the way to interviews in person.

use serde::Serialize;
use utoipa::ToSchema;

use super::respondents::Named;
use crate::domain::access::Right;
use crate::domain::travel::Travel;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, members, municipalities, travel};

/// An interviewer's ways, one way each.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Travel)]
pub struct TravelView {
    /// Minutes to a municipality for which nothing else is said.
    pub minutes: i32,
    /// Those that are nearer or farther, by name.
    pub municipalities: Vec<Way>,
}

/// The way to one municipality.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TravelWay)]
pub struct Way {
    /// Where to.
    pub municipality: Named,
    /// Minutes, one way.
    pub minutes: i32,
}

impl From<&TravelView> for Travel {
    fn from(view: &TravelView) -> Self {
        let single = view.municipalities.iter().map(|way| (way.municipality.code, way.minutes));
        Self { minutes: view.minutes, municipalities: single.collect() }
    }
}

/// The ways of one interviewer, for themselves and for owners.
///
/// # Errors
/// Those of access, and [`Problem::NotFound`] for somebody who plans no interviews in this study.
pub fn of(tx: &mut Tx<'_>, user: UserId, study: StudyId, whose: UserId) -> Outcome<TravelView> {
    let member = members::require(tx, study, user, Right::PlanSelf)?;
    if whose != user {
        member.require(Right::PlanForOthers)?;
    }
    if !members::interviews(tx, study, whose)? {
        return Err(Problem::NotFound);
    }
    let places = municipalities::places(tx)?;
    let ways = travel::of(tx, study, whose)?;
    let mut municipalities: Vec<Way> = ways
        .municipalities
        .into_iter()
        .map(|(code, minutes)| Way { municipality: Named { code, name: places.name(code) }, minutes })
        .collect();
    municipalities.sort_by(|a, b| a.municipality.name.cmp(&b.municipality.name));
    Ok(TravelView { minutes: ways.minutes, municipalities })
}

//! The other language in the middle of a form. On a page with a form the language switch is a button of that form: it
//! brings what was ticked and typed, and gets the same page back with all of it. Nothing is checked, so that nobody
//! reads of mistakes in what they have not sent yet, and nothing is written.

use rocket::request::FromParam;
use rocket::{Route, State, post};

use super::{Guest, booking, consent, details, endings, proposing, referring};
use crate::problem::{Outcome, Problem};
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken};
use crate::web::pages::Html;
use crate::web::pages::forms::OpenForm;
use crate::words::pages::respondent::{Ending, Plan};

/// Before every route that writes, which would else take the switch for the button of the form.
const FIRST: isize = -100;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = rocket::routes![again];
    for route in &mut routes {
        route.rank = FIRST;
    }
    routes
}

/// The pages with a form, as the path names them.
enum FormPage {
    Consent,
    Times(Plan),
    Details,
    Propose,
    Colleague,
    WayOut(Ending),
}

impl<'a> FromParam<'a> for FormPage {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        match param {
            "consent" => Ok(Self::Consent),
            "book" => Ok(Self::Times(Plan::Book)),
            "move" => Ok(Self::Times(Plan::Move)),
            "details" => Ok(Self::Details),
            "propose" => Ok(Self::Propose),
            "colleague" => Ok(Self::Colleague),
            other => Ending::of_path(other).map(Self::WayOut).ok_or(()),
        }
    }
}

/// Which part of a page was shown, as its address says.
#[derive(Clone, Copy, rocket::FromForm)]
struct Part<'r> {
    mode: Option<&'r str>,
    from: Option<&'r str>,
    starts_at: Option<&'r str>,
}

/// The address alone tells the switch from the button of the form.
#[post("/<token>/<page>?again=yes&<part..>", data = "<sent>")]
async fn again(
    app: &State<App>,
    token: LinkToken,
    page: FormPage,
    part: Part<'_>,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    filled_in(app, &token, &guest, page, part, &sent).await
}

async fn filled_in(
    app: &App,
    token: &LinkToken,
    guest: &Guest,
    page: FormPage,
    part: Part<'_>,
    sent: &OpenForm,
) -> Outcome<Html> {
    let given = &sent.given;
    match page {
        FormPage::Consent => consent::page(guest, given),
        FormPage::Times(plan) => {
            booking::page(app, guest, token, (plan, None), (part.mode, part.from), given).await
        }
        FormPage::Details => match details::asked(guest, part.mode, part.starts_at) {
            Some(asked) => details::page(app, guest, asked, given).await,
            None => Err(Problem::NotFound),
        },
        FormPage::Propose => proposing::page(guest, part.mode, given, app.clock.now()),
        FormPage::Colleague => referring::page(guest, given),
        FormPage::WayOut(ending) => endings::page(guest, ending, given, app.clock.now()),
    }
}

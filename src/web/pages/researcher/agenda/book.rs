//! An interview that a researcher books for somebody: the form, the last question before letters leave, and the
//! booking.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::json;
use url::form_urlencoded::Serializer;

use super::address;
use super::asked::{NAMES, Wanted, demand_planner, fields_of, refusal, refused, typed, venue, wanted};
use super::time::interviewers;
use crate::actions::book_for::book_for;
use crate::actions::note_view::View;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::agenda::Extent;
use crate::domain::availability::date_at;
use crate::domain::interview::{Asker, Mode};
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::agenda::ready::{self, Ready};
use crate::queries::respondents::{self, RespondentItem};
use crate::queries::studies::StudyItem;
use crate::queries::why_not::{self, Question};
use crate::web::App;
use crate::web::api::bookings::read_booking;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::pages::researcher::desk::{At, at_fields, base, demand, done, wrong};
use crate::web::pages::researcher::interviews::{is_about_time, page_of};
use crate::web::query::Query;
use crate::words::letters::When;
use crate::words::pages::researcher::{AgendaBook, Arrangement, Choice, Desk, Refused, Section};
use crate::words::pages::respondent::Meeting;
use crate::words::pages::shared::Deed;
use crate::words::{dates, phrase, problem_sentence, word};

/// So many respondents are offered in a list; where there are more, a code is typed.
const READY: usize = 200;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    rocket::routes![ask, book]
}

/// Where the form stands and what surrounds it.
struct Desked {
    desk: Desk,
    item: StudyItem,
}

#[get("/studies/<study>/agenda/book")]
async fn ask(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let study = study.0;
    let desked = desk(app, &who, &at, study).await?;
    if query.text("check").is_empty() {
        return Html::page(at.language, form(app, &who, &at, desked, &query).await?);
    }
    let checked = check(app, &who, &at, &desked, &query).await;
    let problem = match checked {
        Ok(Checked::Free(arrangement)) => {
            return Html::page(at.language, *arrangement);
        }
        Ok(Checked::Refused(refused)) => {
            let page = form(app, &who, &at, desked, &query).await?;
            return Html::page(at.language, AgendaBook { refused: Some(refused), ..page });
        }
        Err(problem) => problem,
    };
    let (errors, problem) = at_fields(at.language, problem)?;
    let page = form(app, &who, &at, desked, &query).await?;
    Html::again(at.language, &problem, AgendaBook { errors, ..page })
}

async fn desk(app: &App, who: &Researcher, at: &At, study: StudyId) -> Outcome<Desked> {
    let (desk, item) = at.study(app, who, study, Section::Agenda).await?;
    demand(&item, Right::Interviews)?;
    Ok(Desked { desk, item })
}

async fn form(
    app: &App,
    who: &Researcher,
    at: &At,
    Desked { desk, item }: Desked,
    query: &Query,
) -> Outcome<AgendaBook> {
    let (now, user, study) = (app.clock.now(), who.user, item.id);
    let rules = item.study.rules;
    let zone = rules.time_zone;
    let (found, more_ready) = app.store.read(move |tx| ready::first(tx, user, study, READY)).await?;
    app.note_view(user, View::Respondents(study)).await?;
    let (date, time) = typed(query, zone);
    let day = date.parse().unwrap_or_else(|_| date_at(zone, now));
    let usual = rules.modes.first().copied().unwrap_or(Mode::Teams);
    Ok(AgendaBook {
        desk,
        back: address(study, Extent::Week, day, query.text("interviewer").parse().ok()),
        code: query.text("code"),
        ready: found.into_iter().map(offer).collect(),
        more_ready,
        date,
        time,
        zone: dates::zone_name(at.language, zone, now),
        mode: query.text("mode").parse().unwrap_or(usual),
        modes: rules.modes,
        place: query.text("place"),
        interviewers: interviewers(app, user, study).await?,
        interviewer: query.text("interviewer"),
        refused: None,
        errors: Vec::new(),
    })
}

/// Somebody who may be booked, as the list names them.
fn offer(ready: Ready) -> Choice {
    let name = ready.name.map(|name| format!(" {name}")).unwrap_or_default();
    Choice { label: format!("{}{name}, {}", ready.code, ready.municipality), value: ready.code }
}

/// What becomes of a wish.
enum Checked {
    /// It can be: the last question.
    Free(Box<Arrangement>),
    /// It can't be.
    Refused(Refused),
}

async fn check(app: &App, who: &Researcher, at: &At, desked: &Desked, query: &Query) -> Outcome<Checked> {
    let (now, user, study, language) = (app.clock.now(), who.user, desked.item.id, at.language);
    let zone = desked.item.study.rules.time_zone;
    let mut fields = query.fields(&[&["code"][..], &NAMES[..]].concat());
    let code = fields.required("code", input::line);
    let asked = wanted(&mut fields, query, zone);
    let (code, asked) = fields.finish(|| Some((code?, asked?)))?;
    let (moment, mode) = (asked.at, asked.mode);
    let (whom, found) = app
        .store
        .read(move |tx| {
            let id = respondents::id_of_code(tx, user, study, &code.trim().to_uppercase())?;
            let question = Question { at: moment, mode, respondent: Some(id), asker: Asker::Researcher };
            Ok((respondents::get(tx, user, id)?, why_not::of(tx, user, study, question, now)?))
        })
        .await?;
    if whom.status == RespondentStatus::Booked {
        let obstacles = vec![phrase(language, "agenda.has_interview", &json!({ "code": whom.code }))];
        return Ok(Checked::Refused(refused(language, zone, moment, obstacles)));
    }
    let (mode, ends_at) = (found.mode, found.ends_at);
    let chosen = asked.interviewer;
    demand_planner(&found, chosen)?;
    let mut able = found.interviewers.iter().filter(|each| match chosen {
        Some(chosen) => each.interviewer == chosen,
        None => each.free,
    });
    // Of several who are free the one with the fewest interviews that week takes it when it is booked.
    let holder = able.next().filter(|_| able.next().is_none()).map(|each| each.name.clone());
    if let Some(refused) = refusal(language, zone, found, chosen) {
        return Ok(Checked::Refused(refused));
    }
    app.note_view(user, View::Respondent(whom.id)).await?;
    let meeting = Meeting {
        when: When::new(language, zone, moment, ends_at),
        venue: venue(language, mode, asked.place.as_deref(), &whom.municipality.name),
    };
    Ok(Checked::Free(Box::new(last_question(language, desked, (whom, holder), (&asked, mode, meeting)))))
}

/// The page before letters leave. Its fields are those of the API, and behind them what the form held.
fn last_question(
    language: Language,
    desked: &Desked,
    (whom, interviewer): (RespondentItem, Option<String>),
    (asked, mode, meeting): (&Wanted, Mode, Meeting),
) -> Arrangement {
    let (study, rules) = (desked.item.id, &desked.item.study.rules);
    let (date, time) = fields_of(rules.time_zone, asked.at);
    let place = asked.place.clone().unwrap_or_default();
    let letter = |key: &str| {
        let tongue = word(language, &format!("language.{}", whom.language.as_str()));
        phrase(language, &format!("agenda.letter.{key}"), &json!({ "code": whom.code, "language": tongue }))
    };
    let typed = [
        ("code", whom.code.clone()),
        ("date", date.clone()),
        ("time", time.clone()),
        ("mode", mode.to_string()),
        ("place", place.clone()),
        ("interviewer", asked.interviewer.map(|with| with.to_string()).unwrap_or_default()),
    ];
    let typed: Vec<_> = typed.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let again = Serializer::new(String::new()).extend_pairs(&typed).finish();
    let named = [("respondent", whom.id.to_string()), ("starts_at", asked.at.to_string())];
    let posted = named.into_iter().chain(typed);
    Arrangement {
        desk: desked.desk.clone(),
        letters: vec![letter("confirmation"), letter("interviewer_booked")],
        code: whom.code,
        name: whom.name,
        municipality: whom.municipality.name,
        before: None,
        after: Some(meeting),
        interviewer,
        refused: None,
        back: format!("{}/agenda/book?{}", base(study), again),
        free: None,
        action: format!("{}/agenda/book", base(study)),
        fields: posted.map(|(name, value)| Choice { value, label: name.to_owned() }).collect(),
        date,
        time,
        modes: rules.modes.clone(),
        mode,
        place,
        errors: Vec::new(),
    }
}

#[post("/studies/<study>/agenda/book", data = "<form>")]
async fn book(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let read = read_booking(form.given.without(|name| matches!(name, "code" | "date" | "time")).fields());
    let outcome = match app.told(read, Place::Study(study), user, Right::Interviews).await {
        Ok((respondent, wish)) => {
            let (once, domain) = (form.once(now), app.settings.mail_domain().to_owned());
            let whose = (study, respondent);
            app.store.write_once(once, move |tx| book_for(tx, now, user, whose, &wish, &domain)).await
        }
        Err(problem) => Err(problem),
    };
    let problem = match outcome {
        Ok(made) => return Ok(Either::Left(done(&page_of(made.resource), Deed::BookedFor))),
        Err(problem) => problem,
    };
    let errors = wrong(at.language, &problem);
    if errors.is_none() && !is_about_booking(&problem) {
        return Err(problem);
    }
    // What changed since the last question is told above the form, with all that was filled in.
    let at = at.on(format!("{}/agenda/book", base(study)));
    let desked = desk(app, &form.who, &at, study).await?;
    let zone = desked.item.study.rules.time_zone;
    let moment = Instant::parse(&form.given.text("starts_at"));
    let said = vec![problem_sentence(at.language, &problem)];
    let refused = moment.filter(|_| errors.is_none()).map(|moment| refused(at.language, zone, moment, said));
    let query = Query::of_form(&form.given);
    let page = self::form(app, &form.who, &at, desked, &query).await?;
    let page = AgendaBook { refused, errors: errors.unwrap_or_default(), ..page };
    Html::again(at.language, &problem, page).map(Either::Right)
}

/// Whether a refusal concerns what was asked for, so that the form can be filled in otherwise.
fn is_about_booking(problem: &Problem) -> bool {
    is_about_time(problem)
        || matches!(
            problem,
            Problem::QuotaFull
                | Problem::ConsentMissing
                | Problem::AlreadyBooked
                | Problem::Withdrawn
                | Problem::StudyClosed
        )
}

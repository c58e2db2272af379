//! What happened in the demo's study before it is opened: thirteen officials in eleven large, one medium and one small
//! municipality; some interviewed, some booked, some invited, some not written to yet.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::actions::add_user::add_user;
use crate::actions::book::book;
use crate::actions::consent::{Given, consent};
use crate::actions::create_study::create_study;
use crate::actions::draft_consent_form::draft_consent_form;
use crate::actions::draft_guide::draft_guide;
use crate::actions::import_respondents::{Import, import_respondents};
use crate::actions::plan_availability::plan_availability;
use crate::actions::publish_consent_form::publish_consent_form;
use crate::actions::publish_guide::publish_guide;
use crate::actions::record::{Became, record};
use crate::actions::record_answer::{Answer, record_answer};
use crate::actions::set_strata::set_strata;
use crate::actions::wave::{begin_wave, continue_wave};
use crate::actions::{Wish, press::press};
use crate::clock::Instant;
use crate::domain::account::hash_password;
use crate::domain::availability::{AvailabilityDraft, RuleDraft, date_at};
use crate::domain::consent::ConsentForm;
use crate::domain::contact_list::ContactList;
use crate::domain::guide::{GuideDraft, QuestionState};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::stratum::StratumPlan;
use crate::domain::study::{Edit, Study, StudyPatch};
use crate::domain::text::EmailAddress;
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{InterviewId, StudyId, UserId};
use crate::keys::{fresh_token, token_digest};
use crate::problem::{Outcome, Problem};
use crate::queries::slots;
use crate::store::Store;
use crate::store::respondents::{self, Filter, Respondent};

const RESPONDENTS: &str = include_str!("respondents.csv");
const PRIVACY_NOTICE: &str = include_str!("privacy_notice.json");
const CONSENT: &str = include_str!("consent.json");
const GUIDE: &str = include_str!("guide.json");

/// How many of the thirteen were interviewed, have an interview planned, have only consented, were only invited.
const HELD: usize = 5;
const BOOKED: usize = 3;
const CONSENTED: usize = 1;
const INVITED: usize = 2;

/// How many interviews are meant in large, medium and small municipalities.
const TARGETS: [u32; 3] = [11, 1, 1];

/// What the demo prints.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// Who signs in.
    pub researcher: UserId,
    /// The token of a respondent who was invited and has not answered.
    pub link: String,
}

/// The teller, with the moment at which the demo is opened.
pub(super) struct Story {
    store: Store,
    now: Instant,
    mail_domain: String,
}

impl Story {
    pub(super) fn new(store: Store, now: Instant, mail_domain: &str) -> Self {
        Self { store, now, mail_domain: mail_domain.to_owned() }
    }

    /// Tells it from the beginning.
    pub(super) async fn tell(&self) -> Outcome<Told> {
        let researcher = self.researcher().await?;
        let study = self.study(researcher).await?;
        self.prepare(researcher, study).await?;
        let people = self.people(study).await?;
        self.invite(researcher, study, &people).await?;
        for (number, person) in people.iter().enumerate() {
            if number < HELD {
                let mode = if number == HELD - 1 { Mode::InPerson } else { Mode::Teams };
                self.interviewed(researcher, person, number, mode).await?;
            } else if number < HELD + BOOKED {
                self.books(person, 3, 2, Mode::Teams).await?;
            } else if number < HELD + BOOKED + CONSENTED {
                self.consents(person, self.now.plus_days(-2)).await?;
            }
        }
        let waiting = people.get(HELD + BOOKED + CONSENTED).ok_or(Problem::NotFound)?;
        let link = self.store.keys().link_token(waiting.id, waiting.link_generation);
        Ok(Told { researcher, link })
    }

    async fn researcher(&self) -> Outcome<UserId> {
        let email = EmailAddress::parse("researcher@utwente.example.org")
            .map_err(|code| Problem::field("email", code))?;
        // Nobody knows this password; the demo signs in by its link.
        let hash = hash_password(&fresh_token())?;
        let at = self.now.plus_days(-42);
        self.store.write(move |tx| add_user(tx, at, &email, "Sam de Vries", &hash)).await
    }

    async fn study(&self, researcher: UserId) -> Outcome<StudyId> {
        let patch = StudyPatch {
            title: Some("Beleid in de praktijk van het sociaal domein".to_owned()),
            organisation: Some("Universiteit Twente".to_owned()),
            contact_email: Some("researcher@utwente.example.org".to_owned()),
            teams_link: Edit::Set("https://teams.example.org/l/meetup-join/demo".to_owned()),
            ethics: Edit::Set("Ethische commissie BMS, aanvraag 261104 (voorbeeld)".to_owned()),
            privacy_notice: Some(read(PRIVACY_NOTICE)?),
            ..StudyPatch::default()
        };
        let at = self.now.plus_days(-42);
        let today = date_at(chrono_tz::Europe::Amsterdam, at);
        let study = Study::create(&patch, today).map_err(Problem::Invalid)?;
        self.store.write(move |tx| create_study(tx, at, researcher, &study)).await
    }

    /// Strata, consent form, guide, hours and the list of officials.
    async fn prepare(&self, user: UserId, study: StudyId) -> Outcome<()> {
        let at = self.now.plus_days(-41);
        let plan = |(plan, target)| StratumPlan { target: Some(target), ..plan };
        let strata: Vec<_> = StratumPlan::defaults(Language::Nl).into_iter().zip(TARGETS).map(plan).collect();
        self.store.write(move |tx| set_strata(tx, at, user, study, &strata, |_| Ok(()))).await?;
        let form: ConsentForm = read(CONSENT)?;
        let form = self.store.write(move |tx| draft_consent_form(tx, at, user, study, &form)).await?.resource;
        self.store.write(move |tx| publish_consent_form(tx, at, user, form, |_| Ok(()))).await?;
        let guide = read::<GuideDraft>(GUIDE)?.check().map_err(Problem::Invalid)?;
        let guide = self.store.write(move |tx| draft_guide(tx, at, user, study, &guide)).await?;
        self.store.write(move |tx| publish_guide(tx, at, user, guide, |_| Ok(()))).await?;
        let hours = AvailabilityDraft {
            rules: ["mon", "tue", "wed", "thu"].map(office_hours).into(),
            exceptions: Vec::new(),
        };
        self.store.write(move |tx| plan_availability(tx, at, user, study, user, &hours, |_| Ok(()))).await?;
        let list = ContactList::open(RESPONDENTS.as_bytes().to_vec()).map_err(Problem::Invalid)?;
        let report =
            import_respondents(&self.store, Import { now: at, user, study }, list, None, false).await?;
        if report.rejected.is_empty() {
            Ok(())
        } else {
            Err(Problem::internal("the demo's list has a bad row"))
        }
    }

    async fn people(&self, study: StudyId) -> Outcome<Vec<Respondent>> {
        self.store.read(move |tx| respondents::page(tx, study, Filter::default(), 50)).await
    }

    async fn invite(&self, user: UserId, study: StudyId, people: &[Respondent]) -> Outcome<()> {
        let at = self.now.plus_days(-40);
        let chosen =
            people.iter().take(HELD + BOOKED + CONSENTED + INVITED).map(|person| person.id).collect();
        let selection = Selection::new(Some(chosen), None);
        let named = selection.clone();
        let wave = self
            .store
            .write(move |tx| begin_wave(tx, at, user, study, WaveKind::Invitations, &named))
            .await?
            .resource;
        loop {
            let named = selection.clone();
            if !self.store.write(move |tx| continue_wave(tx, at, user, wave, &named)).await? {
                return Ok(());
            }
        }
    }

    async fn consents(&self, person: &Respondent, at: Instant) -> Outcome<()> {
        let digest = token_digest(&self.store.keys().link_token(person.id, person.link_generation));
        let items = [("take_part", true), ("recording", true), ("quotes", true), ("archive", false)];
        let items: BTreeMap<String, bool> = items.map(|(key, yes)| (key.to_owned(), yes)).into();
        let given = Given { version: 1, language: None, items, name: None };
        self.store
            .write(move |tx| {
                let who = press(tx, at, &digest)?;
                consent(tx, at, &who, &given)
            })
            .await
            .map(drop)
    }

    /// Consents and books the first free time some days later.
    async fn books(
        &self,
        person: &Respondent,
        days_ago: i64,
        days_ahead: i64,
        mode: Mode,
    ) -> Outcome<(InterviewId, Instant)> {
        let at = self.now.plus_days(-days_ago);
        self.consents(person, at).await?;
        let digest = token_digest(&self.store.keys().link_token(person.id, person.link_generation));
        let (link, from) = (digest.clone(), self.now.plus_days(days_ahead));
        let range = (Some(from), Some(from.plus_days(14)));
        let free = self.store.read(move |tx| slots::of_link(tx, &link, Some(mode), range, at)).await?;
        let starts_at = free.first().map(|slot| slot.starts_at).ok_or(Problem::OutsideAvailability)?;
        let domain = self.mail_domain.clone();
        let booking = self.store.write(move |tx| {
            let who = press(tx, at, &digest)?;
            book(
                tx,
                at,
                &who,
                &Wish { starts_at, mode, place: None, interviewer: None, delegate: None },
                &domain,
            )
        });
        Ok((booking.await?.resource, starts_at))
    }

    /// Was interviewed some weeks ago, with the sheet filled in.
    async fn interviewed(&self, user: UserId, person: &Respondent, number: usize, mode: Mode) -> Outcome<()> {
        let weeks_ago = i64::try_from(number).unwrap_or_default() * 4;
        let (interview, start) = self.books(person, 36, weeks_ago - 30, mode).await?;
        let after = start.plus_minutes(70);
        self.store.write(move |tx| record(tx, after, user, interview, Became::Held)).await?;
        let asked = ["role", "example", "knowledge", "residents", "missed"];
        let skipped = number % asked.len();
        for (place, question) in asked.into_iter().enumerate() {
            let at = start.plus_minutes(i64::try_from(place).unwrap_or_default() * 11 + 4);
            let state = match place {
                3 if skipped == 3 => QuestionState::Skipped,
                place if place == skipped => QuestionState::Covered,
                _ => QuestionState::Asked,
            };
            let answer = Answer { state, note: None };
            self.store
                .write(move |tx| record_answer(tx, at, user, interview, question, &answer, |_| Ok(())))
                .await?;
        }
        Ok(())
    }
}

fn office_hours(weekday: &str) -> RuleDraft {
    RuleDraft {
        interviewer: None,
        weekday: weekday.to_owned(),
        from: "09:00".to_owned(),
        until: "17:00".to_owned(),
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Outcome<T> {
    serde_json::from_str(json).map_err(Problem::internal)
}

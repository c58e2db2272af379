//! Days of the agenda as their page shows them.

use chrono_tz::Tz;
use serde_json::json;
use url::form_urlencoded::Serializer;

use super::{Asked, address};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::agenda::{Extent, Sheet, length_of_day, minute_on};
use crate::domain::interview::InterviewStatus;
use crate::domain::language::Language;
use crate::id::UserId;
use crate::queries::agenda::days::{Day, Days, Diary, Entry, Stretch, What};
use crate::queries::studies::StudyItem;
use crate::web::pages::researcher::desk::base;
use crate::words::pages::researcher::{
    Agenda, Board, BoardDay, BoardRow, Choice, Column, Desk, Grid, HolidayRow, Hour, Item, ItemInterview,
    Scale,
};
use crate::words::{dates, phrase, word};

/// So many interviewers find room on a page; of others one is chosen by name.
const INTERVIEWERS: usize = 10;
/// So much of a day is shown in a grid, and so much in a week of everybody; the rest is counted. Both keep the page
/// below 100 kB.
const ITEMS_IN_GRID: usize = 16;
const ITEMS_ON_BOARD: usize = 6;

/// A page of the agenda in the making.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) language: Language,
    pub(super) now: Instant,
    pub(super) asked: Asked,
    pub(super) item: &'a StudyItem,
}

impl Page<'_> {
    fn zone(&self) -> Tz {
        self.item.study.rules.time_zone
    }

    /// The page with what was found.
    pub(super) fn of(&self, desk: Desk, found: &Days) -> Agenda {
        let Asked { study, sheet, who, today } = self.asked;
        let shown: Vec<&Diary> = match who {
            Some(who) => found.interviewers.iter().filter(|diary| diary.interviewer == who).collect(),
            None => found.interviewers.iter().take(INTERVIEWERS).collect(),
        };
        let all = if who.is_some() { shown.len() } else { found.interviewers.len() };
        let by_name =
            |diary: &Diary| Choice { value: diary.interviewer.to_string(), label: diary.name.clone() };
        let (extent, other) = (sheet.extent(), |sheet: Sheet| Asked { sheet, ..self.asked }.address());
        let is_board = extent == Extent::Week && who.is_none();
        let is_now = sheet.dates().any(|date| date == today);
        Agenda {
            desk,
            extent,
            title: self.title(found),
            week: found.week,
            zone: dates::zone_name(self.language, self.zone(), self.now),
            date: if is_now { today } else { sheet.first() }.to_string(),
            who: who.map(|who| who.to_string()).unwrap_or_default(),
            interviewers: found.interviewers.iter().map(by_name).collect(),
            previous: other(sheet.previous()),
            next: other(sheet.next()),
            today: (!is_now).then(|| address(study, extent, today, who)),
            grid: (!is_board).then(|| self.grid(&found.days, &shown)),
            board: is_board.then(|| self.board(&found.days, &shown)),
            left_out: u64::try_from(all - shown.len()).unwrap_or(0),
            errors: Vec::new(),
        }
    }

    fn title(&self, found: &Days) -> String {
        match (found.days.first(), found.days.last()) {
            (Some(first), Some(last)) if self.asked.sheet.extent() == Extent::Week => {
                dates::days(self.language, self.zone(), first.begins_at, last.begins_at)
            }
            (Some(day), _) => dates::date(self.language, day.date),
            _ => String::new(),
        }
    }

    fn grid(&self, days: &[Day], shown: &[&Diary]) -> Grid {
        let rules = &self.item.study.rules;
        let placed = |day: &Day, from, until| self.minutes(*day, (from, until));
        let mut stretches = Vec::new();
        let mut shortest = rules.interview_minutes;
        for (day, diary) in days.iter().flat_map(|day| shown.iter().map(move |diary| (day, diary))) {
            stretches.extend(
                of_day(*day, &diary.openings, |o| (o.from, o.until)).map(|o| placed(day, o.from, o.until)),
            );
            for entry in of_day(*day, &diary.entries, |e| (e.from, e.until)) {
                if matches!(entry.what, What::Interview { .. }) {
                    let (from, until) = placed(day, entry.from, entry.until);
                    shortest = shortest.min(until - from);
                    stretches.push((from, until));
                }
            }
        }
        let scale = Scale::around(stretches);
        let hour = |hour: i32| Hour {
            label: dates::hour(self.language, hour),
            place: scale.classes((hour * 60, hour * 60 + 60)),
        };
        let is_day = self.asked.sheet.extent() == Extent::Day;
        let columns = days.iter().flat_map(|day| shown.iter().map(move |diary| (day, diary)));
        Grid {
            scale,
            hours: scale.hours().map(hour).collect(),
            tall: if shortest >= 45 {
                1
            } else if shortest >= 25 {
                2
            } else {
                3
            },
            step: rules.slot_step_minutes,
            interview_minutes: rules.interview_minutes,
            columns: columns
                .map(|(day, diary)| self.column(*day, diary, (scale, is_day, ITEMS_IN_GRID)))
                .collect(),
        }
    }

    fn board(&self, days: &[Day], shown: &[&Diary]) -> Board {
        let scale = Scale::around([]);
        let row = |diary: &&Diary| BoardRow {
            name: diary.name.clone(),
            href: Asked { who: Some(diary.interviewer), ..self.asked }.address(),
            cells: days.iter().map(|day| self.column(*day, diary, (scale, false, ITEMS_ON_BOARD))).collect(),
        };
        let head = |day: &Day| BoardDay {
            heading: dates::date_short(self.language, day.date),
            href: address(self.asked.study, Extent::Day, day.date, None),
            today: self.is_today(*day),
            notes: self.notes(*day),
        };
        Board { days: days.iter().map(head).collect(), rows: shown.iter().map(row).collect() }
    }

    fn is_today(&self, day: Day) -> bool {
        (day.begins_at..day.ends_at).contains(&self.now)
    }

    /// Where a stretch lies on a day, in minutes of its clock. What begins and ends at the same time of the clock,
    /// since that was set back in between, is as long as it takes.
    fn minutes(&self, day: Day, (from, until): (Instant, Instant)) -> (i32, i32) {
        let begins = minute_on(self.zone(), day.date, from);
        let ends = minute_on(self.zone(), day.date, until);
        let takes = i32::try_from((until.unix() - from.unix()) / 60).unwrap_or(0);
        (begins, if ends > begins { ends } else { begins.saturating_add(takes).min(24 * 60) })
    }

    /// One day of an interviewer: headed by the name on a page of one day, else by the date.
    fn column(&self, day: Day, diary: &Diary, (scale, is_day, most): (Scale, bool, usize)) -> Column {
        let (language, who) = (self.language, diary.interviewer);
        let alone = address(self.asked.study, Extent::Day, day.date, Some(who));
        let openings: Vec<Stretch> = of_day(day, &diary.openings, |o| (o.from, o.until)).copied().collect();
        let entries: Vec<&Entry> = of_day(day, &diary.entries, |e| (e.from, e.until)).collect();
        let reserved = of_day(day, &diary.entries, |e| (e.taken_from, e.taken_until));
        let open = openings.iter().map(|o| ("open", (o.from, o.until)));
        let taken = reserved.filter(|e| e.taken_from < e.from || e.until < e.taken_until);
        let bands = open.chain(taken.map(|entry| ("travel", (entry.taken_from, entry.taken_until))));
        let now = self.minutes(day, (self.now, self.now)).0 - scale.from * 60;
        Column {
            heading: if is_day { diary.name.clone() } else { dates::date_short(language, day.date) },
            href: if is_day { Some(self.week_of(day, who)) } else { Some(alone) },
            date: day.date.to_string(),
            who: who.to_string(),
            today: self.is_today(day),
            notes: self.notes(day),
            open: (!openings.is_empty()).then(|| self.open(&openings)),
            bands: bands
                .filter_map(|(kind, (from, until))| scale.band(kind, self.minutes(day, (from, until))))
                .collect(),
            now: Some(now).filter(|now| self.is_today(day) && (0..scale.minutes()).contains(now)),
            items: entries.iter().take(most).map(|entry| self.item(day, entry, scale)).collect(),
            more: u64::try_from(entries.len().saturating_sub(most)).unwrap_or(0),
            add: self.add(day, diary),
        }
    }

    fn week_of(&self, day: Day, who: UserId) -> String {
        address(self.asked.study, Extent::Week, day.date, Some(who))
    }

    fn open(&self, openings: &[Stretch]) -> String {
        let range = |o: &Stretch| dates::hours(self.language, self.zone(), o.from, o.until);
        let hours: Vec<String> = openings.iter().map(range).collect();
        phrase(self.language, "agenda.open", &json!({ "hours": hours.join(", ") }))
    }

    fn notes(&self, day: Day) -> Vec<String> {
        let said = |key: &str| word(self.language, key);
        let clock = match length_of_day(self.zone(), day.date) {
            1_440 => None,
            shorter if shorter < 1_440 => Some(said("agenda.clock_forward")),
            _ => Some(said("agenda.clock_back")),
        };
        let holiday = day.holiday.map(|holiday| HolidayRow::name(self.language, holiday));
        let outside = (!day.in_fieldwork).then(|| said("agenda.outside_fieldwork"));
        holiday.into_iter().chain(clock).chain(outside).collect()
    }

    /// The page on which something is put into this day: of others by whoever may book, or plan for them.
    fn add(&self, day: Day, diary: &Diary) -> Option<String> {
        let is_open = self.item.archived_at.is_none() && self.now < day.ends_at;
        let may = diary.plans && self.item.role.may(Right::Interviews) && is_open;
        let query = Serializer::new(String::new())
            .append_pair("who", &diary.interviewer.to_string())
            .append_pair("date", &day.date.to_string())
            .finish();
        may.then(|| format!("{}/agenda/time?{query}", base(self.asked.study)))
    }

    fn item(&self, day: Day, entry: &Entry, scale: Scale) -> Item {
        let (language, zone) = (self.language, self.zone());
        let whole_day = entry.from <= day.begins_at && day.ends_at <= entry.until;
        let (from, until) = (entry.from.max(day.begins_at), entry.until.min(day.ends_at));
        let time = if whole_day {
            word(language, "agenda.whole_day")
        } else {
            dates::hours(language, zone, from, until)
        };
        let (kind, href) = match &entry.what {
            What::Interview { interview, .. } => ("interview", Some(format!("/interviews/{interview}"))),
            What::Block { block } => {
                ("block", Some(format!("{}/agenda/blocks/{block}", base(self.asked.study))))
            }
            What::Hold { .. } => ("hold", None),
            What::Busy => ("busy", None),
        };
        let longer = entry.taken_from < entry.from || entry.until < entry.taken_until;
        let taken = || dates::hours(language, zone, entry.taken_from, entry.taken_until);
        let place = scale.classes(self.minutes(day, (from, until)));
        let kept_until = match &entry.what {
            What::Hold { kept_until, .. } => Some(dates::time(language, zone, *kept_until)),
            _ => None,
        };
        let interview = self.interview(&entry.what);
        Item { kind, place, time, taken: longer.then(taken), href, kept_until, interview }
    }

    fn interview(&self, what: &What) -> Option<ItemInterview> {
        let What::Interview { interview, code, municipality, mode, status, link_missing } = what else {
            return None;
        };
        let movable = *status == InterviewStatus::Booked
            && self.item.closed_at.is_none()
            && self.item.role.may(Right::Interviews);
        Some(ItemInterview {
            code: code.clone(),
            municipality: municipality.clone(),
            mode: *mode,
            status: status.as_str(),
            link_missing: *link_missing,
            move_to: movable.then(|| format!("/interviews/{interview}/reschedule")),
        })
    }
}

/// What of a list touches a day.
fn of_day<T>(day: Day, all: &[T], span: impl Fn(&T) -> (Instant, Instant)) -> impl Iterator<Item = &T> {
    all.iter().filter(move |one| {
        let (from, until) = span(one);
        from < day.ends_at && day.begins_at < until
    })
}

//! One table: what each event tells each side of an interview, and that their calendars then show what is planned.
//!
//! A cell lists the letters that arrive: letter, METHOD, UID (`A` is the first interview's), SEQUENCE, attendee, place
//! and join link. Each is a test of its own. Beyond the list a cell demands that the calendars of its side end in the
//! true state, whatever order the mails of the whole story arrive in, and though each comes twice (RFC 5546 2.1.5).
//!
//! Where others are to be there as well, the rows stand in `with_company`. An interview that is planned when a study
//! closes stands; that too is a row.

use crate::invite_outcome::Side;
use crate::invite_stage::Stage;

/// Plays one event and looks at one side of it.
#[track_caller]
fn cell(given: fn() -> Stage, happens: fn(&mut Stage) -> &mut Stage, side: Side, told: &[&str]) {
    let mut stage = given();
    let before = stage.arrived.len();
    happens(&mut stage).told();
    let told: Vec<String> =
        told.iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(stage.rows(side, before), told);
    stage.calendars_end_in_the_truth(side);
}

macro_rules! table {
    ($(
        $event:ident: $given:ident, $happens:expr => [$($respondent:literal)*], [$($interviewer:literal)*]
            $(, [$($second:literal)*])? $(, secretary [$($secretary:literal)*])?;
    )*) => { $(
        mod $event {
            use super::*;

            #[test]
            fn respondent() {
                cell(Stage::$given, $happens, Side::Respondent, &[$($respondent),*]);
            }

            #[test]
            fn interviewer() {
                cell(Stage::$given, $happens, Side::Interviewer, &[$($interviewer),*]);
            }

            $(#[test]
            fn second_interviewer() {
                cell(Stage::$given, $happens, Side::Second, &[$($second),*]);
            })?

            $(#[test]
            fn secretary() {
                cell(Stage::$given, $happens, Side::Secretary, &[$($secretary),*]);
            })?
        }
    )* };
}

mod by_a_secretary;
mod with_company;

table! {
    first_invite_online: nothing_planned, |it| it.books() =>
        ["confirmation          | REQUEST | A | 0 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna  | Microsoft Teams           | the study's"];

    new_time: online, |it| it.moves_to_another_time() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"];

    new_time_and_back: online, |it| it.moves_to_another_time().moves_back() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"
         "moved                 | REQUEST | A | 2 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"
         "interviewer_moved     | REQUEST | A | 2 | Anna  | Microsoft Teams           | the study's"];

    another_time_proposed_by_a_calendar_and_declined: online, |it| it.calendar_counters().is_not_accepted() =>
        ["proposal_declined     | DECLINECOUNTER | A | 0 | Sanne | - | -"],
        ["interviewer_proposal  | -              | - | - | -     | - | -"];

    another_time_declined_after_a_new_link: online,
        |it| it.gets_a_link_of_its_own().told().calendar_counters().is_not_accepted() =>
        ["link_update           | REQUEST        | A | 1 | Sanne | Microsoft Teams | its own"
         "proposal_declined     | DECLINECOUNTER | A | 1 | Sanne | -               | -"],
        ["interviewer_moved     | REQUEST        | A | 1 | Anna  | Microsoft Teams | its own"
         "interviewer_proposal  | -              | - | - | -     | -               | -"];

    another_time_proposed_on_the_page_and_declined: online, |it| it.proposes_on_the_page().is_not_accepted() =>
        ["proposal_declined     | -              | - | - | -     | - | -"],
        ["interviewer_proposal  | -              | - | - | -     | - | -"];

    new_place: in_person, |it| it.moves_in_person(Some("Markt 2")) =>
        ["moved                 | REQUEST | A | 1 | Sanne | Markt 2                   | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Markt 2                   | -"];

    new_time_and_place_by_the_researcher: in_person, |it| it.is_moved_to_the_town_hall() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Gemeentehuis van Enschede | -"];

    teams_to_in_person: online, |it| it.moves_in_person(None) =>
        ["moved                 | REQUEST | A | 1 | Sanne | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Gemeentehuis van Enschede | -"];

    teams_to_in_person_and_back: online,
        |it| it.moves_in_person(Some("Markt 1")).told().moves_online() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Markt 1                   | -"
         "moved                 | REQUEST | A | 2 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Markt 1                   | -"
         "interviewer_moved     | REQUEST | A | 2 | Anna  | Microsoft Teams           | the study's"];

    in_person_to_teams: in_person, |it| it.moves_online() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"];

    first_invite_before_the_link_is_known: nothing_planned, |it| it.link_becomes(None).books() =>
        ["confirmation          | REQUEST | A | 0 | Sanne | Microsoft Teams           | -"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna  | Microsoft Teams           | -"];

    link_arrives_later: without_a_link, |it| it.study_link_becomes_known() =>
        ["link_update           | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"];

    link_of_its_own: online, |it| it.gets_a_link_of_its_own() =>
        ["link_update           | REQUEST | A | 1 | Sanne | Microsoft Teams           | its own"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | its own"];

    link_taken_away: online, |it| it.link_becomes(None) =>
        ["link_update           | REQUEST | A | 1 | Sanne | Microsoft Teams           | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | -"];

    link_arrives_for_an_interview_in_person: in_person,
        |it| it.link_becomes(None).study_link_becomes_known() =>
        [],
        [];

    municipality_changed: at_the_town_hall, |it| it.municipality_becomes("Urk") =>
        ["moved                 | REQUEST | A | 1 | Sanne | Gemeentehuis van Urk      | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Gemeentehuis van Urk      | -"];

    municipality_changed_though_it_is_held_elsewhere: in_person, |it| it.municipality_becomes("Urk") =>
        [],
        [];

    municipality_changed_though_it_is_held_online: online, |it| it.municipality_becomes("Urk") =>
        [],
        [];

    address_changed: online, |it| it.address_becomes_another() =>
        ["address_left          | CANCEL  | A | 1 | Sanne           | -               | -"
         "confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams | the study's"],
        [];

    address_changed_and_back: online,
        |it| it.address_becomes_another().told().address_becomes_the_first_again() =>
        ["address_left          | CANCEL  | A | 1 | Sanne           | -               | -"
         "confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams | the study's"
         "address_left          | CANCEL  | A | 2 | Sanne elsewhere | -               | -"
         "confirmation          | REQUEST | A | 2 | Sanne           | Microsoft Teams | the study's"],
        [];

    address_changed_then_moved: online,
        |it| it.address_becomes_another().told().is_moved_to_the_town_hall() =>
        ["address_left          | CANCEL  | A | 1 | Sanne           | -               | -"
         "confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams | the study's"
         "moved                 | REQUEST | A | 2 | Sanne elsewhere | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Gemeentehuis van Enschede | -"];

    address_changed_then_cancelled: online, |it| it.address_becomes_another().told().is_cancelled() =>
        ["address_left          | CANCEL  | A | 1 | Sanne           | -               | -"
         "confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams | the study's"
         "cancelled             | CANCEL  | A | 2 | Sanne elsewhere | -               | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -               | -"];

    interviewer_changed: online, |it| it.is_handed_over_to_bert() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | Bert's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"
         "interviewer_booked    | REQUEST | A | 1 | Bert  | Microsoft Teams           | Bert's"];

    interviewer_changed_and_back: online,
        |it| it.is_handed_over_to_bert().told().is_handed_back_to_anna() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | Bert's"
         "moved                 | REQUEST | A | 2 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"
         "interviewer_booked    | REQUEST | A | 1 | Bert  | Microsoft Teams           | Bert's"
         "interviewer_cancelled | CANCEL  | A | 2 | Bert  | -                         | -"
         "interviewer_booked    | REQUEST | A | 2 | Anna  | Microsoft Teams           | the study's"];

    interviewer_changed_then_cancelled: online, |it| it.is_handed_over_to_bert().told().cancels() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | Bert's"
         "cancelled             | CANCEL  | A | 2 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"
         "interviewer_booked    | REQUEST | A | 1 | Bert  | Microsoft Teams           | Bert's"
         "interviewer_cancelled | CANCEL  | A | 2 | Bert  | -                         | -"];

    cancelled_by_the_respondent: online, |it| it.cancels() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    cancelled_in_person: in_person, |it| it.cancels() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    cancelled_by_the_researcher: online, |it| it.is_cancelled() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    cancelled_by_declining: online, |it| it.declines() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    cancelled_by_withdrawal: online, |it| it.withdraws() =>
        ["withdrawn             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    cancelled_by_erasure: online, |it| it.is_erased() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    moved_then_cancelled: online, |it| it.moves_to_another_time().told().cancels() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"
         "cancelled             | CANCEL  | A | 2 | Sanne | -                         | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"
         "interviewer_cancelled | CANCEL  | A | 2 | Anna  | -                         | -"];

    study_closes_while_it_is_planned: online, |it| it.study_closes() =>
        [],
        [];

    study_closes_and_calls_off: online, |it| it.study_closes_and_calls_off() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    study_closes_then_cancelled: online, |it| it.study_closes().told().cancels() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    study_closes_after_a_cancel: called_off, |it| it.study_closes() =>
        ["study_closed          | -       | - | - | -     | -                         | -"],
        [];

    planned_anew_after_a_cancel: called_off, |it| it.books() =>
        ["confirmation          | REQUEST | B | 0 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | B | 0 | Anna  | Microsoft Teams           | the study's"];

    planned_anew_before_the_cancel_has_left: online, |it| it.cancels().books() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"
         "confirmation          | REQUEST | B | 0 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"
         "interviewer_booked    | REQUEST | B | 0 | Anna  | Microsoft Teams           | the study's"];

    first_invite_refused_then_sent_again: nothing_planned, |it| it.books().refused().sent_again() =>
        ["confirmation          | REQUEST | A | 0 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna  | Microsoft Teams           | the study's"];

    first_invite_refused_then_moved: nothing_planned, |it| it.books().refused().moves_to_another_time() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"];

    first_invite_refused_then_moved_and_cancelled: nothing_planned,
        |it| it.books().refused().moves_to_another_time().told().cancels() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"
         "cancelled             | CANCEL  | A | 2 | Sanne | -                         | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"
         "interviewer_cancelled | CANCEL  | A | 2 | Anna  | -                         | -"];

    first_invite_refused_then_cancelled: nothing_planned, |it| it.books().refused().cancels() =>
        [],
        [];

    first_invite_refused_then_the_address_changed: nothing_planned,
        |it| it.books().refused().address_becomes_another().sent_again() =>
        ["confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna            | Microsoft Teams | the study's"];

    move_refused_then_sent_again: online, |it| it.moves_to_another_time().refused().sent_again() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna  | Microsoft Teams           | the study's"];

    move_refused_then_moved_back: online, |it| it.moves_to_another_time().refused().moves_back() =>
        ["moved                 | REQUEST | A | 2 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna  | Microsoft Teams           | the study's"];

    move_refused_then_cancelled: online, |it| it.moves_to_another_time().refused().cancels() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna  | -                         | -"];

    cancel_refused_then_sent_again: online, |it| it.cancels().refused().sent_again() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"];

    change_of_interviewer_refused_then_sent_again: online,
        |it| it.is_handed_over_to_bert().refused().sent_again() =>
        ["moved                 | REQUEST | A | 1 | Sanne | Microsoft Teams           | Bert's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna  | -                         | -"
         "interviewer_booked    | REQUEST | A | 1 | Bert  | Microsoft Teams           | Bert's"];

    change_of_interviewer_refused_then_undone: online,
        |it| it.is_handed_over_to_bert().refused().is_handed_back_to_anna() =>
        ["moved                 | REQUEST | A | 2 | Sanne | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 2 | Anna  | Microsoft Teams           | the study's"];
}

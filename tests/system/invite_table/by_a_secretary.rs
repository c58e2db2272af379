//! The cells of interviews that somebody arranged for the respondent: Joke, a secretary.

use super::*;

table! {
    first_invite: nothing_planned, |it| it.joke_books() =>
        ["confirmation          | REQUEST | A | 0 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_invited      | REQUEST | A | 0 | Joke            | Microsoft Teams           | the study's"];

    secretary_taken_off: by_joke, |it| it.joke_is_taken_off() =>
        [],
        [],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    secretary_taken_off_by_the_researcher: by_joke, |it| it.joke_is_taken_off_by_the_researcher() =>
        [],
        [],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    secretary_taken_off_before_anybody_is_told: nothing_planned, |it| it.joke_books().joke_is_taken_off() =>
        ["confirmation          | REQUEST | A | 0 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna            | Microsoft Teams           | the study's"],
        secretary [];

    secretary_taken_off_then_moved: by_joke, |it| it.joke_is_taken_off().told().moves_to_another_time() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    new_time: by_joke, |it| it.moves_to_another_time() =>
        ["moved                 | REQUEST | A | 1 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Microsoft Teams           | the study's"];

    new_time_and_place_by_the_researcher: by_joke, |it| it.is_moved_to_the_town_hall() =>
        ["moved                 | REQUEST | A | 1 | Sanne           | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Gemeentehuis van Enschede | -"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Gemeentehuis van Enschede | -"];

    teams_to_in_person_and_back: by_joke, |it| it.moves_in_person(Some("Markt 1")).told().moves_online() =>
        ["moved                 | REQUEST | A | 1 | Sanne           | Markt 1                   | -"
         "moved                 | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Markt 1                   | -"
         "interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Markt 1                   | -"
         "delegate_invited      | REQUEST | A | 2 | Joke            | Microsoft Teams           | the study's"];

    link_of_its_own: by_joke, |it| it.gets_a_link_of_its_own() =>
        ["link_update           | REQUEST | A | 1 | Sanne           | Microsoft Teams           | its own"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | its own"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Microsoft Teams           | its own"];

    link_taken_away: by_joke, |it| it.link_becomes(None) =>
        ["link_update           | REQUEST | A | 1 | Sanne           | Microsoft Teams           | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | -"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Microsoft Teams           | -"];

    address_changed: by_joke, |it| it.address_becomes_another() =>
        ["address_left          | CANCEL  | A | 1 | Sanne           | -                         | -"
         "confirmation          | REQUEST | A | 1 | Sanne elsewhere | Microsoft Teams           | the study's"],
        [],
        secretary [];

    interviewer_changed: by_joke, |it| it.is_handed_over_to_bert() =>
        ["moved                 | REQUEST | A | 1 | Sanne           | Microsoft Teams           | Bert's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"
         "interviewer_booked    | REQUEST | A | 1 | Bert            | Microsoft Teams           | Bert's"],
        secretary ["delegate_invited      | REQUEST | A | 1 | Joke            | Microsoft Teams           | Bert's"];

    second_interviewer_added_and_removed: by_joke, |it| it.carl_joins().told().carl_leaves() =>
        ["company_changed       | REQUEST | A | 1 | Sanne           | Microsoft Teams           | the study's"
         "company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | the study's"
         "interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        secretary [];

    cancelled_by_the_respondent: by_joke, |it| it.cancels() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    cancelled_by_the_researcher: by_joke, |it| it.is_cancelled() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    cancelled_by_declining: by_joke, |it| it.declines() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    cancelled_by_withdrawal: by_joke, |it| it.withdraws() =>
        ["withdrawn             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    cancelled_by_erasure: by_joke, |it| it.is_erased() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    study_closes_and_calls_off: by_joke, |it| it.study_closes_and_calls_off() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    study_closes_while_it_is_planned: by_joke, |it| it.study_closes() =>
        [],
        [],
        secretary [];

    planned_anew_after_a_cancel: by_joke, |it| it.cancels().told().books() =>
        ["cancelled             | CANCEL  | A | 1 | Sanne           | -                         | -"
         "confirmation          | REQUEST | B | 0 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 1 | Anna            | -                         | -"
         "interviewer_booked    | REQUEST | B | 0 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_cancelled    | CANCEL  | A | 1 | Joke            | -                         | -"];

    first_invite_refused_then_sent_again: nothing_planned, |it| it.joke_books().refused().sent_again() =>
        ["confirmation          | REQUEST | A | 0 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 0 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_invited      | REQUEST | A | 0 | Joke            | Microsoft Teams           | the study's"];

    first_invite_refused_then_cancelled: nothing_planned, |it| it.joke_books().refused().cancels() =>
        [],
        [],
        secretary [];

    move_refused_then_moved_back: by_joke, |it| it.moves_to_another_time().refused().moves_back() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        secretary ["delegate_invited      | REQUEST | A | 2 | Joke            | Microsoft Teams           | the study's"];
}

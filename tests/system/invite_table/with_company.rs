//! The cells of interviews that somebody holds together with the interviewer: Carl, the second interviewer.

use super::*;

table! {
    second_interviewer_added: online, |it| it.carl_joins() =>
        ["company_changed       | REQUEST | A | 1 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 1 | Carl            | Microsoft Teams           | the study's"];

    second_interviewer_added_in_person: in_person, |it| it.carl_joins() =>
        ["company_changed       | REQUEST | A | 1 | Sanne           | Markt 1                   | -"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Markt 1                   | -"],
        ["interviewer_booked    | REQUEST | A | 1 | Carl            | Markt 1                   | -"];

    second_interviewer_removed: with_carl, |it| it.carl_leaves() =>
        ["company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    second_interviewer_removed_before_anybody_is_told: online, |it| it.carl_joins().carl_leaves() =>
        ["company_changed       | REQUEST | A | 1 | Sanne           | Microsoft Teams           | the study's"
         "company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | the study's"
         "interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        [];

    second_interviewer_removed_and_added_again: with_carl, |it| it.carl_leaves().told().carl_joins() =>
        ["company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"
         "company_changed       | REQUEST | A | 3 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"
         "interviewer_moved     | REQUEST | A | 3 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"
         "interviewer_booked    | REQUEST | A | 3 | Carl            | Microsoft Teams           | the study's"];

    second_interviewer_leaves_the_study: with_carl, |it| it.carl_leaves_the_study() =>
        ["company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    second_interviewer_refused_then_sent_again: online, |it| it.carl_joins().refused().sent_again() =>
        ["company_changed       | REQUEST | A | 1 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 1 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_booked    | REQUEST | A | 1 | Carl            | Microsoft Teams           | the study's"];

    second_interviewer_refused_then_removed: online, |it| it.carl_joins().refused().carl_leaves() =>
        ["company_changed       | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        [];

    new_time: with_carl, |it| it.moves_to_another_time() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Microsoft Teams           | the study's"];

    new_time_and_place_by_the_researcher: with_carl, |it| it.is_moved_to_the_town_hall() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Gemeentehuis van Enschede | -"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Gemeentehuis van Enschede | -"];

    teams_to_in_person_and_back: with_carl, |it| it.moves_in_person(Some("Markt 1")).told().moves_online() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Markt 1                   | -"
         "moved                 | REQUEST | A | 3 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Markt 1                   | -"
         "interviewer_moved     | REQUEST | A | 3 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Markt 1                   | -"
         "interviewer_moved     | REQUEST | A | 3 | Carl            | Microsoft Teams           | the study's"];

    link_of_its_own: with_carl, |it| it.gets_a_link_of_its_own() =>
        ["link_update           | REQUEST | A | 2 | Sanne           | Microsoft Teams           | its own"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | its own"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Microsoft Teams           | its own"];

    link_taken_away: with_carl, |it| it.link_becomes(None) =>
        ["link_update           | REQUEST | A | 2 | Sanne           | Microsoft Teams           | -"],
        ["interviewer_moved     | REQUEST | A | 2 | Anna            | Microsoft Teams           | -"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Microsoft Teams           | -"];

    address_changed: with_carl, |it| it.address_becomes_another() =>
        ["address_left          | CANCEL  | A | 2 | Sanne           | -                         | -"
         "confirmation          | REQUEST | A | 2 | Sanne elsewhere | Microsoft Teams           | the study's"],
        [],
        [];

    interviewer_changed: with_carl, |it| it.is_handed_over_to_bert() =>
        ["moved                 | REQUEST | A | 2 | Sanne           | Microsoft Teams           | Bert's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"
         "interviewer_booked    | REQUEST | A | 2 | Bert            | Microsoft Teams           | Bert's"],
        ["interviewer_moved     | REQUEST | A | 2 | Carl            | Microsoft Teams           | Bert's"];

    cancelled_by_the_respondent: with_carl, |it| it.cancels() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    cancelled_by_the_researcher: with_carl, |it| it.is_cancelled() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    cancelled_by_declining: with_carl, |it| it.declines() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    cancelled_by_withdrawal: with_carl, |it| it.withdraws() =>
        ["withdrawn             | CANCEL  | A | 2 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    cancelled_by_erasure: with_carl, |it| it.is_erased() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne           | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    study_closes_and_calls_off: with_carl, |it| it.study_closes_and_calls_off() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna  | -                         | -"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl  | -                         | -"];

    study_closes_while_it_is_planned: with_carl, |it| it.study_closes() =>
        [],
        [],
        [];

    planned_anew_after_a_cancel: with_carl, |it| it.cancels().told().books() =>
        ["cancelled             | CANCEL  | A | 2 | Sanne           | -                         | -"
         "confirmation          | REQUEST | B | 0 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Anna            | -                         | -"
         "interviewer_booked    | REQUEST | B | 0 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_cancelled | CANCEL  | A | 2 | Carl            | -                         | -"];

    move_refused_then_moved_back: with_carl, |it| it.moves_to_another_time().refused().moves_back() =>
        ["moved                 | REQUEST | A | 3 | Sanne           | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 3 | Anna            | Microsoft Teams           | the study's"],
        ["interviewer_moved     | REQUEST | A | 3 | Carl            | Microsoft Teams           | the study's"];
}

use super::*;

fn after(status: RespondentStatus, steps: &[Step]) -> &'static str {
    let end = steps.iter().try_fold(status, |status, step| status.after(*step));
    end.map_or_else(|problem| problem.code(), RespondentStatus::as_str)
}

#[test]
fn the_usual_way_leads_from_the_list_to_a_held_interview() {
    use Step::{Booked, Consented, Held, Invited};
    let way = [Invited, Consented, Booked, Held];
    assert_eq!(after(RespondentStatus::Listed, &way), "held");
    assert_eq!(after(RespondentStatus::Listed, &way[..3]), "booked");
    assert_eq!(after(RespondentStatus::Listed, &[Consented]), "consented");
}

#[test]
fn a_cancelled_interview_or_a_no_show_can_be_booked_again_but_a_held_one_cannot() {
    use Step::{Booked, Held, InterviewCancelled, NoShow};
    assert_eq!(after(RespondentStatus::Booked, &[InterviewCancelled]), "consented");
    assert_eq!(after(RespondentStatus::Booked, &[InterviewCancelled, Booked]), "booked");
    assert_eq!(after(RespondentStatus::Booked, &[NoShow, Booked]), "booked");
    assert_eq!(after(RespondentStatus::Booked, &[NoShow, Held, NoShow]), "no_show");
    assert_eq!(after(RespondentStatus::Held, &[Booked]), "already_booked");
    assert_eq!(after(RespondentStatus::Invited, &[Booked]), "consent_missing");
    assert_eq!(after(RespondentStatus::Consented, &[InterviewCancelled]), "no_interview");
}

#[test]
fn withdrawal_is_final_and_may_be_repeated() {
    for status in RespondentStatus::ALL {
        assert_eq!(after(status, &[Step::Withdrawn, Step::Withdrawn]), "withdrawn");
    }
    for step in [Step::Invited, Step::Consented, Step::Booked, Step::Declined, Step::OptedOut] {
        assert!(matches!(RespondentStatus::Withdrawn.after(step), Err(Problem::Withdrawn)), "{step:?}");
    }
    assert_eq!(after(RespondentStatus::Withdrawn, &[Step::Held]), "withdrawn");
}

#[test]
fn an_objection_to_letters_leaves_a_planned_interview_standing() {
    assert_eq!(after(RespondentStatus::Booked, &[Step::OptedOut]), "booked");
    assert_eq!(after(RespondentStatus::Invited, &[Step::OptedOut]), "opted_out");
    assert_eq!(after(RespondentStatus::Declined, &[Step::OptedOut, Step::Consented]), "consented");
}

#[test]
fn who_was_interviewed_can_withdraw_but_no_longer_decline() {
    assert_eq!(after(RespondentStatus::Held, &[Step::Declined]), "wrong_state");
    assert_eq!(after(RespondentStatus::Booked, &[Step::Declined]), "declined");
    assert_eq!(after(RespondentStatus::Consented, &[Step::Invited]), "wrong_state");
}

#[test]
fn who_names_a_colleague_may_think_again_but_calls_an_interview_off_first() {
    assert_eq!(after(RespondentStatus::Invited, &[Step::Referred]), "referred");
    assert_eq!(after(RespondentStatus::Consented, &[Step::Referred, Step::Booked]), "booked");
    assert_eq!(after(RespondentStatus::Listed, &[Step::Referred, Step::Consented]), "consented");
    assert_eq!(after(RespondentStatus::OptedOut, &[Step::Referred]), "opted_out");
    assert_eq!(after(RespondentStatus::Booked, &[Step::Referred]), "wrong_state");
    assert_eq!(after(RespondentStatus::Held, &[Step::Referred]), "wrong_state");
    assert_eq!(after(RespondentStatus::Referred, &[Step::Invited]), "wrong_state");
}

#[test]
fn codes_grow_with_their_numbers() {
    assert_eq!(code(7, 0), "R07");
    assert_eq!(code(100, 2), "R100");
    assert_eq!(code(7, code_width(13)), "R07");
    assert_eq!(code(7, code_width(100_000)), "R000007");
    assert_eq!(code_width(0), 1);
}

#[test]
fn names_read_back_as_they_are_written() {
    for status in RespondentStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    for reason in SkipReason::ALL {
        assert_eq!(reason.as_str().parse(), Ok(reason));
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
}

#[test]
fn a_reason_to_skip_is_found_in_order() {
    let free = Candidate {
        status: RespondentStatus::Listed,
        has_opted_out: false,
        has_consent_form: true,
        taken: 10,
        cap: None,
    };
    let full = Candidate { taken: 11, cap: Some(11), ..free };
    assert_eq!(free.skipped(), None);
    assert_eq!(Candidate { cap: Some(11), ..free }.skipped(), None);
    assert_eq!(full.skipped(), Some(SkipReason::StratumFull));
    let no_form = Candidate { has_consent_form: false, ..full };
    assert_eq!(no_form.skipped(), Some(SkipReason::NoConsentForm));
    let booked = Candidate { status: RespondentStatus::Booked, ..no_form };
    assert_eq!(booked.skipped(), Some(SkipReason::AlreadyInvited));
    assert_eq!(Candidate { has_opted_out: true, ..booked }.skipped(), Some(SkipReason::OptedOut));
    let declined = Candidate { status: RespondentStatus::Declined, ..no_form };
    assert_eq!(declined.skipped(), Some(SkipReason::Declined));
    let withdrawn = Candidate { status: RespondentStatus::Withdrawn, has_opted_out: true, ..no_form };
    assert_eq!(withdrawn.skipped(), Some(SkipReason::Withdrawn));
}

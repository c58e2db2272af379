//! The tables as Diesel sees them, the same for both databases; `tests/system/migrations.rs` compares them with both.
//! Columns stand in the order of the migrations.

mod accounts;
mod appointments;
mod mail_in;
mod recruitment;

pub use self::accounts::{
    account_letters, account_links, agenda_feeds, api_tokens, busy_times, calendars, member_invitations,
    recovery_codes, second_factors, sessions, sign_in_links, throttles, users,
};
pub use self::appointments::{link_sources, meetings, proposals};
pub use self::mail_in::{attendances, incoming_mail, mail_folders};
pub use self::recruitment::{batch_people, batches, import_drafts, import_rows, referrals};

diesel::table! {
    installation (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        study -> Nullable<Text>,
        actor -> Text,
        action -> Text,
        subject -> Nullable<Text>,
        result -> Text,
        fields -> Text,
        salt -> Binary,
        position -> Nullable<BigInt>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency_keys (caller, route, key) {
        caller -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        resource -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    studies (id) {
        id -> Text,
        title -> Text,
        organisation -> Text,
        contact_email -> Text,
        time_zone -> Text,
        language -> Text,
        population_on -> Date,
        interview_minutes -> Integer,
        slot_step_minutes -> Integer,
        buffer_minutes -> Integer,
        min_notice_minutes -> Integer,
        horizon_days -> Integer,
        window_from -> Nullable<Date>,
        window_until -> Nullable<Date>,
        modes -> Text,
        teams_link -> Nullable<Text>,
        ethics -> Nullable<Text>,
        max_per_day -> Nullable<Integer>,
        next_code -> Integer,
        revision -> Integer,
        created_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        privacy_notice -> Text,
        max_reminders -> Integer,
        reminder_lead_minutes -> Text,
        quiet_from -> Nullable<Integer>,
        quiet_until -> Nullable<Integer>,
        min_reminder_days -> Integer,
        move_notice_minutes -> Integer,
        cancel_notice_minutes -> Integer,
        max_per_week -> Nullable<Integer>,
        public_holidays -> Bool,
    }
}

diesel::table! {
    archived_studies (study) {
        study -> Text,
        archived_at -> BigInt,
    }
}

diesel::table! {
    members (study, user_id) {
        study -> Text,
        user_id -> Text,
        role -> Text,
        teams_link -> Nullable<Text>,
        added_at -> BigInt,
        travel_minutes -> Integer,
        microsoft_id -> Nullable<Text>,
    }
}

diesel::table! {
    strata (id) {
        id -> Text,
        study -> Text,
        key -> Text,
        label -> Text,
        min_inhabitants -> Nullable<Integer>,
        max_inhabitants -> Nullable<Integer>,
        target -> Nullable<Integer>,
        cap -> Nullable<Integer>,
        position -> Integer,
        taken -> Integer,
    }
}

diesel::table! {
    respondents (id) {
        id -> Text,
        study -> Text,
        code -> Text,
        municipality -> Text,
        stratum -> Nullable<Text>,
        language -> Text,
        status -> Text,
        link_generation -> Integer,
        link_digest -> Nullable<Text>,
        unsubscribe_digest -> Nullable<Text>,
        revision -> Integer,
        created_at -> BigInt,
        invited_at -> Nullable<BigInt>,
        opened_at -> Nullable<BigInt>,
        opted_out_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        erased_at -> Nullable<BigInt>,
        interviewer -> Nullable<Text>,
        import -> Nullable<Text>,
        contact_removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contacts (respondent) {
        respondent -> Text,
        study -> Text,
        email_digest -> Text,
        sealed -> Binary,
        bounced_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    respondent_history (id) {
        id -> BigInt,
        respondent -> Text,
        at -> BigInt,
        actor -> Text,
        from_status -> Text,
        to_status -> Text,
    }
}

diesel::table! {
    do_not_contact (study, email_digest) {
        study -> Text,
        email_digest -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    waves (id) {
        id -> Text,
        study -> Text,
        kind -> Text,
        created_by -> Text,
        created_at -> BigInt,
        selection -> Nullable<Text>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    wave_outcomes (id) {
        id -> BigInt,
        wave -> Text,
        respondent -> Text,
        skipped -> Nullable<Text>,
    }
}

diesel::table! {
    consent_forms (id) {
        id -> Text,
        study -> Text,
        version -> Nullable<Integer>,
        body -> Text,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    consents (id) {
        id -> Text,
        study -> Text,
        respondent -> Text,
        form -> Text,
        version -> Integer,
        language -> Text,
        sha256 -> Text,
        items -> Text,
        name_sealed -> Nullable<Binary>,
        given_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    availability_rules (id) {
        id -> Text,
        study -> Text,
        interviewer -> Text,
        weekday -> Integer,
        from_minute -> Integer,
        until_minute -> Integer,
    }
}

diesel::table! {
    availability_exceptions (id) {
        id -> Text,
        study -> Text,
        interviewer -> Text,
        on_date -> Date,
        open -> Bool,
        from_minute -> Nullable<Integer>,
        until_minute -> Nullable<Integer>,
    }
}

diesel::table! {
    interviews (id) {
        id -> Text,
        study -> Text,
        respondent -> Text,
        interviewer -> Text,
        stratum -> Nullable<Text>,
        uid -> Text,
        sequence -> Integer,
        starts_at -> BigInt,
        ends_at -> BigInt,
        mode -> Text,
        place_sealed -> Nullable<Binary>,
        status -> Text,
        cancelled_by -> Nullable<Text>,
        reason_sealed -> Nullable<Binary>,
        announced_link -> Nullable<Text>,
        booked_at -> BigInt,
        changed_at -> BigInt,
        join_link -> Nullable<Text>,
        arranged_at -> BigInt,
        remind_at -> Nullable<BigInt>,
        second_interviewer -> Nullable<Text>,
        delegate_sealed -> Nullable<Binary>,
        time_sequence -> Integer,
    }
}

diesel::table! {
    reservations (id) {
        id -> Text,
        interviewer -> Text,
        interview -> Nullable<Text>,
        guard_from -> BigInt,
        guard_until -> BigInt,
        kind -> Text,
        active -> Bool,
        starts_at -> Nullable<BigInt>,
        ends_at -> Nullable<BigInt>,
        second -> Bool,
        respondent -> Nullable<Text>,
        mode -> Nullable<Text>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    blocks (id) {
        id -> Text,
        interviewer -> Text,
        blocked_from -> BigInt,
        blocked_until -> BigInt,
    }
}

diesel::table! {
    travel_times (study, municipality, interviewer) {
        study -> Text,
        municipality -> Text,
        interviewer -> Text,
        minutes -> Integer,
    }
}

diesel::table! {
    letters (id) {
        id -> Text,
        study -> Text,
        respondent -> Nullable<Text>,
        user_id -> Nullable<Text>,
        recipient -> Text,
        kind -> Text,
        occasion -> Text,
        interview -> Nullable<Text>,
        sequence -> Nullable<Integer>,
        message_id -> Nullable<Text>,
        stamped_at -> Nullable<BigInt>,
        facts -> Nullable<Binary>,
        message -> Nullable<Binary>,
        state -> Text,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        due_at -> BigInt,
        claimed_until -> Nullable<BigInt>,
        fence -> Integer,
        sent_at -> Nullable<BigInt>,
        refused -> Integer,
        answer -> Nullable<Binary>,
        bounced_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    letter_texts (study, kind, language) {
        study -> Text,
        kind -> Text,
        language -> Text,
        subject -> Text,
        body -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    guides (id) {
        id -> Text,
        study -> Text,
        version -> Nullable<Integer>,
        body -> Text,
        revision -> Integer,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sheets (interview) {
        interview -> Text,
        guide -> Text,
        revision -> Integer,
        started_at -> BigInt,
    }
}

diesel::table! {
    sheet_answers (interview, question) {
        interview -> Text,
        question -> Text,
        state -> Text,
        note_sealed -> Nullable<Binary>,
        recorded_at -> BigInt,
        revision -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query! {
    installation, audit, idempotency_keys, users, sessions, api_tokens, sign_in_links, throttles, studies,
    members, strata, respondents, contacts, respondent_history, do_not_contact, waves, wave_outcomes,
    consent_forms, consents, availability_rules, availability_exceptions, interviews, reservations,
    travel_times, blocks, letters, letter_texts, guides, sheets, sheet_answers, account_links,
    account_letters, member_invitations, second_factors, recovery_codes, import_drafts, import_rows,
    archived_studies, proposals, referrals, link_sources, meetings, calendars, busy_times, agenda_feeds,
    attendances, incoming_mail, mail_folders, batches, batch_people,
}

//! The tables around accounts: who signs in, how, and by which links and letters they get in.

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        email_folded -> Text,
        name -> Text,
        password_hash -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        digest -> Text,
        browser -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Text,
        user_id -> Text,
        label -> Text,
        digest -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sign_in_links (digest) {
        digest -> Text,
        user_id -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    throttles (subject) {
        subject -> Text,
        failures -> Integer,
        open_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    account_links (digest) {
        digest -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    account_letters (id) {
        id -> Text,
        kind -> Text,
        facts -> Nullable<Binary>,
        message -> Nullable<Binary>,
        state -> Text,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        due_at -> BigInt,
        pointless_at -> BigInt,
        claimed_until -> Nullable<BigInt>,
        fence -> Integer,
    }
}

diesel::table! {
    member_invitations (id) {
        id -> Text,
        study -> Text,
        email_digest -> Text,
        email_sealed -> Binary,
        role -> Text,
        invited_by -> Text,
        link_digest -> Text,
        letter -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Text,
        secret_sealed -> Binary,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, digest) {
        user_id -> Text,
        digest -> Text,
    }
}

diesel::table! {
    calendars (id) {
        id -> Text,
        user_id -> Text,
        name -> Text,
        host -> Text,
        address_sealed -> Binary,
        time_zone -> Text,
        created_at -> BigInt,
        due_at -> BigInt,
        claimed_until -> Nullable<BigInt>,
        fence -> Integer,
        failures -> Integer,
        fault -> Nullable<Text>,
        skipped -> Integer,
        read_at -> Nullable<BigInt>,
        whole_at -> Nullable<BigInt>,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
    }
}

diesel::table! {
    busy_times (calendar, busy_from) {
        calendar -> Text,
        interviewer -> Text,
        busy_from -> BigInt,
        busy_until -> BigInt,
    }
}

diesel::table! {
    agenda_feeds (user_id) {
        user_id -> Text,
        digest -> Text,
        created_at -> BigInt,
    }
}

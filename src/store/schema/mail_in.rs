//! The tables of mail that comes in.

diesel::table! {
    attendances (interview, attendee) {
        interview -> Text,
        attendee -> Text,
        attendance -> Text,
        sequence -> Integer,
        stamped_at -> BigInt,
        noted_at -> BigInt,
        comment_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    incoming_mail (id) {
        id -> Text,
        digest -> Text,
        received_at -> BigInt,
        kind -> Text,
        state -> Text,
        doubt -> Nullable<Text>,
        study -> Nullable<Text>,
        respondent -> Nullable<Text>,
        interview -> Nullable<Text>,
        letter -> Nullable<Text>,
        sealed -> Nullable<Binary>,
        settled_at -> Nullable<BigInt>,
        copy_of -> Nullable<Text>,
    }
}

diesel::table! {
    mail_folders (name) {
        name -> Text,
        uid_validity -> BigInt,
        last_uid -> BigInt,
        claimed_until -> Nullable<BigInt>,
        fence -> Integer,
        read_at -> Nullable<BigInt>,
        failing_since -> Nullable<BigInt>,
        failure -> Nullable<Text>,
    }
}

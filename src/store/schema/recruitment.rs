//! The tables of how people get into a study besides by hand, and of what is done to many of them at once.

diesel::table! {
    referrals (id) {
        id -> Text,
        study -> Text,
        referrer -> Text,
        colleague -> Nullable<Text>,
        known -> Bool,
        named -> Bool,
        made_at -> BigInt,
    }
}

diesel::table! {
    import_drafts (id) {
        id -> Text,
        study -> Text,
        user_id -> Text,
        state -> Text,
        revision -> Integer,
        layout -> Text,
        sealed -> Nullable<Binary>,
        next_number -> Integer,
        code_width -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
        total -> Integer,
    }
}

diesel::table! {
    import_rows (draft, place) {
        draft -> Text,
        place -> Integer,
        verdict -> Text,
        lot -> BigInt,
        sealed -> Nullable<Binary>,
        reasons -> Text,
        digest -> Nullable<Text>,
    }
}

diesel::table! {
    batches (id) {
        id -> Text,
        study -> Text,
        user_id -> Text,
        act -> Text,
        interviewer -> Nullable<Text>,
        state -> Text,
        selection -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    batch_people (batch, respondent) {
        batch -> Text,
        respondent -> Text,
        code -> Text,
        fate -> Text,
    }
}

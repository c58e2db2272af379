//! The tables of how people get into a study besides by hand: lists that are prepared, and colleagues.

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
    }
}

//! The tables of how appointments come about besides booking: proposed moments, and meetings made by Microsoft.

diesel::table! {
    proposals (id) {
        id -> Text,
        study -> Text,
        respondent -> Text,
        interview -> Nullable<Text>,
        source -> Text,
        mode -> Text,
        first_at -> BigInt,
        second_at -> Nullable<BigInt>,
        third_at -> Nullable<BigInt>,
        sealed -> Nullable<Binary>,
        state -> Text,
        made_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        asked_at -> BigInt,
        delegate -> Nullable<Text>,
    }
}

diesel::table! {
    link_sources (study) {
        study -> Text,
        source -> Text,
    }
}

diesel::table! {
    meetings (interview, interviewer) {
        interview -> Text,
        interviewer -> Text,
        study -> Text,
        wanted -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        version -> Integer,
        state -> Text,
        problem -> Nullable<Text>,
        attempts -> Integer,
        due_at -> BigInt,
        claimed_until -> Nullable<BigInt>,
        fence -> Integer,
        organizer -> Nullable<Text>,
        graph_id -> Nullable<Text>,
        join_link -> Nullable<Text>,
    }
}

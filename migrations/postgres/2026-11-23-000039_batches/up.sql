-- What a researcher does to many respondents at once. It is prepared, shown, and done only when it is confirmed; then it
-- goes on in short steps until nobody waits any more.
CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    act TEXT NOT NULL,
    interviewer TEXT REFERENCES users (id),
    state TEXT NOT NULL,
    selection TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX batches_state ON batches (state, id);
CREATE INDEX batches_expires ON batches (expires_at);

-- Who it is meant for, by code, and what becomes of each. Somebody may be removed by it, so nothing is referred to.
CREATE TABLE batch_people (
    batch TEXT NOT NULL REFERENCES batches (id),
    respondent TEXT NOT NULL,
    code TEXT NOT NULL,
    fate TEXT NOT NULL,
    PRIMARY KEY (batch, respondent)
);
CREATE INDEX batch_people_fate ON batch_people (batch, fate, respondent);

-- Moments that a respondent proposes where none that is offered fits: up to three, in the order of preference. `sealed`
-- is the address and the remark that came with them, kept only while the proposal is open. At most one is open at once.
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    respondent TEXT NOT NULL REFERENCES respondents (id),
    interview TEXT REFERENCES interviews (id),
    source TEXT NOT NULL,
    mode TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    second_at BIGINT,
    third_at BIGINT,
    sealed BLOB,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX proposals_open ON proposals (respondent) WHERE state = 'open';
CREATE INDEX proposals_study ON proposals (study, state, id);
CREATE INDEX proposals_respondent ON proposals (respondent, id);

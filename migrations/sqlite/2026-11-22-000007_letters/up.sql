-- The outbox. `facts` is what the letter tells, sealed when it is queued; `message` is the whole message, sealed
-- when it is first claimed at `stamped_at`. The message is deleted when the letter is not queued any more; so are
-- the facts, but those of a failed letter stay for a while, so that a person can have it sent again.
CREATE TABLE letters (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    respondent TEXT REFERENCES respondents (id),
    user_id TEXT REFERENCES users (id),
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    interview TEXT REFERENCES interviews (id),
    sequence INTEGER,
    message_id TEXT,
    stamped_at BIGINT,
    facts BLOB,
    message BLOB,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT,
    fence INTEGER NOT NULL,
    sent_at BIGINT
);
CREATE UNIQUE INDEX letters_occasion ON letters (recipient, kind, occasion);
CREATE INDEX letters_due ON letters (due_at, id) WHERE state = 'queued';
CREATE INDEX letters_failed ON letters (created_at, id) WHERE state = 'failed';
CREATE INDEX letters_study ON letters (study, id);
CREATE INDEX letters_state ON letters (study, state, id);
CREATE INDEX letters_respondent ON letters (respondent, id);
CREATE INDEX letters_interview ON letters (interview, recipient, id) WHERE interview IS NOT NULL;

-- A researcher's own wording of a letter; without a row the built-in wording holds.
CREATE TABLE letter_texts (
    study TEXT NOT NULL REFERENCES studies (id),
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (study, kind, language)
);

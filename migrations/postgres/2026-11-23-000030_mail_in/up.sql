-- What somebody answered in their calendar to the invite to an interview; `attendee` is written as the recipient of a letter.
CREATE TABLE attendances (
    interview TEXT NOT NULL REFERENCES interviews (id),
    attendee TEXT NOT NULL,
    attendance TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    stamped_at BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    comment_sealed BYTEA,
    PRIMARY KEY (interview, attendee)
);
-- The sequence at which an interview got the time that it has: an answer to an earlier one answers another time.
ALTER TABLE interviews ADD COLUMN time_sequence INTEGER NOT NULL DEFAULT 0;
UPDATE interviews SET time_sequence = sequence;
-- When a mail server told, after it had taken a letter, that it will not arrive; and that an address takes no mail.
ALTER TABLE letters ADD COLUMN bounced_at BIGINT;
ALTER TABLE contacts ADD COLUMN bounced_at BIGINT;
CREATE INDEX contacts_bounced ON contacts (study) WHERE bounced_at IS NOT NULL;
-- Every message that came in, by a keyed digest of its bytes, so that it is taken once. One that changed nothing waits
-- for a person, with the beginning of what it says under a seal.
CREATE TABLE incoming_mail (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    doubt TEXT,
    study TEXT REFERENCES studies (id),
    respondent TEXT REFERENCES respondents (id),
    interview TEXT REFERENCES interviews (id),
    letter TEXT REFERENCES letters (id),
    sealed BYTEA,
    settled_at BIGINT
);
CREATE UNIQUE INDEX incoming_mail_digest ON incoming_mail (digest);
CREATE INDEX incoming_mail_waiting ON incoming_mail (study, id) WHERE state = 'waiting';
CREATE INDEX incoming_mail_respondent ON incoming_mail (respondent, id) WHERE respondent IS NOT NULL;
CREATE INDEX incoming_mail_age ON incoming_mail (received_at);

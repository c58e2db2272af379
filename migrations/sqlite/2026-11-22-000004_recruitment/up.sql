CREATE TABLE respondents (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    code TEXT NOT NULL,
    municipality TEXT NOT NULL,
    stratum TEXT REFERENCES strata (id),
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    link_generation INTEGER NOT NULL,
    link_digest TEXT,
    unsubscribe_digest TEXT,
    revision INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    invited_at BIGINT,
    opened_at BIGINT,
    opted_out_at BIGINT,
    withdrawn_at BIGINT,
    erased_at BIGINT
);
CREATE UNIQUE INDEX respondents_code ON respondents (study, code);
CREATE UNIQUE INDEX respondents_link ON respondents (link_digest) WHERE link_digest IS NOT NULL;
CREATE UNIQUE INDEX respondents_unsubscribe ON respondents (unsubscribe_digest) WHERE unsubscribe_digest IS NOT NULL;
CREATE INDEX respondents_study ON respondents (study, id) WHERE erased_at IS NULL;
CREATE INDEX respondents_status ON respondents (study, status, id) WHERE erased_at IS NULL;
CREATE INDEX respondents_stratum ON respondents (stratum, status, id) WHERE erased_at IS NULL;
CREATE INDEX respondents_municipality ON respondents (study, municipality);
CREATE INDEX respondents_erased ON respondents (erased_at) WHERE erased_at IS NOT NULL;

-- Name, mail address, phone and role of a respondent: one sealed blob, away from the research data (R6).
CREATE TABLE contacts (
    respondent TEXT NOT NULL PRIMARY KEY REFERENCES respondents (id),
    study TEXT NOT NULL REFERENCES studies (id),
    email_digest TEXT NOT NULL,
    sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX contacts_email ON contacts (study, email_digest);

CREATE TABLE respondent_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    respondent TEXT NOT NULL REFERENCES respondents (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL
);
CREATE INDEX respondent_history_respondent ON respondent_history (respondent, id);

-- Keyed digests of addresses that must not be written to again, kept when the person is erased.
CREATE TABLE do_not_contact (
    study TEXT NOT NULL REFERENCES studies (id),
    email_digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (study, email_digest)
);

CREATE TABLE waves (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    kind TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX waves_study ON waves (study, id);

-- Whom a wave was meant for and, where no letter was made, why (R9).
CREATE TABLE wave_outcomes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    wave TEXT NOT NULL REFERENCES waves (id),
    respondent TEXT NOT NULL,
    skipped TEXT
);
CREATE INDEX wave_outcomes_wave ON wave_outcomes (wave, id);

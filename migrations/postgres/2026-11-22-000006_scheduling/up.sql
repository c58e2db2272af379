CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE availability_rules (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    interviewer TEXT NOT NULL REFERENCES users (id),
    weekday INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    until_minute INTEGER NOT NULL
);
CREATE INDEX availability_rules_study ON availability_rules (study, interviewer);

CREATE TABLE availability_exceptions (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    interviewer TEXT NOT NULL REFERENCES users (id),
    on_date DATE NOT NULL,
    open BOOLEAN NOT NULL,
    from_minute INTEGER,
    until_minute INTEGER
);
CREATE INDEX availability_exceptions_study ON availability_exceptions (study, interviewer, on_date);

-- `join_link` is its own, where it has one; `announced_link` is the one that its letters last told.
CREATE TABLE interviews (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    respondent TEXT NOT NULL REFERENCES respondents (id),
    interviewer TEXT NOT NULL REFERENCES users (id),
    stratum TEXT REFERENCES strata (id),
    uid TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    mode TEXT NOT NULL,
    place_sealed BYTEA,
    status TEXT NOT NULL,
    cancelled_by TEXT,
    reason_sealed BYTEA,
    join_link TEXT,
    announced_link TEXT,
    booked_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX interviews_uid ON interviews (uid);
-- One active interview per respondent; a respondent belongs to one study (R1).
CREATE UNIQUE INDEX interviews_active ON interviews (respondent) WHERE status IN ('booked', 'held');
CREATE INDEX interviews_study ON interviews (study, starts_at, id);
CREATE INDEX interviews_respondent ON interviews (respondent, id);
CREATE INDEX interviews_interviewer ON interviews (interviewer, starts_at);

-- The stretches of an interviewer's time that are taken. No two active ones of an interviewer overlap, whatever
-- path they came by; the database itself sees to that (R1).
CREATE TABLE reservations (
    id TEXT NOT NULL PRIMARY KEY,
    interviewer TEXT NOT NULL REFERENCES users (id),
    interview TEXT REFERENCES interviews (id),
    guard_from BIGINT NOT NULL,
    guard_until BIGINT NOT NULL,
    kind TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CHECK (guard_from < guard_until),
    CONSTRAINT reservations_overlap EXCLUDE USING gist (
        interviewer WITH =, int8range(guard_from, guard_until) WITH &&
    ) WHERE (active)
);
CREATE UNIQUE INDEX reservations_interview ON reservations (interview) WHERE interview IS NOT NULL;
CREATE INDEX reservations_time ON reservations (interviewer, guard_from) WHERE active;
CREATE INDEX reservations_ahead ON reservations (interviewer, guard_until) WHERE active;

CREATE TABLE studies (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    organisation TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    population_on DATE NOT NULL,
    interview_minutes INTEGER NOT NULL,
    slot_step_minutes INTEGER NOT NULL,
    buffer_minutes INTEGER NOT NULL,
    min_notice_minutes INTEGER NOT NULL,
    horizon_days INTEGER NOT NULL,
    window_from DATE,
    window_until DATE,
    modes TEXT NOT NULL,
    teams_link TEXT,
    ethics TEXT,
    max_per_day INTEGER,
    next_code INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);

CREATE TABLE members (
    study TEXT NOT NULL REFERENCES studies (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    teams_link TEXT,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (study, user_id)
);
CREATE INDEX members_user ON members (user_id, study);

-- `taken` counts booked and held interviews; it is only ever changed by a guarded update (R1).
CREATE TABLE strata (
    id TEXT NOT NULL PRIMARY KEY,
    study TEXT NOT NULL REFERENCES studies (id),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    min_inhabitants INTEGER,
    max_inhabitants INTEGER,
    target INTEGER,
    cap INTEGER,
    position INTEGER NOT NULL,
    taken INTEGER NOT NULL
);
CREATE UNIQUE INDEX strata_key ON strata (study, key);

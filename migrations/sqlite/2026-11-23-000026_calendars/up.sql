-- Calendars that researchers publish elsewhere, read for when they are busy. The address is a secret and is sealed.
-- `due_at` is when the calendar is looked at next, `claimed_until` and `fence` keep two servers from doing so at once.
-- `read_at` is when it was last read, `whole_at` when it last came as a whole and not only as unchanged.
CREATE TABLE calendars (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    address_sealed BLOB NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT,
    fence INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    fault TEXT,
    skipped INTEGER NOT NULL,
    read_at BIGINT,
    whole_at BIGINT,
    etag TEXT,
    last_modified TEXT
);
CREATE INDEX calendars_user ON calendars (user_id, id);
CREATE INDEX calendars_due ON calendars (due_at, id);
-- When their owners are busy: from when until when, and nothing else. No row is longer than a week, so that those that
-- touch a stretch of time are found by their start.
CREATE TABLE busy_times (
    calendar TEXT NOT NULL REFERENCES calendars (id),
    interviewer TEXT NOT NULL REFERENCES users (id),
    busy_from BIGINT NOT NULL,
    busy_until BIGINT NOT NULL,
    PRIMARY KEY (calendar, busy_from),
    CHECK (busy_from < busy_until),
    CHECK (busy_until - busy_from <= 604800)
);
CREATE INDEX busy_times_time ON busy_times (interviewer, busy_from, busy_until);

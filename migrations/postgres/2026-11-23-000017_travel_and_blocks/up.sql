-- Minutes that an interviewer travels to an interview in person, and as long back, unless the municipality says otherwise.
ALTER TABLE members ADD COLUMN travel_minutes INTEGER NOT NULL DEFAULT 0;
CREATE TABLE travel_times (
    study TEXT NOT NULL REFERENCES studies (id),
    municipality TEXT NOT NULL,
    interviewer TEXT NOT NULL REFERENCES users (id),
    minutes INTEGER NOT NULL,
    PRIMARY KEY (study, municipality, interviewer)
);
-- The interview itself, which its guard surrounds with travel before it, and with rest and travel after it.
ALTER TABLE reservations ADD COLUMN starts_at BIGINT;
ALTER TABLE reservations ADD COLUMN ends_at BIGINT;
UPDATE reservations SET
    starts_at = guard_from,
    ends_at = (SELECT ends_at FROM interviews WHERE interviews.id = reservations.interview)
WHERE interview IS NOT NULL;
-- Stretches that an interviewer keeps free in all their studies. What was booked before stays booked, so they may overlap
-- with reservations; whoever plans an interview looks at them with the interviewer locked.
CREATE TABLE blocks (
    id TEXT NOT NULL PRIMARY KEY,
    interviewer TEXT NOT NULL REFERENCES users (id),
    blocked_from BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    CHECK (blocked_from < blocked_until)
);
CREATE INDEX blocks_time ON blocks (interviewer, blocked_until);

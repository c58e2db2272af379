-- A time that is kept for a respondent while they fill in the form is a reservation with a moment at which that ends. From
-- then on it stands in nobody's way, whether the row is still there or not: whoever looks compares times, and whoever
-- reserves the time of an interviewer puts away first what has expired of it.
ALTER TABLE reservations ADD COLUMN respondent TEXT REFERENCES respondents (id);
ALTER TABLE reservations ADD COLUMN mode TEXT;
ALTER TABLE reservations ADD COLUMN expires_at BIGINT;
-- One at a time for each respondent.
CREATE UNIQUE INDEX reservations_holder ON reservations (respondent) WHERE respondent IS NOT NULL;
CREATE INDEX reservations_expiry ON reservations (interviewer, expires_at) WHERE expires_at IS NOT NULL;

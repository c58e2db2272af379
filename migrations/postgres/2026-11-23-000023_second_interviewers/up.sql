-- Somebody of the study who holds an interview together with its interviewer. It takes their time as well: an interview
-- has at most one reservation for each of its two seats.
ALTER TABLE interviews ADD COLUMN second_interviewer TEXT REFERENCES users (id);
CREATE INDEX interviews_second ON interviews (second_interviewer, starts_at) WHERE second_interviewer IS NOT NULL;
ALTER TABLE reservations ADD COLUMN second BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX reservations_interview;
CREATE UNIQUE INDEX reservations_interview ON reservations (interview, second) WHERE interview IS NOT NULL;

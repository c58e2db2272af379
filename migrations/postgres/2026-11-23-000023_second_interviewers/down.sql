DELETE FROM reservations WHERE second;
DROP INDEX reservations_interview;
CREATE UNIQUE INDEX reservations_interview ON reservations (interview) WHERE interview IS NOT NULL;
ALTER TABLE reservations DROP COLUMN second;
DROP INDEX interviews_second;
ALTER TABLE interviews DROP COLUMN second_interviewer;

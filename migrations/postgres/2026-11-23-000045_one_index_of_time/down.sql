CREATE INDEX reservations_ahead ON reservations (interviewer, guard_until) WHERE active;

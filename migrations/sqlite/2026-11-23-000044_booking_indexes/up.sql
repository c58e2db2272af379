-- What a booking writes is mostly pages of indexes: each that lies apart from those of other bookings is a page of its own.

-- Who of a stratum has a status is answered by respondents_of_stratum_and_status.
DROP INDEX respondents_stratum;

-- Throttles are looked through every few minutes, and hold a day at most.
DROP INDEX throttles_updated;

-- One letter per recipient, kind and occasion, as before. The occasion comes first: those of interviews are in the order of
-- time, so that the letters of many bookings stand beside each other.
DROP INDEX letters_occasion;
CREATE UNIQUE INDEX letters_occasion ON letters (occasion, kind, recipient);

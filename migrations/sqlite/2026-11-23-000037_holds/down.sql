DELETE FROM reservations WHERE expires_at IS NOT NULL;
DROP INDEX reservations_expiry;
DROP INDEX reservations_holder;
ALTER TABLE reservations DROP COLUMN expires_at;
ALTER TABLE reservations DROP COLUMN mode;
ALTER TABLE reservations DROP COLUMN respondent;

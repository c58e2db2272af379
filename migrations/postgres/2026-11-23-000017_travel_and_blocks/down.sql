DROP TABLE blocks;
ALTER TABLE reservations DROP COLUMN ends_at;
ALTER TABLE reservations DROP COLUMN starts_at;
DROP TABLE travel_times;
ALTER TABLE members DROP COLUMN travel_minutes;

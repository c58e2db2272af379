-- When a respondent asked: the DTSTAMP of their calendar's message, else when the form came. An earlier wish never takes the
-- place of a later one, however late it arrives.
ALTER TABLE proposals ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0;
UPDATE proposals SET asked_at = made_at;
-- Who proposed it, where it was not the respondent but whoever makes their appointments.
ALTER TABLE proposals ADD COLUMN delegate TEXT;

-- Until how long before its start a respondent may move or cancel an interview, in minutes; 0 for at any time.
ALTER TABLE studies ADD COLUMN move_notice_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE studies ADD COLUMN cancel_notice_minutes INTEGER NOT NULL DEFAULT 0;
-- The most interviews of an interviewer from one Monday to the next.
ALTER TABLE studies ADD COLUMN max_per_week INTEGER;
-- Whether weekly hours are closed on Dutch public holidays.
ALTER TABLE studies ADD COLUMN public_holidays BOOLEAN NOT NULL DEFAULT TRUE;

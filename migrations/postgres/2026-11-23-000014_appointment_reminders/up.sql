-- How long before an interview its two sides are reminded of it, in minutes, parted by commas; between which minutes of
-- the day no reminder goes, by the clock of the study's zone; how many days lie between two letters that approach.
ALTER TABLE studies ADD COLUMN reminder_lead_minutes TEXT NOT NULL DEFAULT '1440';
ALTER TABLE studies ADD COLUMN quiet_from INTEGER DEFAULT 1260;
ALTER TABLE studies ADD COLUMN quiet_until INTEGER DEFAULT 480;
ALTER TABLE studies ADD COLUMN min_reminder_days INTEGER NOT NULL DEFAULT 3;
-- Since when it has its time, and from when on reminders of it are to go: the moment at which the worker looks at it
-- next, null when none is to come. What was past when this came about is not made up for.
ALTER TABLE interviews ADD COLUMN arranged_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE interviews ADD COLUMN remind_at BIGINT;
UPDATE interviews SET arranged_at = changed_at;
UPDATE interviews SET remind_at = EXTRACT(EPOCH FROM now())::bigint WHERE status = 'booked';
CREATE INDEX interviews_remind ON interviews (remind_at) WHERE remind_at IS NOT NULL;

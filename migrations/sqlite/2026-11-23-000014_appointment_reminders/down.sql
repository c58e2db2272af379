DROP INDEX interviews_remind;
ALTER TABLE interviews DROP COLUMN remind_at;
ALTER TABLE interviews DROP COLUMN arranged_at;
ALTER TABLE studies DROP COLUMN min_reminder_days;
ALTER TABLE studies DROP COLUMN quiet_until;
ALTER TABLE studies DROP COLUMN quiet_from;
ALTER TABLE studies DROP COLUMN reminder_lead_minutes;

ALTER TABLE studies DROP COLUMN max_reminders;

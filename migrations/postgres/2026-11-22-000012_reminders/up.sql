-- How many reminders one respondent gets at most.
ALTER TABLE studies ADD COLUMN max_reminders INTEGER NOT NULL DEFAULT 2;

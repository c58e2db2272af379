ALTER TABLE studies DROP COLUMN public_holidays;
ALTER TABLE studies DROP COLUMN max_per_week;
ALTER TABLE studies DROP COLUMN cancel_notice_minutes;
ALTER TABLE studies DROP COLUMN move_notice_minutes;

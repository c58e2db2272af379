ALTER TABLE studies DROP COLUMN archived_at;

ALTER TABLE studies ADD COLUMN archived_at BIGINT;

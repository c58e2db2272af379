ALTER TABLE proposals DROP COLUMN delegate;
ALTER TABLE proposals DROP COLUMN asked_at;

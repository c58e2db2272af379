ALTER TABLE interviews DROP COLUMN delegate_sealed;

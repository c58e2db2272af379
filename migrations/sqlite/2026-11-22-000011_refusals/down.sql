ALTER TABLE letters DROP COLUMN refused;

ALTER TABLE letters DROP COLUMN answer;

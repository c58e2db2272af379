ALTER TABLE sheet_answers DROP COLUMN revision;

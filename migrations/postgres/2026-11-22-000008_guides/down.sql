DROP TABLE sheet_answers;
DROP TABLE sheets;
DROP TABLE guides;

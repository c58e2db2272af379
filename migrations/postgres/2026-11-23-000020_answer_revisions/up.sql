-- The revision of the sheet at which an answer was last written: two people who write on different questions of one
-- sheet are not in each other's way, and of one question none writes over the other unseen.
ALTER TABLE sheet_answers ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE sheet_answers SET revision = (SELECT revision FROM sheets WHERE sheets.interview = sheet_answers.interview);

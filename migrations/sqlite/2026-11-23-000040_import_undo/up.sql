-- By which import somebody came onto the list, so that it can be undone as long as nothing came of it.
ALTER TABLE respondents ADD COLUMN import TEXT;
CREATE INDEX respondents_of_import ON respondents (study, import, id) WHERE import IS NOT NULL;

-- How many rows a list has, for telling how many of them are looked at; and whose address stands in a row, so that the
-- rows of somebody who is erased can be found.
ALTER TABLE import_drafts ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_rows ADD COLUMN digest TEXT;
CREATE INDEX import_rows_digest ON import_rows (digest) WHERE digest IS NOT NULL;

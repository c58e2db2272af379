DROP INDEX import_rows_digest;
ALTER TABLE import_rows DROP COLUMN digest;
ALTER TABLE import_drafts DROP COLUMN total;
DROP INDEX respondents_of_import;
ALTER TABLE respondents DROP COLUMN import;

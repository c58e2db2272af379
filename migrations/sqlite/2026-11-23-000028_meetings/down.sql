DROP TABLE meetings;
ALTER TABLE members DROP COLUMN microsoft_id;
DROP TABLE link_sources;

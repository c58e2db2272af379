-- What a study tells about personal data, as JSON: purpose, source of addresses, legal basis, retention.
ALTER TABLE studies ADD COLUMN privacy_notice TEXT NOT NULL DEFAULT '{}';

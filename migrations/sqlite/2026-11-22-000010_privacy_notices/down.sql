ALTER TABLE studies DROP COLUMN privacy_notice;

DROP TABLE incoming_mail;
DROP INDEX contacts_bounced;
ALTER TABLE contacts DROP COLUMN bounced_at;
ALTER TABLE letters DROP COLUMN bounced_at;
ALTER TABLE interviews DROP COLUMN time_sequence;
DROP TABLE attendances;

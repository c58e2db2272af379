DELETE FROM incoming_mail WHERE copy_of IS NOT NULL;
DROP INDEX incoming_mail_copies;
ALTER TABLE incoming_mail DROP COLUMN copy_of;

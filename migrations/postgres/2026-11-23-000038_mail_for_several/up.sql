-- A message of somebody who is a respondent in several studies waits in each of them. The rows after the first tell of
-- which message they are a copy; they have digests of their own.
ALTER TABLE incoming_mail ADD COLUMN copy_of TEXT;
CREATE INDEX incoming_mail_copies ON incoming_mail (copy_of) WHERE copy_of IS NOT NULL;

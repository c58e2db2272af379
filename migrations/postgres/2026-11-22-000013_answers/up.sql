-- What the mail server said last, sealed: it may name the recipient. In clear only the codes of it are kept, which stand
-- before the words (RFC 5321 4.2, RFC 3463 2); what was kept of earlier answers is emptied.
ALTER TABLE letters ADD COLUMN answer BYTEA;
UPDATE letters SET last_error = NULL WHERE state IN ('queued', 'failed');

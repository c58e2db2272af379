DROP INDEX respondents_contact_removed;
ALTER TABLE respondents DROP COLUMN contact_removed_at;

-- Since when somebody's contact data are gone: removed while what was said stays under the code, or erased with the person.
ALTER TABLE respondents ADD COLUMN contact_removed_at BIGINT;
UPDATE respondents SET contact_removed_at = erased_at WHERE erased_at IS NOT NULL;
CREATE INDEX respondents_contact_removed ON respondents (contact_removed_at) WHERE contact_removed_at IS NOT NULL;

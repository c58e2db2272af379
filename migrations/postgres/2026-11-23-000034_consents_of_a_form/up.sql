CREATE INDEX consents_form ON consents (form, id);

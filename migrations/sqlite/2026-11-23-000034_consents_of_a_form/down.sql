DROP INDEX consents_form;

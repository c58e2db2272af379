-- Who made the appointment for the respondent and gets the invite as well: a name and an address, sealed. They are
-- deleted with the appointment.
ALTER TABLE interviews ADD COLUMN delegate_sealed BLOB;

DROP TABLE reservations;
DROP TABLE interviews;
DROP TABLE availability_exceptions;
DROP TABLE availability_rules;

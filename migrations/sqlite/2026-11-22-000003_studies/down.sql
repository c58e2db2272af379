DROP TABLE strata;
DROP TABLE members;
DROP TABLE studies;

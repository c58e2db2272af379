DROP TABLE archived_studies;

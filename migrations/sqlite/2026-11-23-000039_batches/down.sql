DROP TABLE batch_people;
DROP TABLE batches;

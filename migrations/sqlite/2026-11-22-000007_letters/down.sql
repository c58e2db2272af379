DROP TABLE letter_texts;
DROP TABLE letters;

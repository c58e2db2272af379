DROP TABLE busy_times;
DROP TABLE calendars;

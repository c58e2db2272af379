DROP TABLE municipality_mergers;
DROP TABLE municipality_aliases;
DROP TABLE municipality_figures;
DROP TABLE municipalities;

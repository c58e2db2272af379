CREATE TABLE municipalities (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    official_name TEXT NOT NULL,
    cbs_label TEXT NOT NULL
);

CREATE TABLE municipality_figures (
    code TEXT NOT NULL,
    counted_on DATE NOT NULL,
    name TEXT NOT NULL,
    province TEXT NOT NULL,
    inhabitants INTEGER NOT NULL,
    PRIMARY KEY (code, counted_on)
);
CREATE INDEX municipality_figures_on ON municipality_figures (counted_on, inhabitants);

CREATE TABLE municipality_aliases (
    alias TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (alias, code, kind)
);

CREATE TABLE municipality_mergers (
    old_code TEXT NOT NULL,
    old_name TEXT NOT NULL,
    new_code TEXT NOT NULL,
    new_name TEXT NOT NULL,
    effective_on DATE NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (old_code, new_code)
);

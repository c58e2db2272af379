//! The table of municipalities: a plain text that a person can read, compare and edit.
//!
//! The table that ships with the product and one that a researcher imports have the same form, described in
//! `migrations/seed/README.md`. Reading is strict: what is not understood is refused with its line and the reason.

use super::fault::{HEADER, LIST_LIMIT, TABLE_LIMIT};
use super::{
    Ending, Figure, Gazetteer, Municipality, MunicipalityCode, NameKind, OtherName, Province, TableError,
    TableFault, Tile, field,
};
use crate::domain::text;

/// The greatest number of municipalities in a table, present and former together.
const ROW_LIMIT: usize = 2_000;
/// The table that ships with the product.
const SHIPPED: &str = include_str!("../../../migrations/seed/municipalities.txt");

/// Reads the table that ships with the product.
///
/// # Errors
/// None in a build whose tests passed.
pub fn shipped() -> Result<Gazetteer, TableError> {
    parse(SHIPPED)
}

/// Reads a whole table.
///
/// # Errors
/// The first line that can't be understood or contradicts another.
pub fn parse(table: &str) -> Result<Gazetteer, TableError> {
    let at = |line: usize| move |fault: TableFault| TableError { line, fault };
    if table.len() > TABLE_LIMIT {
        return Err(at(1)(TableFault::TooLarge));
    }
    let mut lines = (1..).zip(table.lines());
    let header = lines.next().map(|(_, line)| line);
    if header != Some(HEADER) {
        return Err(at(1)(TableFault::Header));
    }
    let source = lines.next().and_then(|(_, line)| line.strip_prefix("source "));
    let source =
        source.and_then(|source| field::name(source).ok()).ok_or(TableFault::Source).map_err(at(2))?;

    let mut blocks: Vec<(usize, Municipality)> = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
        if line.is_empty() {
            blocks.extend(open.take().map(Block::close).transpose()?);
        } else if let Some(block) = &mut open {
            block.add(line).map_err(at(number))?;
        } else {
            let block = Block::begin(number, line).map_err(at(number))?;
            if blocks.last().is_some_and(|(_, before)| before.code >= block.code) {
                return Err(at(number)(TableFault::Order));
            }
            if blocks.len() >= ROW_LIMIT {
                return Err(at(number)(TableFault::TooMany(ROW_LIMIT)));
            }
            open = Some(block);
        }
    }
    blocks.extend(open.take().map(Block::close).transpose()?);

    let begins: Vec<_> = blocks.iter().map(|(line, row)| (row.code, *line)).collect();
    let rows = blocks.into_iter().map(|(_, row)| row).collect();
    Gazetteer::new(source, rows).map_err(|fault| {
        let line = begins.iter().find(|(code, _)| Some(*code) == fault.code()).map_or(1, |(_, line)| *line);
        at(line)(fault.into())
    })
}

/// A municipality of which more lines may follow.
struct Block {
    line: usize,
    code: MunicipalityCode,
    name: String,
    official_name: Option<String>,
    province: Option<Province>,
    tile: Option<Tile>,
    figures: Option<Vec<Figure>>,
    other_names: Vec<OtherName>,
    ending: Option<Ending>,
}

impl Block {
    fn begin(line: usize, text: &str) -> Result<Self, TableFault> {
        let (code, called) = text.split_once(' ').ok_or(TableFault::Name)?;
        Ok(Self {
            line,
            code: code.parse().map_err(|_| TableFault::Name)?,
            name: field::name(called).map_err(|_| TableFault::Name)?,
            official_name: None,
            province: None,
            tile: None,
            figures: None,
            other_names: Vec::new(),
            ending: None,
        })
    }

    fn add(&mut self, line: &str) -> Result<(), TableFault> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "official" => once(&mut self.official_name, "official", field::name(rest)?),
            "province" => {
                once(&mut self.province, "province", rest.parse().map_err(|()| TableFault::Province)?)
            }
            "tile" => once(&mut self.tile, "tile", field::tile(rest).ok_or(TableFault::Tile)?),
            "inhabitants" => once(&mut self.figures, "inhabitants", field::figures(rest)?),
            "ended" => once(&mut self.ending, "ended", field::ending(rest)?),
            _ => {
                let kind = word.parse().map_err(|()| unknown_word(word))?;
                self.add_name(kind, field::name(rest)?)
            }
        }
    }

    fn add_name(&mut self, kind: NameKind, text: String) -> Result<(), TableFault> {
        if self.other_names.len() >= LIST_LIMIT {
            return Err(TableFault::TooMany(LIST_LIMIT));
        }
        self.other_names.push(OtherName { text, kind });
        Ok(())
    }

    /// The finished municipality, with the line on which it began.
    fn close(self) -> Result<(usize, Municipality), TableError> {
        let missing = TableError { line: self.line, fault: TableFault::ProvinceMissing };
        let municipality = Municipality {
            code: self.code,
            official_name: self.official_name.unwrap_or_else(|| self.name.clone()),
            name: self.name,
            province: self.province.ok_or(missing)?,
            tile: self.tile,
            figures: self.figures.unwrap_or_default(),
            other_names: self.other_names,
            ending: self.ending,
        };
        Ok((self.line, municipality))
    }
}

fn unknown_word(word: &str) -> TableFault {
    TableFault::UnknownWord(word.chars().filter(|c| !text::is_deceptive(*c)).take(40).collect())
}

fn once<T>(field: &mut Option<T>, word: &'static str, value: T) -> Result<(), TableFault> {
    if field.replace(value).is_some() { Err(TableFault::Twice(word)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::municipality::{EndingKind, Inconsistency};

    const TABLE: &str = "veldwerk-municipalities 1
source Statistics Netherlands (CBS), CC BY 4.0; edited

# Remarks and blank lines may stand between blocks.

GM0363 Amsterdam
province Noord-Holland
tile 7 9
inhabitants 2022 882633 918117
english Damsterdam

GM0373 Bergen (NH.)
official Bergen
province Noord-Holland
inhabitants 2023 30138

GM0457 Weesp
province Noord-Holland
inhabitants 2022 23224
ended 2022-03-24 absorbed GM0363
";

    fn fault(from: &str, to: &str) -> TableError {
        assert!(TABLE.contains(from), "{from}");
        parse(&TABLE.replacen(from, to, 1)).unwrap_err()
    }

    #[test]
    fn a_block_tells_all_about_a_municipality() {
        let gazetteer = parse(TABLE).unwrap();
        let rows: Vec<_> = gazetteer.municipalities().collect();
        assert_eq!(gazetteer.source(), "Statistics Netherlands (CBS), CC BY 4.0; edited");
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0].official_name, "Amsterdam");
        assert_eq!(rows[0].tile, Some(Tile { column: 7, row: 9 }));
        assert_eq!(rows[0].figures[1].on.to_string(), "2023-01-01");
        assert_eq!(rows[0].figures[1].inhabitants, 918_117);
        assert_eq!(
            rows[0].other_names,
            [OtherName { text: "Damsterdam".to_owned(), kind: NameKind::English }]
        );
        assert_eq!(rows[1].official_name, "Bergen");
        assert_eq!(rows[1].name, "Bergen (NH.)");
        let ending = rows[2].ending.as_ref().unwrap();
        assert_eq!((ending.on.to_string().as_str(), ending.kind), ("2022-03-24", EndingKind::Absorbed));
        assert_eq!(ending.successors, [rows[0].code]);
        assert_eq!(
            parse(&TABLE.replace('\n', "\r\n")),
            Ok(gazetteer),
            "an editor may have changed the line ends"
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line_and_the_reason() {
        use TableFault as F;
        for (from, to, line, expected) in [
            ("municipalities 1", "municipalities 2", 1, F::Header),
            ("veld", "\u{FEFF}veld", 1, F::Header),
            ("source S", "S", 2, F::Source),
            ("GM0363 Amsterdam", "0363 Amsterdam", 6, F::Name),
            ("GM0363 Amsterdam", "GM0363", 6, F::Name),
            ("GM0363 Amsterdam", "GM0363  Amsterdam", 6, F::Name),
            ("GM0363 A", "GM0373 A", 12, F::Order),
            ("GM0363 A", "GM0374 A", 12, F::Order),
            ("province Noord-Holland\ntile", "province Holland\ntile", 7, F::Province),
            ("province Noord-Holland\ntile", "tile", 6, F::ProvinceMissing),
            ("tile 7 9", "tile 7", 8, F::Tile),
            ("tile 7 9", "tile 7 1000", 8, F::Tile),
            ("tile 7 9", "tile 7 9\ntile 7 9", 9, F::Twice("tile")),
            ("tile 7 9", "capital yes", 8, F::UnknownWord("capital".to_owned())),
            ("inhabitants 2022 882633 918117", "inhabitants 2022", 9, F::Inhabitants),
            ("inhabitants 2022 882633 918117", "inhabitants 22 882633", 9, F::Inhabitants),
            ("882633", "882.633", 9, F::Inhabitants),
            ("882633", "+882633", 9, F::Inhabitants),
            ("882633", "0882633", 9, F::Inhabitants),
            ("882633", "0", 9, F::Inhabitants),
            ("882633", "100000001", 9, F::Inhabitants),
            ("882633 9", "882633  9", 9, F::Inhabitants),
            ("english Damsterdam", "english ", 10, F::Text),
            ("english Damsterdam", "english Dam\u{202E}sterdam", 10, F::Text),
            ("english Damsterdam", "english Damsterdam ", 10, F::Text),
            ("ended 2022-03-24", "ended 2022-3-24", 20, F::Ended),
            ("ended 2022-03-24", "ended 2022-02-30", 20, F::Ended),
            ("absorbed", "swallowed", 20, F::Ended),
            ("absorbed GM0363", "split GM0363 GM0363", 20, F::Ended),
            ("absorbed GM0363", "absorbed 363", 20, F::Ended),
        ] {
            assert_eq!(fault(from, to), TableError { line, fault: expected }, "{to}");
        }
        assert_eq!(
            fault("english Damsterdam", "anglais Damsterdam").to_string(),
            "line 10: unknown word \"anglais\""
        );
    }

    #[test]
    fn blocks_that_contradict_each_other_are_refused_at_the_block_at_fault() {
        let unknown = fault("absorbed GM0363", "absorbed GM0364");
        assert_eq!(unknown.to_string(), "line 17: GM0364, a successor of GM0457, is not in the table");
        let uncounted = fault("inhabitants 2023 30138", "inhabitants 2022 29723");
        assert_eq!(uncounted.to_string(), "line 12: GM0373 has no inhabitants on 2023-01-01");
        assert_eq!(
            parse("veldwerk-municipalities 1\nsource us\n").unwrap_err().fault,
            TableFault::Inconsistent(Inconsistency::Empty)
        );
    }

    #[test]
    fn the_size_of_a_table_and_of_its_lists_is_bounded() {
        let large = format!("{TABLE}{}", "#\n".repeat(TABLE_LIMIT / 2));
        assert_eq!(parse(&large), Err(TableError { line: 1, fault: TableFault::TooLarge }));
        let names = fault("english Damsterdam", &"english Damsterdam\n".repeat(101));
        assert_eq!(names, TableError { line: 110, fault: TableFault::TooMany(LIST_LIMIT) });
        let years = fault("882633", &"882633 ".repeat(100));
        assert_eq!(years, TableError { line: 9, fault: TableFault::TooMany(LIST_LIMIT) });
        let block = |number| format!("\nGM{number:04} Place {number}\nprovince Limburg\n");
        let blocks: String = (1000..=3000).map(block).collect();
        let many = parse(&format!("{HEADER}\nsource us\n{blocks}")).unwrap_err();
        assert_eq!(many.fault, TableFault::TooMany(ROW_LIMIT));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(at in 0..TABLE.len(), length in 0..40_usize, put in any::<String>()) {
            let mut bytes = TABLE.as_bytes().to_vec();
            let until = (at + length).min(bytes.len());
            bytes.splice(at..until, put.bytes());
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }
    }
}

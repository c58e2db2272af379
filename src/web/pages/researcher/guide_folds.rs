//! A long guide in the fields of a form. One section of it stands open and, where that is long itself, one run of its
//! questions; all else is folded away into one field, packed, for a page that holds all fields would be too heavy for a
//! slow line. So nothing has to be kept anywhere when something else is opened, and nothing is lost.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::problem::{Outcome, Problem};
use crate::web::input::BODY_LIMIT;
use crate::words::pages::researcher::{GuideFields, QuestionFields, Run, SectionFields};

/// The field in which folded sections travel.
pub(super) const FOLDED: &str = "folded";
/// The field that says which section is open, and from which question on.
pub(super) const OPEN: &str = "open";
/// How many questions stand on one page before anything is folded.
const AT_ONCE: usize = 20;
/// How many questions of a section stand open together once something is folded.
const RUN: usize = 12;

/// What is folded away, by its numbers in the form.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Folded {
    /// Sections as a whole.
    pub sections: BTreeMap<u32, SectionFields>,
    /// Questions of a section that stands open but for them.
    pub questions: BTreeMap<u32, BTreeMap<u32, QuestionFields>>,
}

/// A place in a guide: a section, and a question of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// The number of the section, from 0.
    pub section: usize,
    /// The number of the question in it, from 0; `None` where any will do.
    pub question: Option<usize>,
}

impl Spot {
    /// The spot of a control or a field, by its id.
    pub fn of(id: &str) -> Option<Self> {
        let (_, place) = id.split_once("sections.")?;
        let mut parts = place.split('.');
        let section = parts.next()?.parse().ok()?;
        let question = parts.nth(1).and_then(|question| question.parse().ok());
        Some(Self { section, question })
    }

    /// The spot that a form says was open: `3` or `3.20`.
    pub fn told(field: &str) -> Self {
        let (section, question) = field.split_once('.').unwrap_or((field, ""));
        Self { section: section.parse().unwrap_or_default(), question: question.parse().ok() }
    }
}

/// The section that stands open, near the one that is wished for; `None` while all of them do.
pub(super) fn open(guide: &GuideFields, wished: Spot) -> Option<usize> {
    let questions: usize = guide.sections.iter().map(|section| section.questions.len()).sum();
    let last = guide.sections.len().checked_sub(1)?;
    (questions > AT_ONCE).then(|| wished.section.min(last))
}

/// The questions of a section in runs that are not too long, of which the one with the wished question is open.
pub(super) fn runs(section: &SectionFields, wished: usize) -> Vec<Run> {
    let length = section.questions.len();
    let last = length.saturating_sub(1);
    let starts = (0..length.max(1)).step_by(RUN);
    let run = |from: usize| {
        let until = length.min(from + RUN);
        Run { from, until, open: (from..from + RUN).contains(&wished.min(last)) }
    };
    starts.map(run).collect()
}

/// All sections but the open one, and of that all questions but those of the open run.
///
/// # Errors
/// A fault of ours.
pub(super) fn packed(guide: &GuideFields, open: Option<usize>, runs: &[Run]) -> Outcome<String> {
    let Some(open) = open else { return Ok(String::new()) };
    let number = |place: usize| u32::try_from(place).map_err(Problem::internal);
    let mut folded = Folded::default();
    for (place, section) in guide.sections.iter().enumerate() {
        if place != open {
            folded.sections.insert(number(place)?, section.clone());
            continue;
        }
        for run in runs.iter().filter(|run| !run.open) {
            for question in run.from..run.until {
                let Some(fields) = section.questions.get(question) else { continue };
                let of_section = folded.questions.entry(number(place)?).or_default();
                of_section.insert(number(question)?, fields.clone());
            }
        }
    }
    let plain = serde_json::to_vec(&folded).map_err(Problem::internal)?;
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&plain).map_err(Problem::internal)?;
    Ok(BASE64URL_NOPAD.encode(&packer.finish().map_err(Problem::internal)?))
}

/// What came folded; nothing where the field is empty.
///
/// # Errors
/// [`Problem::Malformed`] for what was not packed here.
pub(super) fn unpacked(field: &str) -> Outcome<Folded> {
    if field.is_empty() {
        return Ok(Folded::default());
    }
    let broken = || Problem::Malformed("the folded sections cannot be read".to_owned());
    let bytes = BASE64URL_NOPAD.decode(field.as_bytes()).map_err(|_| broken())?;
    let mut plain = Vec::new();
    // What is not as large as a form may be was not packed from one.
    DeflateDecoder::new(bytes.as_slice()).take(BODY_LIMIT).read_to_end(&mut plain).map_err(|_| broken())?;
    serde_json::from_slice(&plain).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::pages::researcher::QuestionFields;

    fn guide(sections: usize, questions: usize) -> GuideFields {
        let section = |number: usize| SectionFields {
            title: format!("Deel {number} «é»"),
            minutes: "lang".to_owned(),
            questions: vec![QuestionFields { answers: vec![number], ..QuestionFields::default() }; questions],
        };
        GuideFields { sections: (0..sections).map(section).collect(), ..GuideFields::default() }
    }

    fn at(section: usize) -> Spot {
        Spot { section, question: None }
    }

    #[test]
    fn only_a_long_guide_is_folded() {
        assert_eq!(open(&guide(5, 4), at(2)), None);
        assert_eq!(open(&guide(1, 50), at(0)), Some(0));
        assert_eq!(open(&guide(3, 7), at(1)), Some(1));
        assert_eq!(open(&guide(3, 7), at(9)), Some(2), "the nearest that there is");
        assert_eq!(open(&GuideFields::default(), at(0)), None);
    }

    #[test]
    fn a_long_section_stands_open_in_runs_and_every_question_is_in_one_of_them() {
        for (length, wished, shown) in
            [(0, 0, (0, 0)), (12, 11, (0, 12)), (30, 0, (0, 12)), (30, 12, (12, 24)), (30, 99, (24, 30))]
        {
            let runs = runs(&guide(1, length).sections[0], wished);
            let open: Vec<_> = runs.iter().filter(|run| run.open).map(|run| (run.from, run.until)).collect();
            assert_eq!(open, [shown], "{length} {wished}");
            let all: Vec<usize> = runs.iter().flat_map(|run| run.from..run.until).collect();
            assert_eq!(all, (0..length).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_folded_comes_back_as_it_was_whether_it_is_sound_or_not() {
        let guide = guide(3, 27);
        let runs = runs(&guide.sections[1], 24);
        let back = unpacked(&packed(&guide, Some(1), &runs).unwrap()).unwrap();
        assert_eq!(back.sections.keys().copied().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(back.sections[&2], guide.sections[2]);
        assert_eq!(back.questions[&1].keys().copied().collect::<Vec<_>>(), (0..24).collect::<Vec<_>>());
        assert_eq!(back.questions[&1][&3], guide.sections[1].questions[3]);
        assert_eq!(packed(&guide, None, &[]).unwrap(), "");
        assert_eq!(unpacked("").unwrap(), Folded::default());
    }

    #[test]
    fn what_was_not_packed_here_is_refused() {
        for field in ["?", "AAAA", "e30", &BASE64URL_NOPAD.encode(b"{\"0\":{}}")] {
            assert!(matches!(unpacked(field), Err(Problem::Malformed(_))), "{field}");
        }
    }

    #[test]
    fn a_control_tells_its_section_and_its_question() {
        let spot = |section, question| Some(Spot { section, question });
        for (id, told) in [
            ("sections.3.title", spot(3, None)),
            ("up-sections.2", spot(2, None)),
            ("add-sections.11.questions", spot(11, None)),
            ("sections.1.questions.24.text.nl", spot(1, Some(24))),
            ("add-sections", None),
            ("look", None),
            ("title", None),
        ] {
            assert_eq!(Spot::of(id), told, "{id}");
        }
        assert_eq!(Spot::told("3.20"), Spot { section: 3, question: Some(20) });
        assert_eq!((Spot::told("3"), Spot::told("")), (at(3), at(0)));
    }
}

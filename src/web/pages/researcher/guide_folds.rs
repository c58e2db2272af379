//! A long guide in the fields of a form. One section of it stands open; the others are folded away into one field, packed,
//! for a page that holds all their fields would be too heavy for a slow line. So nothing has to be kept anywhere when
//! another section is opened, and nothing is lost.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::problem::{Outcome, Problem};
use crate::web::input::BODY_LIMIT;
use crate::words::pages::researcher::{GuideFields, SectionFields};

/// The field in which folded sections travel.
pub(super) const FOLDED: &str = "folded";
/// The field that says which section is open.
pub(super) const OPEN: &str = "open";
/// How many questions stand on one page before sections are folded.
const AT_ONCE: usize = 20;

/// Sections by their numbers in the form.
pub(super) type Numbered = BTreeMap<u32, SectionFields>;

/// The section that stands open, near the one that is wished for; `None` while all of them do.
pub(super) fn open(guide: &GuideFields, wished: usize) -> Option<usize> {
    let questions: usize = guide.sections.iter().map(|section| section.questions.len()).sum();
    let last = guide.sections.len().checked_sub(1).filter(|last| *last > 0)?;
    (questions > AT_ONCE).then(|| wished.min(last))
}

/// The section in which a control or a field stands, by its id.
pub(super) fn section_of(id: &str) -> Option<usize> {
    let (_, place) = id.split_once("sections.")?;
    place.split('.').next()?.parse().ok()
}

/// All sections but the open one.
///
/// # Errors
/// A fault of ours.
pub(super) fn packed(guide: &GuideFields, open: Option<usize>) -> Outcome<String> {
    let Some(open) = open else { return Ok(String::new()) };
    let folded: BTreeMap<usize, &SectionFields> =
        guide.sections.iter().enumerate().filter(|(place, _)| *place != open).collect();
    let plain = serde_json::to_vec(&folded).map_err(Problem::internal)?;
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&plain).map_err(Problem::internal)?;
    Ok(BASE64URL_NOPAD.encode(&packer.finish().map_err(Problem::internal)?))
}

/// The sections that came folded; none where the field is empty.
///
/// # Errors
/// [`Problem::Malformed`] for what was not packed here.
pub(super) fn unpacked(field: &str) -> Outcome<Numbered> {
    if field.is_empty() {
        return Ok(Numbered::new());
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

    #[test]
    fn only_a_long_guide_of_several_sections_is_folded() {
        assert_eq!(open(&guide(5, 4), 2), None);
        assert_eq!(open(&guide(1, 50), 0), None);
        assert_eq!(open(&guide(3, 7), 1), Some(1));
        assert_eq!(open(&guide(3, 7), 9), Some(2), "the nearest that there is");
        assert_eq!(open(&GuideFields::default(), 0), None);
    }

    #[test]
    fn what_is_folded_comes_back_as_it_was_whether_it_is_sound_or_not() {
        let guide = guide(3, 7);
        let back = unpacked(&packed(&guide, Some(1)).unwrap()).unwrap();
        assert_eq!(back.keys().copied().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(back[&2], guide.sections[2]);
        assert_eq!(packed(&guide, None).unwrap(), "");
        assert!(unpacked("").unwrap().is_empty());
    }

    #[test]
    fn what_was_not_packed_here_is_refused() {
        for field in ["?", "AAAA", "e30", &BASE64URL_NOPAD.encode(b"{\"0\":{}}")] {
            assert!(matches!(unpacked(field), Err(Problem::Malformed(_))), "{field}");
        }
    }

    #[test]
    fn a_control_tells_its_section() {
        for (id, section) in [
            ("sections.3.title", Some(3)),
            ("up-sections.2", Some(2)),
            ("add-sections.11.questions", Some(11)),
            ("add-sections", None),
            ("look", None),
            ("title", None),
        ] {
            assert_eq!(section_of(id), section, "{id}");
        }
    }
}

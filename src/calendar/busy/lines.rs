//! The lines of an iCalendar object, and the components that they make.
//!
//! Calendars that people publish have odd lines, and one odd line must not lose all the others; a stranger's file must
//! not take more memory or depth than we give it. So this reads line by line, keeps only what tells of busy times, and
//! is strict in one thing: whatever begins has to end, since a file that was cut off would make its owner look free.

use crate::domain::calendar_feed::FeedFault;

/// The greatest length of a line that is kept, in octets. Longer ones hold texts and pictures.
const LINE_OCTETS: usize = 65_536;
/// How deep components may lie inside each other; in calendars they lie three deep.
const DEPTH: usize = 8;
/// The greatest number of components in one file.
const COMPONENTS: usize = 50_000;

/// What is read of components; all else tells nothing about busy times, and some of it is nobody's business.
const KEPT: [&str; 17] = [
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "UID",
    "STATUS",
    "TRANSP",
    "FREEBUSY",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-CDO-INTENDEDSTATUS",
    "X-LIC-LOCATION",
];

/// A property.
#[derive(Debug)]
pub(super) struct Line {
    /// In capitals.
    pub(super) name: String,
    /// Their names in capitals, their values without quotes.
    parameters: Vec<(String, String)>,
    pub(super) value: String,
}

impl Line {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A component: a calendar, an event, a zone.
#[derive(Debug, Default)]
pub(super) struct Component {
    /// In capitals.
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) parts: Vec<Self>,
}

impl Component {
    /// The first property of a name.
    pub(super) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// Its value, without the spaces around it.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.line(name).map(|line| line.value.trim())
    }

    /// All properties of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }
}

/// The calendars of a file.
///
/// # Errors
/// [`FeedFault::NotACalendar`] for a file that does not begin one, [`FeedFault::CutOff`] where something does not end,
/// [`FeedFault::TooMuch`] beyond the limits.
pub(super) fn calendars(file: &[u8]) -> Result<Vec<Component>, FeedFault> {
    let text = String::from_utf8_lossy(file);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut open: Vec<Component> = Vec::new();
    let mut calendars = Vec::new();
    let mut count = 0;
    for line in unfolded(text) {
        let Some(line) = property(&line) else { continue };
        let named = || line.value.trim().to_ascii_uppercase();
        match line.name.as_str() {
            "BEGIN" => {
                let name = named();
                if open.is_empty() && name != "VCALENDAR" {
                    return Err(FeedFault::NotACalendar);
                }
                count += 1;
                if count > COMPONENTS || open.len() >= DEPTH {
                    return Err(FeedFault::TooMuch);
                }
                open.push(Component { name, ..Component::default() });
            }
            "END" => {
                let ended = open.pop().filter(|ended| ended.name == named()).ok_or(FeedFault::CutOff)?;
                match open.last_mut() {
                    Some(parent) => parent.parts.push(ended),
                    None => calendars.push(ended),
                }
            }
            name if KEPT.contains(&name) => {
                if let Some(component) = open.last_mut() {
                    component.lines.push(line);
                }
            }
            _ => {}
        }
    }
    match (open.is_empty(), calendars.is_empty()) {
        (false, _) => Err(FeedFault::CutOff),
        (true, true) => Err(FeedFault::NotACalendar),
        (true, false) => Ok(calendars),
    }
}

/// Lines as they were before folding (RFC 5545 3.1). Those that are too long are left out.
fn unfolded(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut physical = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut line = physical.next()?.to_owned();
        let mut fits = true;
        while let Some(more) = physical.next_if(|next| next.starts_with([' ', '\t'])) {
            fits &= line.len() + more.len() <= LINE_OCTETS;
            if fits {
                line.extend(more.chars().skip(1));
            }
        }
        Some(if fits && line.len() <= LINE_OCTETS { line } else { String::new() })
    })
}

/// A line as a property; `None` for one that is none.
fn property(line: &str) -> Option<Line> {
    let mut quoted = false;
    let mut cuts = Vec::new();
    let mut colon = None;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => cuts.push(at),
            ':' if !quoted => {
                colon = Some(at);
                break;
            }
            _ => {}
        }
    }
    let colon = colon?;
    let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let ends = cuts.iter().copied().skip(1).chain([colon]);
    let parameters = cuts.iter().zip(ends).filter_map(|(from, until)| {
        let (name, value) = head.get(from + 1..until)?.split_once('=')?;
        Some((name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()))
    });
    let name = head.get(..cuts.first().copied().unwrap_or(colon))?;
    Some(Line {
        name: name.trim().to_ascii_uppercase(),
        parameters: parameters.collect(),
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_quotes_folds_and_whatever_stands_between() {
        let file = b"\xEF\xBB\xBFBEGIN:VCALENDAR\r\nX-ODD\r\nbegin:vevent\n\
            DTSTART;X=\"a;b:c\";TZID=\"W. Europe\r\n  Time\":2027\n 0301\n\
            SUMMARY:secret\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let calendars = calendars(file).unwrap();
        let event = &calendars[0].parts[0];
        assert_eq!(event.name, "VEVENT");
        assert_eq!(event.value("DTSTART"), Some("20270301"));
        assert_eq!(event.line("DTSTART").unwrap().parameter("TZID"), Some("W. Europe Time"));
        assert_eq!(event.lines.len(), 1, "nothing else is kept");
    }

    #[test]
    fn what_is_no_calendar_or_breaks_off_is_refused_by_its_name() {
        for (file, fault) in [
            ("", FeedFault::NotACalendar),
            ("<!doctype html><title>Sign in: here</title>", FeedFault::NotACalendar),
            ("BEGIN:VEVENT\nEND:VEVENT\n", FeedFault::NotACalendar),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", FeedFault::CutOff),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\n", FeedFault::CutOff),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", FeedFault::CutOff),
        ] {
            assert_eq!(calendars(file.as_bytes()).unwrap_err(), fault, "{file}");
        }
        let deep = format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\n".repeat(100_000));
        assert_eq!(calendars(deep.as_bytes()).unwrap_err(), FeedFault::TooMuch);
        let long = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(60_000));
        assert_eq!(calendars(long.as_bytes()).unwrap_err(), FeedFault::TooMuch);
    }

    #[test]
    fn a_line_without_end_is_left_out_and_the_next_is_read() {
        let folded = "x".repeat(1_000) + "\n ";
        let file = format!("BEGIN:VCALENDAR\nUID:{}\nTZID:b\nEND:VCALENDAR\n", folded.repeat(100));
        let calendars = calendars(file.as_bytes()).unwrap();
        assert_eq!(calendars[0].lines.len(), 1);
        assert_eq!(calendars[0].value("TZID"), Some("b"));
    }
}

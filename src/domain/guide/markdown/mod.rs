//! A guide as a Markdown document and back, letter for letter.
//!
//! The document is plain `CommonMark` that anybody can read, print or discuss. What [`write()`] makes, [`read()`] turns
//! into the same guide; and what was read from it is written as the same document, byte for byte.
//!
//! ```text
//! # Interview guide social domain
//!
//! Research questions:
//!
//! - rq1: How do municipalities decide who gets help?
//!
//! ## Opening (5 min)
//!
//! ### role
//!
//! *introductory; must ask; answers rq1*
//!
//! **NL:** Wat is uw rol in de gemeente?
//!
//! **EN:** What is your role in the municipality?
//!
//! - Since when?
//! - With whom do you work
//!   from day to day?
//! ```
//!
//! - One heading of level 1: the title. Level 2: a section, with its planned minutes. Level 3: a question, by its key.
//! - `Research questions:` and a list of `key: text` may follow the title.
//! - Under a question first a line in emphasis: its kind (`introductory`, `transition`, `key` or `closing`), then
//!   `must ask` if it must be asked, then `answers` and the keys of research questions, with semicolons between.
//! - Then its text after `**NL:**` and `**EN:**`, each of which may be left out if it is empty, then its probes as a
//!   list.
//! - Who writes by hand may use Dutch words: `Onderzoeksvragen:`, `inleidend`, `overgang`, `kernvraag`, `afsluitend`,
//!   `moet gesteld`, `beantwoordt`; and may head the probes by `Doorvragen:` or `Probes:` in a paragraph of its own.
//!   What is written has the English words and no such heading, and a backslash before the colon of a text like it.
//! - Texts, research questions and probes may go on over several lines and paragraphs, indented by two spaces in a
//!   list. A blank line between paragraphs is two line breaks in the text; a backslash or two spaces at the end of a
//!   line are one; any other end of a line is a space.
//! - All of it is plain text. A character that would mean something in Markdown stands behind a backslash: `\*`. What
//!   could not be seen or would be lost is written by its number: `&#32;` for a space at the edge of a line, `&#9;`
//!   for a tab, `&#10;` and `&#13;` for breaks that do not stand between two lines.
//!
//! Other blocks, such as tables, quotes, numbered lists or code, are refused with the number of their line, as is all
//! text that belongs to nothing.

mod block;
mod escape;
mod keywords;
mod log;
mod read;
mod text;
mod write;

#[cfg(test)]
mod properties;

pub use log::Reason;
pub use read::read;
pub use write::write;

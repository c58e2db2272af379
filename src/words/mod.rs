//! What people read: every page and every letter, in every language.
//!
//! Templates and words are embedded in the binary. A page or letter is a variant with a typed context, so that a
//! template can't ask for what nobody gives; contexts hold plain, already formatted data and nothing here knows a
//! database, a request or a mail server. This is the only room that speaks to the template engine.

pub mod account_letters;
pub mod dates;
pub mod files;
pub mod letters;
pub mod operator;
pub mod pages;
mod phrases;
mod press;
pub mod qr;

pub use phrases::{field_message, phrase, plural, problem_sentence, problem_title, sentences, word};

#[cfg(test)]
mod tests;

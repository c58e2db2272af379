//! The nouns: what things are and the rules they obey. No I/O, no clock, no database; everything is told.

pub mod access;
pub mod account;
pub mod audit;
pub mod availability;
pub mod bilingual;
pub mod consent;
pub mod contact_list;
pub mod correspondence;
pub mod delivery;
pub mod findings;
pub mod guide;
pub mod holiday;
pub mod interview;
pub mod language;
pub mod letter;
pub mod letter_facts;
pub mod municipality;
pub mod notice;
pub mod respondent;
pub mod stratum;
pub mod study;
pub mod text;
pub mod travel;
pub mod wave;

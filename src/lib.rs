//! Veldwerk takes an interview study from its sampling frame to its archived data set.

pub mod calendar;
pub mod clock;
pub mod domain;
pub mod id;
pub mod mail;
pub mod problem;

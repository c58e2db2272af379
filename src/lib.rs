//! Veldwerk takes an interview study from its sampling frame to its archived data set.

pub mod clock;
pub mod domain;
pub mod id;
pub mod problem;
pub mod words;

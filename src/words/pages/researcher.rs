//! The pages of a researcher.

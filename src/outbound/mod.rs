//! Questions to other servers. This is the only room with an HTTP client; every question has an end in time and in
//! length, and none follows a redirect by itself.

pub mod address;
pub mod graph;
pub mod published;

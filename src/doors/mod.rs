//! doors

pub mod socket;
pub mod sse;
pub mod ws;

//! doors

pub mod socket;
pub mod ws;

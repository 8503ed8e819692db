//! doors

pub mod http;
pub mod socket;
pub mod tickets;
pub mod ws;

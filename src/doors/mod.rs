//! doors

pub mod sio;
pub mod socket;
pub mod ws;

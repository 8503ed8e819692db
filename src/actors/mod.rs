//! actors

pub mod delivery;

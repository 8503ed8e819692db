//! Vocabularies: pure functions from an event to its wire form in one namespace.

pub mod body;
pub mod floor;
pub mod kitchen;
pub mod menu;
pub mod names;
pub mod restaurant;

//! Vocabularies: pure functions from an event to its wire form in one namespace.

pub mod body;
pub mod names;
pub mod production;
pub mod restaurant;

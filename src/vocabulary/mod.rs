//! Vocabularies: pure functions from an event to its wire form in one namespace, and from what is asked there to a command.

pub mod admin;
pub mod body;
pub mod commands;
pub mod fields;
pub mod names;
pub mod production;
pub mod restaurant;

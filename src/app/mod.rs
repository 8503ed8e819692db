//! The application: built as a value, started and stopped in order, by the command line or by a test.

mod accounts;
mod application;
mod backend;
mod backup;
mod boards;
pub mod cli;
mod daily_backup;
mod database;
mod demo;
mod descriptors;
mod doors;
mod faults;
mod import;
mod listen;
mod mail;
mod ngo;
mod resources;
mod restaurant;
mod serve;
mod threads;
mod upkeep;

pub use application::Application;
pub use boards::{BoardOrder, board};
pub use demo::{Hour, play};
pub use import::{MovingIn, import};
pub use ngo::{NgoOrder, ngo};
pub use restaurant::{NewHouse, restaurant};
pub use serve::{migrate, serve, token};

use std::fmt;

/// Why the program ends with an error: one line for standard error.
#[derive(Debug)]
pub struct Failure {
    text: String,
    /// A mistake in the settings, which trying again does not mend.
    mistake: bool,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), mistake: false }
    }

    /// What a setting says cannot be used.
    pub(crate) fn mistake(text: impl Into<String>) -> Self {
        Self { text: text.into(), mistake: true }
    }

    /// True where only another setting helps.
    pub fn is_mistake(&self) -> bool {
        self.mistake
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

//! The application: built as a value, started and stopped in order, by the command line or by a test.

mod application;
mod backend;
pub mod cli;
mod database;
mod demo;
mod doors;
mod listen;
mod serve;
mod upkeep;

pub use application::Application;
pub use serve::{migrate, serve, token};

use std::fmt;

/// Why the program ends with an error: one line for standard error.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

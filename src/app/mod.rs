//! The application: built as a value, started and stopped in order.

pub mod cli;
mod database;
pub mod demo;

use crate::config::Settings;
use std::fmt;

/// Why the program ends with an error: one line for standard error.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Placeholders, to be replaced.
pub async fn serve(_settings: Settings, _demo: bool) -> Result<(), Failure> {
    Err(Failure("serve is not there yet".into()))
}
pub async fn migrate(_settings: Settings) -> Result<(), Failure> {
    Err(Failure("migrate is not there yet".into()))
}
pub async fn token(_settings: Settings, _email: String) -> Result<(), Failure> {
    Err(Failure("token is not there yet".into()))
}

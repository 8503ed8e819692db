//! How mail leaves, and what is said at a start that has nobody to take it.

use super::Failure;
use crate::{auth::mail::Mailer, config::Settings};

/// Outside the demo a warning tells where letters go that nobody gets.
pub fn mailer(settings: &Settings, demo: bool) -> Result<Mailer, Failure> {
    let mailer = Mailer::new(&settings.mail, &settings.server.data_dir);
    let mailer = mailer.map_err(|error| Failure::mistake(error.to_string()))?;
    if let (Some(folder), false) = (mailer.goes_nowhere(), demo) {
        let why =
            "mail is sent to nobody and goes into files; set mail.smtp for resets of passwords to arrive";
        tracing::warn!(folder = %folder.display(), "{why}");
    }
    Ok(mailer)
}

//! `comanda backup` and `comanda restore`.

use super::{
    Failure,
    database::Database,
    serve::{say, stop_signal},
};
use crate::{
    config::Settings,
    store::backup::{BackupError, Whole},
};
use std::path::Path;

/// Copies the database into a file, beside a server or without one.
pub async fn backup(settings: Settings, file: &Path) -> Result<(), Failure> {
    let until = stop_signal()?;
    let database = Database::visit(&settings).await?;
    let made = tokio::select! {
        made = database.back_up(file) => made,
        () = until => Err(Failure::new("stopped; no backup was made")),
    };
    database.stop().await?;
    let made = made?;
    say(&[format!("backed up {made}, {} bytes, to {}", made.bytes, file.display())]);
    Ok(())
}

/// Puts a backup in the place of the database, on which no server may run.
pub async fn restore(settings: Settings, file: &Path, replace: bool) -> Result<(), Failure> {
    // All of it, before anything is touched.
    let whole = Whole::read(file)?;
    let until = stop_signal()?;
    let database = Database::open(&settings).await?;
    let restored = database.restore(whole, replace, until).await;
    database.stop().await?;
    say(&[
        format!("restored {}", restored?),
        "every display reads the board anew; everyone signs in again, displays are paired again".into(),
    ]);
    Ok(())
}

/// Says what a file holds, if it is whole.
pub fn check(file: &Path) -> Result<(), Failure> {
    let Whole { manifest, .. } = Whole::read(file)?;
    say(&[format!("whole: {manifest}, {} bytes", manifest.bytes)]);
    Ok(())
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error.is_mistake() {
            true => Failure::mistake(error.to_string()),
            false => Failure::new(error.to_string()),
        }
    }
}

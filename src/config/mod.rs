//! Settings: typed sections with units, read once from files and environment, validated once.

mod check;
mod data_dir;
mod demo;
pub mod entities;
mod layers;
mod log_format;
mod mistake;
mod names;
pub mod origins;
pub mod sections;
pub mod units;

pub use data_dir::{ensure as ensure_data_dir, private_draft, write_private};
pub use mistake::Mistake;
pub use sections::Settings;

use config::ConfigError;
use layers::Layers;
use serde::Deserialize;
use std::{collections::BTreeMap, fs, io, path::Path};

/// The file that names every setting, as it was when the program was built.
const DEFAULTS: &str = include_str!("../../config/default.toml");
/// The settings of the folder the program runs in, where there are any.
const FOLDER: &str = "config";

/// What the settings are for: each needs, and allows, other things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Serve,
    /// With public passwords; so nothing but loopback, unless `on_network`.
    Demo {
        on_network: bool,
    },
    Migrate,
    Token,
}

/// Reads the settings for a program that runs in `folder` with these environment variables.
///
/// Layers, later ones win: built-in defaults, `config/default.toml`, `config/<COMANDA_ENV>.toml`, `.env`, environment.
/// The process's own environment is neither read nor changed here. For [`Purpose::Demo`] a missing secret is made and
/// kept in the data folder.
pub fn load(
    folder: &Path,
    environment: &BTreeMap<String, String>,
    purpose: Purpose,
) -> Result<Settings, Mistake> {
    let layers = lay(folder, environment)?;
    let mut settings = Settings::deserialize(layers.tree()).map_err(|error| describe(error, &layers))?;
    settings.entities = entities::read(folder)?;
    if matches!(purpose, Purpose::Demo { .. }) {
        check::demo_address(&settings, purpose)?;
        demo::complete(&mut settings)?;
    } else if purpose == Purpose::Token && settings.auth.jwt_secret.is_none() {
        settings.auth.jwt_secret = demo::kept_secret(&settings.server.data_dir)?;
    }
    check::all(&settings, purpose)?;
    Ok(settings)
}

/// The process's environment, as far as it is text.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn lay(folder: &Path, environment: &BTreeMap<String, String>) -> Result<Layers, Mistake> {
    let dotenv = dotenv(&folder.join(".env"))?;
    let mut layers = Layers::new(DEFAULTS, "the built-in defaults")?;
    let profile = [environment, &dotenv]
        .iter()
        .find_map(|vars| vars.get("COMANDA_ENV"))
        .filter(|name| !name.is_empty());
    if profile
        .is_some_and(|name| !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
    {
        return Err(Mistake::new(
            "COMANDA_ENV is a name of letters and digits, as of config/production.toml",
        ));
    }
    for name in [Some("default"), profile.map(String::as_str)].into_iter().flatten() {
        let origin = format!("{FOLDER}/{name}.toml");
        match fs::read_to_string(folder.join(&origin)) {
            Ok(text) => layers.file(&text, &origin)?,
            // The defaults are built in; a profile that was asked for by name must be there.
            Err(error) if error.kind() == io::ErrorKind::NotFound && profile.is_none_or(|p| p != name) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let message = format_args!(
                    "COMANDA_ENV is {name}, but there is no file {origin}; make it or unset COMANDA_ENV"
                );
                return Err(Mistake::new(message));
            }
            Err(error) => return Err(Mistake::new(format_args!("{origin} cannot be read: {error}"))),
        }
    }
    layers.variables(text(&dotenv), ".env")?;
    layers.variables(text(environment), "the environment")?;
    Ok(layers)
}

fn text(variables: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

fn dotenv(path: &Path) -> Result<BTreeMap<String, String>, Mistake> {
    let lines = match dotenvy::from_path_iter(path) {
        Err(error) if error.not_found() => return Ok(BTreeMap::new()),
        Err(error) => return Err(Mistake::new(format_args!(".env cannot be read: {error}"))),
        Ok(lines) => lines,
    };
    let mut read = BTreeMap::new();
    let mut last = "its beginning".to_owned();
    for line in lines {
        // The error itself repeats the line, which may hold a secret; so the place is told by its neighbour.
        let (name, value) = line.map_err(|_| {
            Mistake::new(format_args!(
                ".env cannot be read after {last}: lines are NAME=value, values with spaces in quotes"
            ))
        })?;
        last.clone_from(&name);
        read.insert(name, value);
    }
    Ok(read)
}

/// Tells a value that no section can hold, by the name of its setting.
fn describe(error: ConfigError, layers: &Layers) -> Mistake {
    match error {
        ConfigError::At { error, key: Some(key), .. } => {
            // An entry of a list is named `key[0]`.
            let key = key.split('[').next().unwrap_or_default();
            Mistake::about(key, error, layers.origin(key))
        }
        // Kinds were checked before, so this is a number too large or too small for its setting.
        ConfigError::Type { unexpected, key: Some(key), .. } => {
            let shown = unexpected.to_string();
            let number = shown.split('`').nth(1).unwrap_or("it");
            Mistake::about(&key, format_args!("{number} is out of range"), layers.origin(&key))
        }
        ConfigError::NotFound(key) => Mistake::about(&key, "it is empty", layers.origin(&key)),
        other => Mistake::new(other),
    }
}

#[cfg(test)]
mod tests;

//! What the demo does not ask for: a secret of its own, kept in the data folder, the usual frontends,
//! and what the specifications' clients listen for.

use super::{Mistake, Settings, ensure_data_dir, entities::Broadcast, sections::Register, write_private};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use std::{fs, io, path::Path};

const SECRET_FILE: &str = "demo-jwt-secret";
/// Bytes of randomness: as many as HS256 uses.
const SECRET_BYTES: usize = 32;
/// Whose counter everyone may try out.
const PUBLIC: &str = "Restaurante";
/// Where Vite serves, and the specifications' frontends.
const FRONTENDS: [&str; 2] = ["http://localhost:5173", "http://localhost:3001"];

/// Fills in what is not set.
pub fn complete(settings: &mut Settings) -> Result<(), Mistake> {
    if settings.server.frontend_url.is_empty() {
        let frontends: Result<_, _> = FRONTENDS.iter().map(|origin| origin.parse()).collect();
        settings.server.frontend_url = frontends.map_err(Mistake::new)?;
    }
    if settings.orders.public_orders.is_none() {
        settings.orders.public_orders = Some(PUBLIC.to_owned());
        settings.orders.public_orders_read = true;
    }
    settings.auth.register.get_or_insert(Register::Open);
    if settings.entities.is_built_in() {
        // Specification 003's Vue sample hears of what others write. A house's own file says for itself.
        settings.entities.switches.broadcast = Some(Broadcast::Legacy);
    }
    if settings.auth.jwt_secret.is_none() {
        let data_dir = &settings.server.data_dir;
        if kept_secret(data_dir)?.is_none() {
            make_secret(data_dir).map_err(|error| unusable(data_dir, &error))?;
        }
        settings.auth.jwt_secret = kept_secret(data_dir)?;
    }
    Ok(())
}

/// The secret that a demo made in this data folder, if one ran there.
pub fn kept_secret(data_dir: &Path) -> Result<Option<SecretString>, Mistake> {
    match fs::read_to_string(data_dir.join(SECRET_FILE)) {
        Ok(text) => Ok(Some(text.trim().to_owned().into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(data_dir, &error)),
    }
}

fn make_secret(data_dir: &Path) -> io::Result<()> {
    let mut bytes = [0; SECRET_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    ensure_data_dir(data_dir)?;
    write_private(&data_dir.join(SECRET_FILE), URL_SAFE_NO_PAD.encode(bytes).as_bytes()).map(drop)
}

fn unusable(data_dir: &Path, error: &io::Error) -> Mistake {
    Mistake::about("server.data_dir", format_args!("{} cannot be used: {error}", data_dir.display()), None)
}

#[cfg(test)]
mod tests {
    use super::super::{Purpose, load};
    use super::*;
    use std::collections::BTreeMap;

    /// What its own file says, a house has decided, in the demo too.
    #[test]
    fn the_demo_tells_of_the_built_in_entities_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let secret = ("JWT_SECRET", "0123456789abcdef0123456789abcdef");
        let needed = [secret, ("FRONTEND_URL", "http://a"), ("PUBLIC_URL", "https://b")];
        let needed: BTreeMap<_, _> = needed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let broadcast = |purpose| load(folder.path(), &needed, purpose).unwrap().entities.switches.broadcast;
        let demo = Purpose::Demo { on_network: false };
        assert_eq!(broadcast(demo), Some(Broadcast::Legacy));
        assert_eq!(broadcast(Purpose::Serve), Some(Broadcast::Off));
        fs::create_dir(folder.path().join("config")).unwrap();
        fs::write(folder.path().join("config/entities.toml"), "broadcast = false").unwrap();
        assert_eq!(broadcast(demo), Some(Broadcast::Off));
    }
}

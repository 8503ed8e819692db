//! What no single type can tell: limits, settings that need each other, what each purpose must have.

mod limits;
mod mail;
mod production;
mod tls;

use super::{Mistake, Purpose, Settings};
use secrecy::{ExposeSecret, SecretString};

/// RFC 7518 §3.2: a key at least as long as the hash.
const MIN_SECRET_BYTES: usize = 32;
const MIN_METRICS_TOKEN_BYTES: usize = 16;
const MAX_NAMESPACE_BYTES: usize = 64;

/// All checks, the first mistake ends them; what is missing is told together.
pub fn all(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    secrets(settings)?;
    database(settings)?;
    public_orders(settings)?;
    tls::check(&settings.tls)?;
    limits::check(settings)?;
    mail::check(&settings.mail)?;
    production::check(&settings.production)?;
    namespaces("socket_io.recovery", &settings.socket_io.recovery)?;
    namespaces("auth.namespaces", &settings.auth.namespaces)?;
    namespaces("auth.anonymous_namespaces", &settings.auth.anonymous_namespaces)?;
    demo_address(settings, purpose)?;
    missing(settings, purpose)
}

/// As a client writes them; a `pid` holds the name, so it has a limit.
fn namespaces(key: &str, names: &[String]) -> Result<(), Mistake> {
    match names.iter().find(|name| !name.starts_with('/') || name.len() > MAX_NAMESPACE_BYTES) {
        None => Ok(()),
        Some(name) => {
            let what = format_args!("\"{name}\" is no namespace like \"/\" or \"/admin\"");
            Err(Mistake::about(key, what, None))
        }
    }
}

/// The demo's passwords are public, so it keeps to this machine unless told otherwise.
pub fn demo_address(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    let host = settings.server.host;
    if purpose == (Purpose::Demo { on_network: false }) && !host.is_loopback() {
        let what = format_args!(
            "{host} would open the demo, whose passwords everyone knows, to the network; add --demo-on-network if you want that, or keep 127.0.0.1"
        );
        return Err(Mistake::about("server.host", what, None));
    }
    Ok(())
}

fn secrets(settings: &Settings) -> Result<(), Mistake> {
    let long_enough = |key: &str, secret: &Option<SecretString>, least: usize| match secret {
        Some(secret) if secret.expose_secret().len() < least => {
            let has = secret.expose_secret().len();
            Err(Mistake::about(
                key,
                format_args!(
                    "it has {has} bytes and needs at least {least} (`openssl rand -base64 48` makes a good one)"
                ),
                None,
            ))
        }
        _ => Ok(()),
    };
    long_enough("auth.jwt_secret", &settings.auth.jwt_secret, MIN_SECRET_BYTES)?;
    long_enough("metrics.token", &settings.metrics.token, MIN_METRICS_TOKEN_BYTES)
}

fn database(settings: &Settings) -> Result<(), Mistake> {
    let database = &settings.database;
    for (key, url) in [("database.url", &database.url), ("database.app_url", &database.app_url)] {
        let Some(url) = url else { continue };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
            return Err(Mistake::about(key, "it does not begin with postgresql://", None));
        }
    }
    if database.app_url.is_some() && database.url.is_none() {
        return Err(Mistake::about("database.app_url", "it needs DATABASE_URL beside it", None));
    }
    Ok(())
}

/// Whether there is such a restaurant the database will tell.
fn public_orders(settings: &Settings) -> Result<(), Mistake> {
    let orders = &settings.orders;
    if orders.public_orders_read && orders.public_orders.is_none() {
        let what = "it needs orders.public_orders beside it, which says whose orders";
        return Err(Mistake::about("orders.public_orders_read", what, None));
    }
    Ok(())
}

/// No default secret, and no page that nobody named: outside the demo these three are somebody's decision.
fn missing(settings: &Settings, purpose: Purpose) -> Result<(), Mistake> {
    let serves = purpose == Purpose::Serve;
    let needed = [
        (
            "JWT_SECRET (32 bytes or more, `openssl rand -base64 48` makes one)",
            purpose != Purpose::Migrate && settings.auth.jwt_secret.is_none(),
        ),
        (
            "FRONTEND_URL (origins of the pages that call this server)",
            serves && settings.server.frontend_url.is_empty(),
        ),
        (
            "PUBLIC_URL (origin of this server, as browsers see it)",
            serves && settings.server.public_url.is_none(),
        ),
    ];
    let names: Vec<_> = needed.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    let demo = if serves { "; or start with --demo to try things out" } else { "" };
    match names.as_slice() {
        [] => Ok(()),
        names => {
            let names = names.join(", ");
            Err(Mistake::new(format_args!("not set: {names}; set them in the environment or in .env{demo}")))
        }
    }
}

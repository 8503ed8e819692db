//! Connecting: by TLS with a verified certificate where the URL says `sslmode=require`, in the clear otherwise.
//!
//! libpq's `prefer` encrypts without looking whom it talks to; that would only look safe, so it is not done.

use super::error::explain;
use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinHandle;
use tokio_postgres::{CancelToken, Client, Config, NoTls, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A silent cut is noticed within `idle + interval × retries`, and unanswered data within [`UNANSWERED`].
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(2), Duration::from_secs(1), 2);
const UNANSWERED: Duration = Duration::from_secs(4);

/// Why there is no connection: host, cause and all, for the log and the start line; never a password.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to the database at {place}: {cause}")]
pub struct Unreachable {
    place: String,
    cause: String,
}

impl Unreachable {
    pub(super) fn new(config: &Config, cause: impl Into<String>) -> Self {
        Self { place: place(config), cause: cause.into() }
    }
}

fn place(config: &Config) -> String {
    use tokio_postgres::config::Host;
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => config.get_hostaddrs().first().map_or("nowhere".into(), ToString::to_string),
    };
    match config.get_ports().first() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// One connection of its own, and the task that drives it.
pub(super) async fn connect(config: &Config) -> Result<(Client, JoinHandle<()>), Unreachable> {
    let refused = |error: tokio_postgres::Error| Unreachable::new(config, explain(&error));
    if config.get_ssl_mode() == SslMode::Require {
        let (client, connection) = config.connect(tls(config)?).await.map_err(refused)?;
        Ok((client, tokio::spawn(async { drop(connection.await) })))
    } else {
        let (client, connection) = config.connect(NoTls).await.map_err(refused)?;
        Ok((client, tokio::spawn(async { drop(connection.await) })))
    }
}

/// Has the server stop what a connection of the pool is at, by the way on which that one was made: where TLS is required a
/// question in the clear is not asked.
#[derive(Clone)]
pub(super) enum Canceller {
    Plain,
    Tls(MakeRustlsConnect),
}

impl Canceller {
    pub async fn cancel(self, token: CancelToken) {
        let asked = match self {
            Self::Plain => token.cancel_query(NoTls).await,
            Self::Tls(tls) => token.cancel_query(tls).await,
        };
        if let Err(error) = asked {
            tracing::debug!(error = explain(&error), "cannot cancel what nobody waits for");
        }
    }
}

/// For the pool.
pub(super) fn manager(mut config: Config) -> Result<(Manager, Canceller), Unreachable> {
    let (idle, interval, retries) = KEEPALIVE;
    config.keepalives_idle(idle).keepalives_interval(interval).keepalives_retries(retries);
    config.tcp_user_timeout(UNANSWERED).application_name("comanda");
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Verified };
    Ok(match config.get_ssl_mode() {
        SslMode::Require => {
            let tls = tls(&config)?;
            (Manager::from_config(config, tls.clone(), recycling), Canceller::Tls(tls))
        }
        _ => (Manager::from_config(config, NoTls, recycling), Canceller::Plain),
    })
}

fn tls(config: &Config) -> Result<MakeRustlsConnect, Unreachable> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let cause = "sslmode=require needs the system's certificates, and there are none (ca-certificates, or SSL_CERT_FILE)";
        return Err(Unreachable::new(config, cause));
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Unreachable::new(config, error.to_string()))?;
    Ok(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happened: it was asked for in the clear, always, and a server that takes TLS was asked nothing at all.
    #[test]
    fn what_came_by_tls_is_cancelled_by_tls() {
        for (mode, by_tls) in [("require", true), ("prefer", false), ("disable", false)] {
            let url = format!("postgresql://ana@db.example/shop?sslmode={mode}");
            let (_, canceller) = manager(url.parse().unwrap()).unwrap();
            assert_eq!(matches!(canceller, Canceller::Tls(_)), by_tls, "{mode}");
        }
    }
}

//! PostgreSQL's client programs, and how they are told where to connect: never on a command line, which all users see.

use super::{
    super::embedded::binaries::{Binaries, installed},
    error::BackupError,
};
use std::{ffi::OsString, path::Path, process::Stdio};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
};
use tokio_postgres::{
    Config,
    config::{ChannelBinding, Host, LoadBalanceHosts, SslMode, TargetSessionAttrs},
};

const PROGRAMS: &[&str] = &["pg_dump", "pg_restore", "psql"];
/// What is kept of what a program complains of; its first lines say why.
const SAID: u64 = 16 << 10;
/// The first libpq that can be told to take the system's certificates.
const TAKES_SYSTEM_CERTIFICATES: u32 = 16;
/// Where Debian, Fedora and macOS keep them, for an older one.
const CERTIFICATES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// A folder with all three.
pub struct Tools(Binaries);

impl Tools {
    /// Those of the server's own version: older ones refuse it, and what newer ones write it may not take back.
    pub async fn find(server: u32) -> Result<Self, BackupError> {
        let found = tokio::task::spawn_blocking(|| installed(PROGRAMS)).await.unwrap_or_default();
        let fitting = found.into_iter().find(|tools| tools.major == server);
        fitting.map(Self).ok_or(BackupError::NoTools(server))
    }

    /// A program with nothing of our environment, which holds secrets; it ends where it is dropped, and not by a Ctrl-C
    /// that is meant for us.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.0.folder.join(program));
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").env("PGCLIENTENCODING", "UTF8");
        command.kill_on_drop(true).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// The same, connecting as this configuration says.
    pub fn client(&self, program: &str, config: &Config) -> Command {
        let mut command = self.command(program);
        command.envs(environment(config, self.0.major)).arg("--no-password");
        command
    }
}

/// The same, as this program's connection and as that of PostgreSQL's programs go the same way: among several hosts both
/// must find the same server, since a snapshot is one server's.
pub fn in_order(config: &Config, name: &str) -> Config {
    let mut config = config.clone();
    config.load_balance_hosts(LoadBalanceHosts::Disable).application_name(name);
    config
}

/// A connection in libpq's words. `sslmode=require` means a verified certificate here, as for our own connections.
fn environment(config: &Config, major: u32) -> Vec<(&'static str, OsString)> {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => OsString::from(name),
        Host::Unix(folder) => folder.clone().into_os_string(),
    });
    let addresses = config.get_hostaddrs().iter().map(|address| address.to_string().into());
    let ports = config.get_ports().iter().map(|port| port.to_string().into());
    let mut set = vec![
        ("PGHOST", join(hosts)),
        ("PGHOSTADDR", join(addresses)),
        ("PGPORT", join(ports)),
        ("PGUSER", config.get_user().unwrap_or_default().into()),
        ("PGDATABASE", config.get_dbname().or(config.get_user()).unwrap_or_default().into()),
        ("PGOPTIONS", config.get_options().unwrap_or_default().into()),
        ("PGAPPNAME", config.get_application_name().unwrap_or_default().into()),
        ("PGTARGETSESSIONATTRS", attributes(config.get_target_session_attrs()).into()),
        ("PGCHANNELBINDING", binding(config.get_channel_binding()).into()),
        ("PGCONNECT_TIMEOUT", "10".into()),
    ];
    if let Some(password) = config.get_password() {
        set.push(("PGPASSWORD", String::from_utf8_lossy(password).into_owned().into()));
    }
    if config.get_ssl_mode() == SslMode::Require {
        set.push(("PGSSLMODE", "verify-full".into()));
        set.push(("PGSSLROOTCERT", certificates(major)));
    }
    set.retain(|(_, value)| !value.is_empty());
    set
}

/// Empty for what libpq does by itself.
fn attributes(wanted: TargetSessionAttrs) -> &'static str {
    match wanted {
        TargetSessionAttrs::ReadWrite => "read-write",
        TargetSessionAttrs::ReadOnly => "read-only",
        _ => "",
    }
}

fn binding(wanted: ChannelBinding) -> &'static str {
    match wanted {
        ChannelBinding::Disable => "disable",
        ChannelBinding::Require => "require",
        _ => "",
    }
}

fn certificates(major: u32) -> OsString {
    if let Some(named) = std::env::var_os("SSL_CERT_FILE") {
        return named;
    }
    let found = CERTIFICATES.iter().find(|path| Path::new(path).is_file());
    match found {
        Some(path) if major < TAKES_SYSTEM_CERTIFICATES => path.into(),
        _ => "system".into(),
    }
}

fn join(parts: impl Iterator<Item = OsString>) -> OsString {
    parts.collect::<Vec<_>>().join(",".as_ref())
}

/// Reads what a program complains of to its end; the line that says why.
pub async fn complaint(from: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut from) = from else { return String::new() };
    let mut kept = Vec::new();
    // What cannot be read is not worth a second failure.
    let _ = (&mut from).take(SAID).read_to_end(&mut kept).await;
    let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    let text = String::from_utf8_lossy(&kept);
    let telling =
        text.lines().find(|line| ["error:", "ERROR:", "FATAL:"].iter().any(|word| line.contains(word)));
    telling.or(text.lines().last()).unwrap_or("it does not say why").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str, major: u32) -> Vec<String> {
        let set = environment(&url.parse().unwrap(), major);
        set.into_iter().map(|(name, value)| format!("{name}={}", value.display())).collect()
    }

    #[test]
    fn a_connection_is_told_in_libpqs_words() {
        let socket = told("postgresql://ana:p%20w@/shop?host=%2Frun%2Fpg", 15);
        for expected in ["PGHOST=/run/pg", "PGUSER=ana", "PGPASSWORD=p w", "PGDATABASE=shop"] {
            assert!(socket.contains(&expected.to_owned()), "{expected}: {socket:?}");
        }
        assert!(!socket.iter().any(|set| set.starts_with("PGSSL")), "{socket:?}");
        let both = told("postgresql://ana@one:5433,two:5434/", 15);
        for expected in ["PGHOST=one,two", "PGPORT=5433,5434", "PGDATABASE=ana"] {
            assert!(both.contains(&expected.to_owned()), "{expected}: {both:?}");
        }
    }

    /// What happened: of two hosts we looked at the one that can be written to, and pg_dump at the other, which did not know
    /// our snapshot.
    #[test]
    fn of_several_hosts_both_find_the_same() {
        let url = "postgresql://ana@one,two/shop?target_session_attrs=read-write&channel_binding=require&load_balance_hosts=random";
        let told = told(url, 17);
        for expected in ["PGTARGETSESSIONATTRS=read-write", "PGCHANNELBINDING=require"] {
            assert!(told.contains(&expected.to_owned()), "{expected}: {told:?}");
        }
        let ours = in_order(&url.parse().unwrap(), "comanda backup");
        assert_eq!(ours.get_load_balance_hosts(), LoadBalanceHosts::Disable);
        let plain = environment(&"postgresql://ana@one/shop".parse().unwrap(), 17);
        assert!(!plain.iter().any(|(name, _)| ["PGTARGETSESSIONATTRS", "PGCHANNELBINDING"].contains(name)));
    }

    /// What `sslmode=require` promises for the server's own connections holds for the backup's too.
    #[test]
    fn certificates_are_verified_where_tls_is_required() {
        let told = told("postgresql://ana@db.example/shop?sslmode=require", 17);
        assert!(told.contains(&"PGSSLMODE=verify-full".to_owned()), "{told:?}");
        assert!(told.iter().any(|set| set.starts_with("PGSSLROOTCERT=")), "{told:?}");
    }
}

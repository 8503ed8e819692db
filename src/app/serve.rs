//! What the command line asks for: serve, migrate, print a token.

use super::{Application, Failure, database::Database, demo};
use crate::{
    auth::{AuthError, Keys, Passwords, Tokens, Verifier},
    config::{Settings, sections::Server},
};
use secrecy::ExposeSecret;
use std::{io::Write, net::SocketAddr, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(settings: Settings, demo: bool) -> Result<(), Failure> {
    // Before anything that has to be stopped is started.
    let until = stop_signal()?;
    tokio::pin!(until);
    let secure = settings.tls.cert.is_some();
    let application = tokio::select! {
        built = Application::build(settings, demo) => built?,
        // A migration may wait for another server's, a database may recover for minutes: who asks to stop is heard.
        () = &mut until => return Ok(()),
    };
    let address = Address { secure, at: application.address() };
    say(&[format!("database: {}", application.database())]);
    if demo {
        say(&demo_lines(&address, &application.settings().server));
    }
    say(&[format!("listening on {}", address.http())]);
    application.run(until).await
}

/// Brings the database to this version's shape.
pub async fn migrate(settings: Settings) -> Result<(), Failure> {
    let database = Database::visit(&settings).await?;
    let applied = database.migrate().await;
    database.stop().await?;
    let applied = applied?;
    match applied.is_empty() {
        true => say(&["nothing to migrate".into()]),
        false => say(&[format!("applied {}", applied.join(", "))]),
    }
    Ok(())
}

/// Prints an access token of the user with this address.
pub async fn token(settings: Settings, email: String) -> Result<(), Failure> {
    let database = Database::visit(&settings).await?;
    let issued = issue(&settings, &database, &email).await;
    database.stop().await?;
    say(&[issued?]);
    Ok(())
}

async fn issue(settings: &Settings, database: &Database, email: &str) -> Result<String, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(error.to_string());
    let store = database.connect(settings).await?;
    let keys = Arc::new(Keys::new(&settings.auth).map_err(|e| failed(&e))?);
    let verifier = Verifier::new(keys.clone(), Arc::new(store.clone()), &settings.auth);
    let passwords = Passwords::new(1, 1).map_err(|e| failed(&e))?;
    let tokens = Tokens::new(store, keys, verifier, passwords, &settings.auth);
    let token = tokens.issue_for_email(email).await;
    token.map(|token| token.expose_secret().to_owned()).map_err(|error| match error {
        AuthError::InvalidCredentials => Failure::new(format!("there is no user with the address {email}")),
        error => Failure::new(format!("no token for {email}: {error}")),
    })
}

/// Resolves at the first SIGTERM or SIGINT; a second one ends the process at once.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let listen =
        |kind| signal(kind).map_err(|error| Failure::new(format!("cannot listen for signals: {error}")));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
        actix::spawn(async move {
            tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
            std::process::exit(130);
        });
    })
}

/// Where it listens, as clients write it.
struct Address {
    secure: bool,
    at: SocketAddr,
}

impl Address {
    fn http(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.at)
    }

    fn ws(&self) -> String {
        format!("{}://{}", if self.secure { "wss" } else { "ws" }, self.at)
    }
}

/// What a person needs who has just started the demo: who to be, which pages may call, where to look.
fn demo_lines(address: &Address, server: &Server) -> Vec<String> {
    let (http, ws, data) = (address.http(), address.ws(), server.data_dir.display());
    let pages: Vec<String> = server.frontend_url.iter().map(ToString::to_string).collect();
    let mut lines = vec![format!("demo: sign in with password {}, as", demo::PASSWORD)];
    lines.extend(demo::sign_ins().map(|(restaurant, users)| format!("  {restaurant:<12} {users}")));
    lines.extend([
        format!("demo: the secret that signs tokens is made and kept in {data}, unless JWT_SECRET gives one"),
        format!(
            "demo: pages from this port and from {} may call; FRONTEND_URL names others",
            pages.join(", ")
        ),
        "try it:".into(),
        format!("  screens      {http}/"),
        format!("  lunch hour   comanda demo --speed 10 --url {http}, or the switch on {http}/admin"),
        format!("  REST         {http}/docs"),
        format!("  Socket.IO    {http}/examples/004.html"),
        format!("  WebSocket    {ws}/ws"),
        format!("  events       {http}/api/v1/events/stream"),
    ]);
    lines
}

/// Standard output is for people and scripts; the log goes to standard error. A closed one is nobody's loss.
pub(super) fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

//! What the command line asks for: serve, migrate, print a token.

use super::{Application, Failure, database::Database, demo};
use crate::{
    auth::{Keys, Passwords, Tokens, Verifier},
    config::Settings,
};
use secrecy::ExposeSecret;
use std::{io::Write, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(settings: Settings, demo: bool) -> Result<(), Failure> {
    // Before anything that has to be stopped is started.
    let until = stop_signal()?;
    let scheme = if settings.tls.cert.is_some() { "https" } else { "http" };
    let application = Application::build(settings, demo).await?;
    let address = format!("{scheme}://{}", application.address());
    if demo {
        say(&demo_lines(&address));
    }
    say(&[format!("listening on {address}")]);
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
    let failed = |error: &dyn std::fmt::Display| Failure(error.to_string());
    let store = database.connect(settings).await?;
    let keys = Arc::new(Keys::new(&settings.auth).map_err(|e| failed(&e))?);
    let verifier = Verifier::new(keys.clone(), Arc::new(store.clone()), &settings.auth);
    let passwords = Passwords::new(1, 1).map_err(|e| failed(&e))?;
    let tokens = Tokens::new(store, keys, verifier, passwords, &settings.auth);
    let token = tokens.issue_for_email(email).await;
    token
        .map(|token| token.expose_secret().to_owned())
        .map_err(|error| Failure(format!("no token for {email}: {error}")))
}

/// Resolves at the first SIGTERM or SIGINT; a second one ends the process at once.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| signal(kind).map_err(|error| Failure(format!("cannot listen for signals: {error}")));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
        actix::spawn(async move {
            tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
            std::process::exit(130);
        });
    })
}

fn demo_lines(address: &str) -> Vec<String> {
    let mut lines = vec![
        format!("demo: sign in with password {}, as one of", demo::PASSWORD),
        format!("  {}", demo::sign_ins().join(" ")),
        format!(
            "try it: {address}/docs (REST), {address}/examples/004.html (Socket.IO), ws://…/ws (WebSocket)"
        ),
    ];
    lines.retain(|line| !line.is_empty());
    lines
}

/// Standard output is for people and scripts; the log goes to standard error. A closed one is nobody's loss.
fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

//! `comanda demo`: has a running demo play a lunch hour, until it is over or Ctrl-C.

use super::{PASSWORD, rest::Rest};
use crate::app::{
    Failure,
    serve::{say, stop_signal},
};
use serde_json::{Value, json};
use std::time::Duration;

const LUNCH: &str = "/api/v1/demo/lunch";
/// Between two looks whether it goes on.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the command line says of it.
#[derive(Debug, clap::Args)]
pub struct Hour {
    /// Minutes of the play in one of the clock
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=60))]
    speed: u32,
    /// For how long guests arrive, in minutes of the play; the last ones leave about 50 later
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=240))]
    minutes: u32,
    /// The same seed is the same lunch
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// The demo's address
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// A demo user who may start it: whose restaurant it is played in
    #[arg(long, value_name = "EMAIL", default_value = "manager@restaurante.com")]
    manager: String,
}

/// Plays it. The server does; this asks for it, waits, and ends it when it is stopped itself.
pub async fn play(hour: Hour) -> Result<(), Failure> {
    let until = stop_signal()?;
    tokio::pin!(until);
    let rest = sign_in(&hour).await?;
    let Hour { speed, minutes, seed, url, .. } = hour;
    let asked = json!({ "speed": speed, "minutes": minutes, "seed": seed });
    match rest.ask("POST", LUNCH, Some(&asked)).await? {
        (201, _) => {}
        (404, _) => {
            return Err(Failure::new(format!("{url} is no demo: lunch hours are played in demos alone")));
        }
        (status, body) => return Err(refused(status, &body)),
    }
    say(&[
        format!(
            "a lunch hour of {minutes} min at {speed} times the clock's pace, seed {seed}; Ctrl-C ends it"
        ),
        format!("look at {url}/kitchen, {url}/waiter, {url}/admin"),
    ]);
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = &mut until => {
                say(&["the guests go".into()]);
                return match rest.ask("DELETE", LUNCH, None).await? {
                    (204, _) => Ok(()),
                    (status, body) => Err(refused(status, &body)),
                };
            }
        }
        match rest.ask("GET", LUNCH, None).await? {
            (200, body) if body["playing"] == true => {}
            (200, _) => break,
            (status, body) => return Err(refused(status, &body)),
        }
    }
    say(&["the last guests have gone".into()]);
    Ok(())
}

/// With the password that everyone knows: a server that is no demo has nobody of this name with it.
async fn sign_in(hour: &Hour) -> Result<Rest, Failure> {
    let mut rest = Rest::new(&hour.url)?;
    let login = json!({ "email": hour.manager, "password": PASSWORD });
    let (status, body) = rest.ask("POST", "/api/v1/auth/login", Some(&login)).await?;
    match (status, body["accessToken"].as_str()) {
        (200, Some(token)) => rest.token = Some(token.to_owned()),
        (401, _) => {
            return Err(Failure::new(format!(
                "{} does not let {} in with the demo's password: it is no demo, or has no such user",
                hour.url, hour.manager
            )));
        }
        _ => return Err(refused(status, &body)),
    }
    Ok(rest)
}

fn refused(status: u16, body: &Value) -> Failure {
    let why = match &body["message"] {
        Value::String(text) => text.clone(),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        _ => "no reason given".to_owned(),
    };
    Failure::new(format!("the server refuses ({status}): {why}"))
}

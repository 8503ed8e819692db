//! `comanda demo`: a lunch hour in a running demo, ended by Ctrl-C with every table free; and refused where there is no demo.

use crate::{
    display::Display,
    proxy,
    server::{Folder, Server},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use std::process::{Command, Output, Stdio};

fn demo(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
    command.args(["demo", "--speed", "60", "--url", url]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[actix_web::test]
async fn a_lunch_hour_begins_and_ends_with_its_command() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let manager = server.login("manager@restaurante.com").await;
    let mut display = Display::join(&manager).await;
    let url = format!("http://{}", server.address);
    let playing = demo(&url).spawn().expect("the command starts");
    while display.event().await["event"] != "order.new" {}
    // A second one is told why not.
    let (code, text) = said(&demo(&url).output().expect("its output"));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("is being played already"), "{text}");

    kill(Pid::from_raw(playing.id().cast_signed()), Signal::SIGINT).expect("it runs");
    let (code, text) = said(&playing.wait_with_output().expect("its output"));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("Ctrl-C ends it") && text.contains("the guests go"), "{text}");
    assert_eq!(manager.get("/api/v1/board").await.expect(200)["sessions"], json!([]));
    assert_eq!(manager.get("/api/v1/demo/lunch").await.expect(200)["playing"], false);
}

#[actix_web::test]
async fn what_is_no_demo_is_left_alone() {
    // Ours, and nobody listens on it.
    let (_port, free) = proxy::reserve().expect("a port");
    let folder = Folder::open();
    let needed = [
        ("JWT_SECRET", "a secret that is long enough for everybody"),
        ("FRONTEND_URL", "https://floor.example.com"),
        ("PUBLIC_URL", "https://orders.example.com"),
    ];
    let server = Server::start_empty(folder.path(), 0, &needed);
    for (url, code, expected) in [
        (format!("http://{}", server.address), 1, "it is no demo"),
        (format!("http://{free}"), 1, "no answer from"),
        ("https://127.0.0.1:1".to_owned(), 2, "--url is a demo's address"),
    ] {
        let (ended, text) = said(&demo(&url).output().expect("its output"));
        assert_eq!(ended, Some(code), "{url}: {text}");
        assert!(text.contains(expected) && text.lines().count() == 1, "{url}: {text}");
    }
}

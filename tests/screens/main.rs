//! The screens in a real browser, the client module they are made with, and pages that specifications print: each test runs
//! one file of `tests/clients` against a demo server of its own.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/proxy.rs"]
mod proxy;
mod served;
#[path = "../support/server.rs"]
mod server;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use server::{Folder, Server};
use std::{
    fs,
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A file takes a minute or two, on a busy machine ten; one that hangs fails.
const WITHIN: Duration = Duration::from_secs(20 * 60);
/// For a file that was told to end, and its browser.
const END_WITHIN: Duration = Duration::from_secs(20);

/// Runs a file of Node's tests; what it printed is the failure's text.
fn node(file: &str, environment: &[(&str, &str)]) {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let printed = tempfile::NamedTempFile::new().expect("a file for what it prints");
    let output = || fs::File::options().append(true).open(printed.path()).expect("that file");
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", file]).current_dir(clients);
    command.envs(environment.iter().copied()).stdout(output()).stderr(output());
    let mut child = command.spawn().expect("node is installed");
    let ended = ends(&mut child, WITHIN).or_else(|| {
        // Told so, it ends its browser as well.
        let pid = Pid::from_raw(child.id().cast_signed());
        kill(pid, Signal::SIGTERM).expect("a running process");
        let _ = ends(&mut child, END_WITHIN);
        let _ = child.kill();
        let _ = child.wait();
        None
    });
    let said = fs::read(printed.path()).expect("what it printed");
    let said = String::from_utf8_lossy(&said);
    assert!(ended.is_some_and(|status| status.success()), "{file}: {ended:?}\n{said}");
    // A file without tests passes, as one that cannot be found does.
    let ran = said.lines().find_map(|line| line.strip_prefix("ℹ tests ")?.parse::<u32>().ok());
    assert!(ran > Some(0), "no test ran: {said}");
}

fn ends(child: &mut Child, within: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        let ended = child.try_wait().expect("a process of ours");
        if ended.is_some() || begun.elapsed() > within {
            return ended;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// One at a time: two browsers would be each other's load.
static ALONE: Mutex<()> = Mutex::new(());

/// A demo server, and a port that pages may also come from: behind it a test holds the cable in its hand.
fn against_a_server(file: &str) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Bound by us until the test is over: nobody else is given it meanwhile.
    let (_port, cable) = proxy::reserve().expect("a free port");
    let folder = Folder::open();
    let frontend = format!("http://{cable}");
    let server = Server::start(folder.path(), 0, &[("FRONTEND_URL", &frontend)]);
    let (url, port) = (format!("http://{}", server.address), cable.port().to_string());
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    let shots = shots.to_string_lossy();
    node(file, &[("COMANDA_URL", &url), ("COMANDA_CABLE_PORT", &port), ("COMANDA_SHOTS", &shots)]);
}

#[test]
fn the_outbox_loses_and_doubles_nothing() {
    node("comanda/outbox.test.mjs", &[]);
}

#[test]
fn a_login_is_renewed_once() {
    node("comanda/session.test.mjs", &[]);
}

#[test]
fn the_stream_is_followed_without_a_gap() {
    node("comanda/stream.test.mjs", &[]);
}

#[test]
fn the_board_is_what_its_events_make_of_it() {
    against_a_server("comanda/board.test.mjs");
}

#[test]
fn everything_is_said_in_every_language() {
    node("comanda/texts.test.mjs", &[]);
}

#[test]
fn what_is_said_is_true() {
    node("comanda/words.test.mjs", &[]);
}

#[test]
fn a_kitchens_wall_is_laid_out() {
    node("comanda/kitchen.test.mjs", &[]);
}

#[test]
fn what_is_drawn_was_counted() {
    node("comanda/meters.test.mjs", &[]);
}

#[test]
fn every_way_in() {
    against_a_server("screens/ways_in.test.mjs");
}

#[test]
fn a_kitchen_display_in_service() {
    against_a_server("screens/kitchen.test.mjs");
}

#[test]
fn a_waiters_tablet_in_service() {
    against_a_server("screens/waiter.test.mjs");
}

#[test]
fn a_minute_without_the_cable() {
    against_a_server("screens/minute.test.mjs");
}

#[test]
fn a_page_of_another_origin_gets_nothing() {
    against_a_server("screens/foreign_page.test.mjs");
}

#[test]
fn the_specifications_own_clients_of_the_dynamic_api() {
    against_a_server("screens/specification.test.mjs");
}

#[test]
fn an_office_at_work() {
    against_a_server("screens/admin.test.mjs");
}

#[test]
fn the_pictures_of_the_readme() {
    against_a_server("screens/pictures.test.mjs");
}

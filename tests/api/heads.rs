//! Clients that begin a request and do not end it (guarantee S6), also after a first one that was whole.

use crate::support::{Client, Display, Reader, TestApp, spawn_app, spawn_app_with};
use futures_util::future::join_all;
use std::{
    future::pending,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const HEAD_WITHIN: Duration = Duration::from_secs(2);
/// The sweep, and a busy machine.
const SLACK: Duration = Duration::from_secs(6);

/// What `config/default.toml` promises: of a head or a body, and of a socket that does not say who it is.
const UNFINISHED: Duration = Duration::from_secs(10);
const STRANGER: Duration = Duration::from_secs(5);
/// Of each kind.
const CROWD: usize = 50;

/// A connection of which the first request was answered.
async fn after_a_request(app: &TestApp, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(format!("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n{more}").as_bytes()).await.unwrap();
    read_answer(&mut stream).await;
    stream
}

async fn read_answer(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(b"{\"status\":\"ok\"}") {
        answer.push(stream.read_u8().await.unwrap());
    }
}

/// How long the connection lives that sends these bytes over and over, one every 100 ms; or nothing.
async fn trickle(stream: TcpStream, bytes: &[u8], within: Duration) -> Duration {
    let start = Instant::now();
    let (mut reader, mut writer) = stream.into_split();
    let writing = async {
        for byte in bytes.iter().cycle() {
            if writer.write_all(&[*byte]).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        pending().await
    };
    let mut rest = Vec::new();
    let ended = async { drop(reader.read_to_end(&mut rest).await) };
    let either = async {
        tokio::select! { () = writing => {} () = ended => {} }
    };
    timeout(within + SLACK, either).await.expect("never cut");
    start.elapsed()
}

/// The head timer of actix-http is for a connection's first request: a second head could take for ever.
#[actix_web::test]
async fn a_later_request_has_as_little_time_as_the_first() {
    let app = spawn_app_with(&[("COMANDA__HTTP__HEAD_WITHIN", "2s")]).await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let mut reader = Reader::open(&house.kitchen).await;
    let mut healthy = after_a_request(&app, "").await;
    let first = TcpStream::connect(app.address).await.unwrap();
    let (second, third) = (after_a_request(&app, "").await, after_a_request(&app, "").await);
    let silent_in_it = async {
        let mut stream = after_a_request(&app, "").await;
        stream.write_all(b"GET /health/live HTT").await.unwrap();
        let start = Instant::now();
        let ended = timeout(HEAD_WITHIN + SLACK, stream.read_u8()).await;
        assert!(matches!(ended, Ok(Err(_))), "never cut");
        start.elapsed()
    };
    let lives = tokio::join!(
        trickle(first, b"GET /", HEAD_WITHIN),
        trickle(second, b"GET /", HEAD_WITHIN),
        // What a lenient reader skips before a request is no request either.
        trickle(third, b"\r\n", HEAD_WITHIN),
        silent_in_it,
    );
    eprintln!("cut after {lives:?}");
    // Whoever said nothing, or is being answered, was left alone.
    healthy.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    read_answer(&mut healthy).await;
    house.open_table().await;
    display.expect("table.session.opened").await;
    reader.expect("table.session.opened").await;
}

/// A head that began together with the request before it cannot be seen; it ends with the keep-alive.
#[actix_web::test]
async fn half_a_head_behind_a_request_ends_with_the_keep_alive() {
    let app = spawn_app_with(&[("COMANDA__HTTP__KEEP_ALIVE", "1s")]).await;
    let mut stream = after_a_request(&app, "GET /health/live HTT").await;
    let ended = timeout(Duration::from_secs(1) + SLACK, stream.read_u8()).await;
    assert!(matches!(ended, Ok(Err(_))), "never cut");
    Client::anonymous(app.address).get("/health/live").await.expect(200);
}

/// Slow loris, with the settings of every server: heads, bodies, sockets that nobody authenticates, a byte at a time.
#[actix_web::test]
async fn a_crowd_of_slow_clients_is_ended_and_nobody_waits_for_it() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut display = Display::join(&house.kitchen).await;
    let upgrade = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .into_bytes()
    };
    // The head of a masked text of 60,000 bytes.
    let frame = [0x81, 0xFE, 0xEA, 0x60, 0, 0, 0, 0];
    let login = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                  Content-Length: 60000\r\n\r\n";
    let kinds: [(&str, Vec<u8>, &[u8], Duration); 6] = [
        ("a head", b"GET /api/v1/orders HTTP/1.1\r\nX: ".to_vec(), b"x", UNFINISHED),
        ("a body", login.to_vec(), b" ", UNFINISHED),
        ("a silent socket", upgrade("/ws"), b"", STRANGER),
        ("a slow frame", [upgrade("/ws"), frame.to_vec()].concat(), b"x", STRANGER),
        ("a silent engine", upgrade("/socket.io/?EIO=4&transport=websocket"), b"", STRANGER),
        ("a silent board", upgrade("/donations"), b"", STRANGER),
    ];
    let crowd =
        join_all(kinds.iter().flat_map(|kind| vec![kind; CROWD]).map(|(what, says, then, within)| {
            let address = app.address;
            async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(says).await.unwrap();
                (*what, trickle(stream, then, *within).await)
            }
        }));
    let service = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            let start = Instant::now();
            house.open_table().await;
            display.expect("table.session.opened").await;
            slowest = slowest.max(start.elapsed());
            sleep(Duration::from_secs(1)).await;
        }
        slowest
    };
    let (lives, slowest) = tokio::join!(crowd, service);
    for (kind, ..) in &kinds {
        let of_it = || lives.iter().filter(|(what, _)| what == kind).map(|(_, life)| *life);
        eprintln!("{kind}: ended after {:?} to {:?}", of_it().min().unwrap(), of_it().max().unwrap());
        // A refusal at once would show nothing.
        assert!(of_it().min().unwrap() >= Duration::from_secs(4), "{kind}");
    }
    eprintln!("a table opened and shown meanwhile: {slowest:?}");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    app.shows("comanda_sockets{transport=\"ws\"}", 1.0).await;
}

//! Clients that begin a request and do not end it (guarantee S6), also after a first one that was whole.

use crate::support::{Client, Display, Reader, TestApp, spawn_app_with};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const HEAD_WITHIN: Duration = Duration::from_secs(2);
/// The sweep, and a busy machine.
const SLACK: Duration = Duration::from_secs(6);

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

/// How long the connection lives that sends `head`, a byte every 100 ms.
async fn trickle(stream: TcpStream, head: &[u8]) -> Duration {
    let start = Instant::now();
    let (mut reader, mut writer) = stream.into_split();
    let writing = async {
        for byte in head.iter().cycle() {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    let mut rest = Vec::new();
    let ended = async { drop(reader.read_to_end(&mut rest).await) };
    let either = async {
        tokio::select! { () = writing => {} () = ended => {} }
    };
    timeout(HEAD_WITHIN + SLACK, either).await.expect("never cut");
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
        trickle(first, b"GET /"),
        trickle(second, b"GET /"),
        // What a lenient reader skips before a request is no request either.
        trickle(third, b"\r\n"),
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

//! HTTPS and WSS by setting: the whole server behind a certificate of its own.

use crate::support::{TestApp, spawn_app_with};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};
use tokio_tungstenite::tungstenite::{Message, WebSocket, client, client::IntoClientRequest};

const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/carrier/tls/cert.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/carrier/tls/key.pem");
/// Longest wait for a byte.
const PATIENCE: Duration = Duration::from_secs(30);

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A client that trusts the test's certificate, for `localhost`. It blocks: to be used beside the server's thread.
struct Secure(SocketAddr);

impl Secure {
    fn connect(&self) -> Stream {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(CERT).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let stream = TcpStream::connect(self.0).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        StreamOwned::new(client, stream)
    }

    /// The status and JSON body of one request.
    fn send(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut stream = self.connect();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    fn display(&self, token: &str) -> WebSocket<Stream> {
        let mut request = "wss://localhost/ws".into_client_request().unwrap();
        request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().unwrap());
        client(request, self.connect()).unwrap().0
    }
}

fn next(display: &mut WebSocket<Stream>) -> Value {
    loop {
        let Message::Text(text) = display.read().unwrap() else { continue };
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["event"] != "heartbeat" {
            return frame;
        }
    }
}

async fn spawn_tls() -> TestApp {
    spawn_app_with(&[("COMANDA__TLS__CERT", CERT), ("COMANDA__TLS__KEY", KEY)]).await
}

#[actix_web::test]
async fn orders_go_in_by_https_and_come_out_by_wss() {
    let app = spawn_tls().await;
    let house = app.restaurant().await;
    let secure = Secure(app.address);
    let (waiter, kitchen) = (house.waiter.token.clone().unwrap(), house.kitchen.token.clone().unwrap());
    let table = house.tables[0].id.to_string();
    let service = move || {
        let mut display = secure.display(&kitchen);
        assert_eq!(next(&mut display)["event"], "ready");
        let body = json!({ "tableId": table });
        let (status, session) = secure.send("POST", "/api/v1/table-sessions", &waiter, Some(body));
        assert_eq!(status, 201, "{session}");
        let opened = next(&mut display);
        assert_eq!(opened["event"], "table.session.opened");
        assert_eq!(opened["data"]["tableSessionId"], session["id"]);
        let (status, board) = secure.send("GET", "/api/v1/board", &kitchen, None);
        assert_eq!((status, &board["seq"]), (200, &opened["data"]["seq"]));
    };
    actix_web::rt::task::spawn_blocking(service).await.unwrap();
}

#[actix_web::test]
async fn the_tls_port_answers_nobody_in_the_clear() {
    let app = spawn_tls().await;
    let address = app.address;
    let heard = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut heard = Vec::new();
        // A reset is as good as an end.
        let _ = stream.read_to_end(&mut heard);
        heard
    });
    let heard = heard.await.unwrap();
    assert!(!heard.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&heard));
}

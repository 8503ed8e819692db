//! Which pages may call: by Origin, on REST, on the plain WebSocket, on Socket.IO; and whose address counts.

use crate::support::{Client, TestApp, spawn_app, spawn_app_with, spawn_demo};
use serde_json::json;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, client::IntoClientRequest},
};

const SOCKET_IO: &str = "/socket.io/?EIO=4&transport=polling";

/// The statuses of REST, a WebSocket upgrade at `/ws`, a poll and an upgrade at `/socket.io/`, as a page of this origin.
async fn as_page(app: &TestApp, origin: Option<&str>) -> [u16; 4] {
    let anonymous = Client::anonymous(app.address);
    let page = origin.map_or(anonymous.clone(), |origin| anonymous.header("Origin", origin));
    [
        page.get("/health/live").await.status,
        upgrade(app, "/ws", origin).await,
        page.get(SOCKET_IO).await.status,
        upgrade(app, "/socket.io/?EIO=4&transport=websocket", origin).await,
    ]
}

async fn upgrade(app: &TestApp, path: &str, origin: Option<&str>) -> u16 {
    let mut request = format!("ws://{}{path}", app.address).into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("Origin", origin.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{path}: {error}"),
    }
}

#[actix_web::test]
async fn only_named_pages_may_call_on_every_door() {
    let app = spawn_app().await;
    let own = format!("http://127.0.0.1:{}", app.address.port());
    for (origin, expected) in [
        // A native client, curl.
        (None, [200, 101, 200, 101]),
        // FRONTEND_URL and PUBLIC_URL.
        (Some("http://front.example"), [200, 101, 200, 101]),
        (Some("http://127.0.0.1:3000"), [200, 101, 200, 101]),
        (Some("http://evil.example"), [403; 4]),
        // Another scheme, another port, a longer name: other origins.
        (Some("https://front.example"), [403; 4]),
        (Some("http://front.example:8080"), [403; 4]),
        (Some("http://front.example.evil.example"), [403; 4]),
        // A file, a sandboxed frame: anybody can make one.
        (Some("null"), [403; 4]),
        // The Host header has no say, and our own port is open to pages in the demo only.
        (Some(own.as_str()), [403; 4]),
    ] {
        assert_eq!(as_page(&app, origin).await, expected, "{origin:?}");
    }
}

#[actix_web::test]
async fn the_demo_also_serves_pages_from_this_machine_at_its_own_port() {
    let app = spawn_demo().await;
    let port = app.address.port();
    for origin in [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")] {
        assert_eq!(as_page(&app, Some(&origin)).await, [200, 101, 200, 101], "{origin}");
    }
    for origin in [format!("http://localhost:{}", port ^ 1), "null".into(), "http://evil.example".into()] {
        assert_eq!(as_page(&app, Some(&origin)).await, [403; 4], "{origin}");
    }
}

#[actix_web::test]
async fn each_door_refuses_in_its_own_words() {
    let app = spawn_app().await;
    let foreign = Client::anonymous(app.address).header("Origin", "http://evil.example");
    foreign.get("/api/v1/board").await.expect_error(403, "ORIGIN_FORBIDDEN");
    let body = json!({ "email": "a@b.example", "password": "password123" });
    foreign.post("/api/v1/auth/login", body).await.expect_error(403, "ORIGIN_FORBIDDEN");
    let refused = foreign.get(SOCKET_IO).await;
    assert_eq!((refused.status, refused.body), (403, json!({ "code": 4, "message": "Forbidden" })));
    assert_eq!(refused.headers.get("access-control-allow-origin"), None);

    let friend = Client::anonymous(app.address).header("Origin", "http://front.example");
    for path in ["/health/live", SOCKET_IO] {
        let answer = friend.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("http://front.example"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{path}");
    }
}

/// Two failed logins from the client at `forwarded`, then one more: its status.
async fn third_failure(app: &TestApp, forwarded: &str) -> u16 {
    let client = Client::anonymous(app.address).header("X-Forwarded-For", forwarded);
    let mut last = 0;
    for n in 0..3 {
        let body = json!({ "email": format!("nobody{n}@nowhere.example"), "password": "password123" });
        last = client.post("/api/v1/auth/login", body).await.status;
    }
    last
}

#[actix_web::test]
async fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
    let few = ("COMANDA__AUTH__FAILURES_PER_ADDRESS", "2");
    let trusting = spawn_app_with(&[few, ("COMANDA__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1")]).await;
    assert_eq!(third_failure(&trusting, "203.0.113.1").await, 429);
    // Somebody else behind the same proxy is not counted with him, whatever he writes further left.
    let other = Client::anonymous(trusting.address).header("X-Forwarded-For", "203.0.113.1, 203.0.113.2");
    let body = json!({ "email": "nobody@nowhere.example", "password": "password123" });
    other.post("/api/v1/auth/login", body.clone()).await.expect_error(401, "INVALID_CREDENTIALS");

    // Nobody is trusted by default: another header does not make another person.
    let plain = spawn_app_with(&[few]).await;
    assert_eq!(third_failure(&plain, "203.0.113.1").await, 429);
    let same = Client::anonymous(plain.address).header("X-Forwarded-For", "203.0.113.2");
    let refused = same.post("/api/v1/auth/login", body).await;
    assert!(refused.header("retry-after").is_some());
    refused.expect_error(429, "TOO_MANY_REQUESTS");
}

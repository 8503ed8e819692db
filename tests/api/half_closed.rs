//! Clients that shut their sending side down behind a request, as `nc -N` and some proxies do, and wait for the answer.

use crate::support::{house::PASSWORD, spawn_app};
use comanda::domain::principal::Role;
use serde_json::json;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// actix-http can be told to take them for gone; then it drops what is being answered, a commit's answer too.
#[actix_web::test]
async fn a_half_closed_client_has_its_answer() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    // Slow to answer: the password is hashed on another thread.
    let body = json!({ "email": house.email(Role::Waiter), "password": PASSWORD }).to_string();
    let request = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    timeout(Duration::from_secs(20), stream.read_to_string(&mut answer)).await.expect("an end").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    assert!(answer.contains("accessToken"), "{answer:?}");
}

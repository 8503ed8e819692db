//! What broke others: requests, their parameters, their headers, their bodies.

use crate::{
    example::{ENGINE_IO, Example, SOCKET_IO},
    http::ask,
    raw::{Raw, handshake},
};
use reqwest::Method;
use std::time::Duration;

/// Doubled, array-style, `__proto__` and very long: refused in Engine.IO's own way or ignored, never a crash or a 5xx.
#[tokio::test]
async fn odd_parameters_are_refused_or_ignored() {
    let example = Example::shared();
    let long = "x".repeat(8 << 10);
    let open = "EIO=4&transport=polling";
    let rows = [
        (format!("{open}&transport=polling"), 400),
        (format!("{open}&EIO=4"), 400),
        (format!("{open}&sid=a&sid=b"), 400),
        ("EIO=4&transport[]=polling".into(), 400),
        ("EIO=4&transport[0]=polling".into(), 400),
        ("EIO[]=4&transport=polling".into(), 400),
        (format!("{open}&sid[]=a"), 200),
        (format!("{open}&sid=__proto__"), 400),
        (format!("{open}&sid=constructor"), 400),
        (format!("{open}&sid=%00"), 400),
        ("EIO=4&transport=__proto__".into(), 400),
        ("EIO=4&transport=constructor".into(), 400),
        ("__proto__=EIO&EIO=4&transport=polling".into(), 200),
        (format!("{open}&__proto__[transport]=abc"), 200),
        (format!("{open}&t={long}"), 200),
        (format!("{open}&{long}"), 200),
        (format!("{open}&sid={long}"), 400),
        (format!("EIO={long}&transport=polling"), 400),
        (format!("EIO=4&transport={long}"), 400),
        (format!("{}{open}", "&".repeat(8 << 10)), 200),
    ];
    for path in [ENGINE_IO, SOCKET_IO] {
        for (query, status) in &rows {
            let shown = &query[..query.len().min(60)];
            assert_eq!(ask(Method::GET, &example.url(path, query), "").await.0, *status, "{shown}");
            // A WebSocket has the same query before it: refused, or open.
            let query = query.replace("polling", "websocket");
            let mut raw = Raw::connects(example.port).await;
            raw.sends(handshake(&format!("{path}?{query}"), "").as_bytes()).await;
            let expected = if *status == 200 { "HTTP/1.1 101" } else { "HTTP/1.1 400" };
            assert!(raw.head().await.starts_with(expected), "websocket: {shown}");
        }
    }
    example.is_well().await;
}

/// A parser that looks through all headers for each takes quadratic time; one without a limit, memory.
#[tokio::test]
async fn twenty_thousand_headers_are_refused() {
    let example = Example::shared();
    let headers: String = (0..20_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let paths = ["/engine.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=polling", "/echo"];
    for path in paths {
        for upgrade in [true, false] {
            let request = match upgrade {
                true => handshake(path, &headers),
                false => format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n"),
            };
            let mut raw = Raw::connects(example.port).await;
            // The server may have answered and closed before it has all of it.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.0, request.as_bytes()).await;
            let answer = raw.rest().await;
            let answer = String::from_utf8_lossy(&answer);
            // Where the rest of the request met a closed connection, the reset may have overtaken the answer.
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        }
    }
    example.is_well().await;
}

/// A body that is refused by its head is not read, so the connection must not stay open for what comes of it; others left
/// it open, and took the body for the next request or kept the socket for good.
#[tokio::test]
async fn a_refused_binary_post_does_not_stay_open() {
    let example = Example::shared();
    // The beginning of each body, never its end.
    let rows = [
        ("application/octet-stream", "Content-Length: 1000\r\n", "GET", "HTTP/1.1 400"),
        // Whole chunks: actix-http reads such a body on, and throws it away, where nobody holds it.
        ("application/octet-stream", "Transfer-Encoding: chunked\r\n", "3\r\nGET\r\n", "HTTP/1.1 400"),
        ("text/plain", "Content-Length: 1000001\r\n", "GET", "HTTP/1.1 413"),
    ];
    for (kind, length, body, status) in rows {
        let session = example.polls(ENGINE_IO).await;
        let target = session.url().split_once(&example.port.to_string()).unwrap().1;
        let mut raw = Raw::connects(example.port).await;
        let head = format!("POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{length}\r\n");
        raw.sends(format!("{head}{body}").as_bytes()).await;
        let all =
            tokio::time::timeout(Duration::from_secs(8), raw.rest()).await.expect("a closed connection");
        let answer = String::from_utf8_lossy(&all);
        assert!(answer.starts_with(status), "{kind}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
        session.is_gone().await;
    }
    example.is_well().await;
}

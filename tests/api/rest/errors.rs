//! Refusals: their status, their shape, and that they say no more than they should.

use crate::support::{Client, house::id, spawn_app, spawn_app_with};
use reqwest::Method;
use serde_json::{Value, json};

const UNKNOWN: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

/// A body as it is, with its content type.
async fn raw(who: &Client, path: &str, body: impl Into<reqwest::Body>, kind: Option<&str>) -> (u16, Value) {
    let mut request = reqwest::Client::new().post(format!("http://{}{path}", who.address)).body(body);
    request = request.bearer_auth(who.token.as_deref().unwrap_or_default());
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
}

#[actix_web::test]
async fn bodies_are_read_strictly() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (who, path, json) = (&house.manager, "/api/v1/tables", Some("application/json"));
    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(40), "]".repeat(40));
    for (body, kind, status, code, message) in [
        ("{}", json, 400, "VALIDATION_FAILED", json!(["name should not be empty"])),
        ("", None, 400, "VALIDATION_FAILED", json!(["name should not be empty"])),
        (
            r#"{"foo":1,"name":7}"#,
            json,
            400,
            "VALIDATION_FAILED",
            json!(["name must be a string", "property foo should not exist"]),
        ),
        (r#"{"name":"#, json, 400, "BAD_REQUEST", json!("Unexpected end of JSON input")),
        (r#"{"name":x}"#, json, 400, "BAD_REQUEST", json!("Unexpected token in JSON at position 8")),
        ("[]", json, 400, "BAD_REQUEST", json!("the body must be a JSON object")),
        (deep.as_str(), json, 400, "BAD_REQUEST", json!("JSON is nested deeper than 32 levels")),
        ("name=x", Some("application/x-www-form-urlencoded"), 415, "UNSUPPORTED_MEDIA_TYPE", Value::Null),
        (r#"{"name":"x"}"#, None, 415, "UNSUPPORTED_MEDIA_TYPE", Value::Null),
    ] {
        let (got, answer) = raw(who, path, body.to_owned(), kind).await;
        assert_eq!((got, &answer["code"]), (status, &code.into()), "{body}: {answer}");
        assert_eq!(answer["statusCode"], status);
        assert!(message.is_null() || answer["message"] == message, "{body}: {answer}");
    }
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(70_000));
    let (status, answer) = raw(who, path, large, json).await;
    assert_eq!((status, &answer["code"]), (413, &"PAYLOAD_TOO_LARGE".into()));
}

#[actix_web::test]
async fn paths_ids_and_methods_are_told_apart() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let who = &house.waiter;
    let missing = who.get("/api/v1/nothing?token=secret").await.expect_error(404, "NOT_FOUND");
    assert_eq!(missing["message"], "Cannot GET /api/v1/nothing");
    let wrong = who.delete("/api/v1/tables").await;
    assert_eq!(wrong.header("allow"), Some("GET, POST, HEAD"));
    wrong.expect_error(405, "METHOD_NOT_ALLOWED");
    assert_eq!(who.send(Method::HEAD, "/api/v1/tables", None).await.status, 200);
    for path in ["/api/v1/orders/7", "/api/v1/orders/7/history", "/api/v1/table-sessions/x"] {
        let bad = who.get(path).await.expect_error(400, "BAD_REQUEST");
        assert_eq!(bad["message"], "Validation failed (uuid is expected)");
    }
    let unknown = who.get(&format!("/api/v1/orders/{UNKNOWN}")).await.expect_error(404, "NOT_FOUND");
    assert_eq!(unknown["message"], format!("Order with ID {UNKNOWN} not found"));
    assert_eq!(unknown["error"], "Not Found");
    for query in
        // A time and a forged cursor that PostgreSQL cannot hold were answered 500.
        [
            "limit=0",
            "limit=101",
            "limit=x",
            "cursor=x",
            "cursor=gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "status=ready",
            "table=5",
            "since=now",
            "since=-005000-01-01T00:00:00Z",
            "foo=1",
        ]
    {
        who.get(&format!("/api/v1/orders?{query}")).await.expect_error(400, "VALIDATION_FAILED");
    }
    for query in ["after=-1", "after=x", "after=99999999999999999999", "limit=0", "limit=1001"] {
        who.get(&format!("/api/v1/events?{query}")).await.expect_error(400, "VALIDATION_FAILED");
    }
    assert_eq!(who.get("/api/v1/events?after=9000").await.expect(200)["events"], json!([]));
}

#[actix_web::test]
async fn without_a_good_token_nothing_is_told() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let anonymous = Client::anonymous(app.address);
    let order = id(&house.confirmed(1).await);
    for path in [
        "/api/v1/auth/me",
        "/api/v1/tables",
        "/api/v1/table-sessions",
        "/api/v1/orders",
        &format!("/api/v1/orders/{order}"),
        "/api/v1/orders/not-even-an-id",
        &format!("/api/v1/orders/{order}/history"),
        "/api/v1/board",
        "/api/v1/kitchen/board",
        "/api/v1/events",
        "/api/v1/menu",
    ] {
        let refused = anonymous.get(path).await;
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"), "{path}");
        let body = refused.expect_error(401, "INVALID_TOKEN");
        assert_eq!(body["message"], "Unauthorized");
        anonymous.with_token("a.b.c").get(path).await.expect_error(401, "INVALID_TOKEN");
    }
    // The token comes before the body: a stranger learns nothing of what is valid.
    anonymous.post("/api/v1/orders", json!({ "foo": 1 })).await.expect_error(401, "INVALID_TOKEN");
    anonymous.press("/api/v1/events/ticket").await.expect_error(401, "INVALID_TOKEN");
}

#[actix_web::test]
async fn foreign_pages_are_refused_and_ours_may_read_the_headers() {
    let app = spawn_app_with(&[("FRONTEND_URL", "https://front.example")]).await;
    let house = app.restaurant().await;
    for origin in ["https://evil.example", "null", "http://front.example", "https://front.example:8443"] {
        let foreign = house.waiter.header("Origin", origin);
        foreign.get("/api/v1/orders").await.expect_error(403, "ORIGIN_FORBIDDEN");
        foreign.get("/health/live").await.expect_error(403, "ORIGIN_FORBIDDEN");
        let preflight = foreign.header("Access-Control-Request-Method", "POST");
        preflight.send(Method::OPTIONS, "/api/v1/orders", None).await.expect_error(403, "ORIGIN_FORBIDDEN");
    }
    let ours = house.waiter.header("Origin", "https://front.example");
    let answer = ours.get("/api/v1/orders").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://front.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    let exposed = answer.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
    for name in ["etag", "link", "retry-after", "x-stream-epoch", "x-stream-seq", "idempotent-replay"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let preflight = ours
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,if-match");
        let preflight = preflight.send(Method::OPTIONS, "/api/v1/orders", None).await;
        assert_eq!(preflight.status, 200, "{method}: {}", preflight.text);
    }
    // A refusal can be read by our page as well.
    let refused = ours.get("/api/v1/orders/7").await;
    assert_eq!(refused.header("access-control-allow-origin"), Some("https://front.example"));
}

#[actix_web::test]
async fn pages_for_people_and_watchers() {
    let app = spawn_app().await;
    let anyone = Client::anonymous(app.address);
    assert_eq!(anyone.get("/health/live").await.expect(200)["status"], "ok");
    let ready = anyone.get("/health/ready").await;
    assert!(ready.header("x-request-id").is_some());
    ready.expect(200);
    assert_eq!(anyone.get("/openapi.json").await.expect(200)["openapi"], "3.1.0");
    for (path, text) in [
        ("/docs/", "swagger-ui"),
        ("/examples/004.html", "004.js"),
        ("/examples/004.js", "order.item.status.changed"),
    ] {
        let page = anyone.get(path).await;
        assert!(page.status == 200 && page.text.contains(text), "{path}: {}", page.text);
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self'"),
            "{policy}"
        );
        assert!(!page.text.contains("onclick") && !page.text.contains("<script>"), "the policy forbids it");
    }
    for path in ["/docs/", "/health/live", "/api/v1/nothing", "/api/v1/board", "/ws", "/socket.io/"] {
        assert_eq!(anyone.get(path).await.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    assert_eq!(anyone.get("/docs").await.status, 200, "a redirect to the page");
    let page = anyone.get("/docs/swagger-initializer.js").await.text;
    assert!(page.contains("/openapi.json") && page.contains("\"validatorUrl\": \"none\""), "{page}");
    assert!(anyone.get("/metrics").await.text.contains("comanda_"));
    for (name, value) in
        [("X-Forwarded-For", "192.0.2.1"), ("X-Real-IP", "192.0.2.1"), ("Forwarded", "for=x")]
    {
        anyone.header(name, value).get("/metrics").await.expect_error(403, "FORBIDDEN");
    }
}

/// They had bodies of their own, or none.
#[actix_web::test]
async fn sockets_and_streams_refuse_as_the_rest_does() {
    let app = spawn_app().await;
    let anyone = Client::anonymous(app.address);
    let bad = anyone.with_token("a.b.c");
    let expected = bad.get("/api/v1/board").await;
    assert!(expected.text.starts_with(r#"{"statusCode":401,"message":"Unauthorized","#), "{}", expected.text);
    for path in ["/api/v1/events/stream", "/ws"] {
        let refused = bad.get(path).await;
        assert_eq!((refused.header("www-authenticate"), &refused.text), (Some("Bearer"), &expected.text));
        for method in [Method::HEAD, Method::POST, Method::DELETE] {
            let refused = anyone.send(method.clone(), path, None).await;
            assert_eq!((refused.status, refused.header("allow")), (405, Some("GET")), "{method} {path}");
            if method != Method::HEAD {
                refused.expect_error(405, "METHOD_NOT_ALLOWED");
            }
        }
    }
    let plain = anyone.get("/ws").await;
    assert_eq!(plain.header("sec-websocket-version"), Some("13"));
    plain.expect_error(400, "BAD_REQUEST");
    anyone.get("/ws?since=x").await.expect_error(400, "BAD_REQUEST");
}

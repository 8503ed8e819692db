//! The five specifications' flows. What 004 prints for a shell and for Node.js runs as printed; 002's console and 003's
//! clients do in `tests/screens`, where there is a browser. Of the rest they print the server: here are its routes and
//! events, by curl and by npm's client.

use super::CANARY;
use crate::{client::Client as Rest, server::Server, stock_client::Client as Stock};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

/// Starting a JavaScript engine on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/test-websocket.cjs");
/// 004's "Flujo de Prueba Completo", its three blocks.
const SHELL: &str = include_str!("../../clients/specification/orders.sh");
/// What the script prints before each payload.
const HEADINGS: [(&str, &str); 3] = [
    ("order.new", "📦 New order: "),
    ("order.status.changed", "🔄 Order status changed: "),
    ("order.item.status.changed", "🍽️  Item status changed: "),
];
const HEARTBEAT: &str = "💓";

/// `curl -X METHOD` with a token, where there is one, and a body. As often as a busy server says to come again, under one
/// key.
async fn curl(server: &Server, method: &str, path: &str, who: Option<&Rest>, body: Value) -> Value {
    let mut curl = Command::new("curl");
    curl.args(["-sS", "--fail-with-body", "-X", method, &format!("http://{}{path}", server.address)]);
    curl.args(["-H", &format!("Idempotency-Key: {}", uuid::Uuid::now_v7())]);
    if let Some(token) = who.and_then(|who| who.token.as_ref()) {
        curl.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    if !body.is_null() {
        curl.args(["-H", "Content-Type: application/json", "-d", &body.to_string()]);
    }
    let begun = Instant::now();
    loop {
        let output = curl.output().await.expect("curl is installed");
        let said = String::from_utf8_lossy(&output.stdout);
        let answer: Value = serde_json::from_str(&said).unwrap_or_default();
        if output.status.success() {
            return answer;
        }
        let is_later = answer["statusCode"] == 503 || answer["code"] == "IDEMPOTENCY_IN_FLIGHT";
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(is_later && begun.elapsed() < PATIENCE, "{method} {path}: {said} {complained}");
        sleep(Duration::from_secs(1)).await;
    }
}

async fn socket(server: &Server, namespace: &str, who: Option<&Rest>) -> Stock {
    let auth = who.map(|who| json!({ "token": who.token }));
    let url = format!("http://{}", server.address);
    let mut client = Stock::with(&json!({ "url": url, "namespace": namespace, "auth": auth }));
    client.connected().await;
    client
}

/// `callRoute` of the specification's React client: rejects what has no `event`.
async fn call(client: &mut Stock, event: &str, data: Value) -> Value {
    let mut answer = client.asks(&json!([event, data])).await;
    assert_eq!(answer["event"], event, "{answer}");
    answer["data"].take()
}

/// 000: nobody has a token; the panel orders over its socket too.
pub async fn admin_orders(server: &Server, waiter: &Rest) {
    let placed = curl(server, "POST", "/orders", None, json!({ "total": 99.99, "customerId": 1 })).await;
    assert_eq!((&placed["total"], &placed["customerId"]), (&json!("99.99"), &json!(1)));
    let path = format!("/orders/{}", placed["id"]);
    assert_eq!(curl(server, "GET", &path, None, Value::Null).await["customer"]["name"], "Ana García");
    curl(server, "PATCH", &format!("{path}/ship"), None, Value::Null).await;
    let mut panel = socket(server, "/admin", Some(waiter)).await;
    let second = call(&mut panel, "new_order", json!({ "total": 5 })).await;
    let all = curl(server, "GET", "/orders", Some(waiter), Value::Null).await;
    for id in [&placed["id"], &second["id"]] {
        assert!(all.as_array().unwrap().iter().any(|order| order["id"] == *id), "{id} of {all}");
    }
}

/// 001: every client is told without joining; who joins is answered.
pub async fn production_orders(server: &Server, waiter: &Rest, manager: &Rest) {
    let mut floor = socket(server, "/", Some(waiter)).await;
    assert_eq!(call(&mut floor, "joinRoom", Value::Null).await, json!({ "room": "orders" }));
    let made = json!({ "title": format!("Carta {CANARY}") });
    let made = curl(server, "POST", "/api/v1/production-orders", Some(waiter), made).await;
    assert_eq!(made["status"], "In Production");
    let path = format!("/api/v1/production-orders/{}", made["id"].as_str().unwrap());
    let printing = json!({ "status": "In Printing", "message": CANARY });
    assert_eq!(curl(server, "PATCH", &path, Some(waiter), printing).await["status"], "In Printing");
    curl(server, "DELETE", &path, Some(manager), Value::Null).await;
    let own = format!("{}/update", made["id"].as_str().unwrap());
    for name in ["orderCreated", "orderUpdated", &own, "orderDeleted"] {
        while floor.until("event").await["name"] != *name {}
    }
}

/// 002: made, claimed, picked up, delivered; the donation's id.
pub async fn donations(server: &Server, waiter: &Rest, ngo: &Rest) -> String {
    let offer = json!({
        "name": format!("Pan {CANARY}"), "foodType": "Bakery", "quantity": "5", "unit": "kg", "description": CANARY,
        "location": { "lat": 40.4168, "lng": -3.7038, "address": "Puerta del Sol 1" },
        "expiryTime": (Timestamp::now() + SignedDuration::from_hours(1)).to_string(), "imageUrls": [],
    });
    let made = curl(server, "POST", "/api/v1/donations", Some(waiter), offer).await;
    let path = format!("/api/v1/donations/{}", made["id"].as_str().unwrap());
    curl(server, "POST", &format!("{path}/claim"), Some(ngo), Value::Null).await;
    for status in ["PICKED_UP", "DELIVERED"] {
        let body = json!({ "status": status });
        assert_eq!(curl(server, "PATCH", &format!("{path}/status"), Some(ngo), body).await["status"], status);
    }
    made["id"].as_str().unwrap().to_owned()
}

/// 003: a guest of `/api` logs in and calls routes; REST has the same documents. What others hear of them.
pub async fn dynamic_api(server: &Server, manager: &Rest) -> Vec<Value> {
    let mut guest = socket(server, "/api", None).await;
    let login = json!({ "email": "manager@restaurante.com", "password": "password123" });
    assert_eq!(call(&mut guest, "auth-login", login).await["user"]["role"], "MANAGER");
    let laptop = json!({ "name": format!("Laptop {CANARY}"), "price": 999.99 });
    let made = call(&mut guest, "create-one-product", laptop).await;
    let changed = json!({ "id": made["id"], "price": 899.99 });
    let changed = call(&mut guest, "update-one-product", changed).await;
    assert_eq!(changed["price"], 899.99);
    let copy = call(&mut guest, "duplicate-one-product", json!({ "id": made["id"] })).await;
    let page = call(&mut guest, "get-many-product", json!({ "page": 1, "limit": 10 })).await;
    assert_eq!(page, curl(server, "GET", "/products", Some(manager), Value::Null).await);
    let gone = call(&mut guest, "delete-one-product", json!({ "id": copy["id"] })).await;
    assert_eq!(gone, json!({ "deletedCount": 1 }));
    // A customer of theirs is a customer of 000's, by number.
    let ana = call(&mut guest, "create-one-customer", json!({ "name": format!("Eva {CANARY}") })).await;
    let order = json!({ "total": 7, "customerId": ana["number"] });
    let order = curl(server, "POST", "/orders", Some(manager), order).await;
    let order = curl(server, "GET", &format!("/orders/{}", order["id"]), Some(manager), Value::Null).await;
    assert_eq!(order["customer"]["name"], ana["name"]);
    let told = [
        ("product-create-one", &made),
        ("product-update-one", &changed),
        ("product-duplicate-one", &copy),
        ("product-delete-one", &copy["id"]),
        ("customer-create-one", &ana),
    ];
    told.iter().map(|(event, data)| json!({ "event": event, "data": data })).collect()
}

/// 004: from the table to the kitchen.
pub async fn restaurant_orders(server: &Server, waiter: &Rest, kitchen: &Rest) {
    let post = async |path: String, who, body| {
        curl(server, "POST", &format!("/api/v1{path}"), Some(who), body).await
    };
    let tables = curl(server, "GET", "/api/v1/tables", Some(waiter), Value::Null).await;
    let session = post("/table-sessions".into(), waiter, json!({ "tableId": tables[0]["id"] })).await;
    let order = post("/orders".into(), waiter, json!({ "tableSessionId": session["id"] })).await;
    let order = format!("/orders/{}", order["id"].as_str().unwrap());
    let burger = json!({ "name": "Hamburguesa", "qty": 2, "unitPrice": 15.50, "notes": CANARY });
    let item = post(format!("{order}/items"), waiter, burger).await;
    let confirmed = post(format!("{order}/confirm"), waiter, Value::Null).await;
    assert_eq!((&confirmed["status"], &confirmed["total"]), (&json!("CONFIRMED"), &json!("31.00")));
    let path = format!("{order}/items/{}/status", item["id"].as_str().unwrap());
    let started = post(path, kitchen, json!({ "status": "IN_PROGRESS" })).await;
    assert_eq!(started["status"], "IN_PROGRESS");
}

/// 004 as it prints it for a shell, but for the address and the two ids that it leaves to the reader.
pub async fn printed_orders(server: &Server, waiter: &Rest) {
    let tables = curl(server, "GET", "/api/v1/tables", Some(waiter), Value::Null).await;
    let table = json!({ "tableId": tables[1]["id"] });
    let session = curl(server, "POST", "/api/v1/table-sessions", Some(waiter), table).await;
    let find =
        "ITEM_ID=$(curl $API/orders/$ORDER_ID -H \"Authorization: Bearer $TOKEN\" | jq -r '.items[0].id')";
    let (waiters, kitchens) = SHELL.split_once("# Login como KITCHEN").unwrap();
    let text = format!("{waiters}\n{find}\n{kitchens}\necho; echo $ORDER_ID $ITEM_ID")
        .replace("http://localhost:3000", &format!("http://{}", server.address))
        .replace("session-id-here", session["id"].as_str().unwrap());
    let api = format!("http://{}/api/v1", server.address);
    let shell = Command::new("bash").args(["-ec", &text]).env("API", api).output().await.expect("bash");
    let said = String::from_utf8_lossy(&shell.stdout);
    let complained = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success(), "{said}\n{complained}");
    let (order, item) = said.lines().last().and_then(|ids| ids.split_once(' ')).expect("two ids");
    let order = curl(server, "GET", &format!("/api/v1/orders/{order}"), Some(waiter), Value::Null).await;
    assert_eq!((&order["status"], &order["total"]), (&json!("IN_PROGRESS"), &json!("31.00")), "{said}");
    assert_eq!(
        (&order["items"][0]["id"], &order["items"][0]["status"]),
        (&json!(item), &json!("IN_PROGRESS"))
    );
}

/// 004's script for Node.js, as printed there but for the token and the address.
pub struct Script {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Script {
    pub async fn start(who: &Rest) -> Self {
        let mut process = Command::new("node")
            .arg(SCRIPT)
            .env("TOKEN", who.token.as_ref().unwrap())
            .env("WS_URL", format!("http://{}", who.address))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut script = Self { _process: process, lines };
        assert_eq!(script.line().await, "✅ Connected to WebSocket server");
        assert!(script.line().await.starts_with("Socket ID: "));
        script
    }

    /// The next line that says something: a heart beats every 30 seconds, whatever is said in between.
    async fn line(&mut self) -> String {
        let said = async {
            loop {
                let line = self.lines.next_line().await.unwrap();
                let line = line.expect("the script lives; is `.ci/need clients` done?");
                if !line.starts_with(HEARTBEAT) {
                    return line;
                }
            }
        };
        timeout(PATIENCE, said).await.expect("it says something")
    }

    /// It prints each event that it listens to, in the log's order, and no other.
    pub async fn has_printed(&mut self, log: &[Value]) {
        let heading = |event: &Value| HEADINGS.iter().find(|(name, _)| event["event"] == *name);
        for event in log {
            let Some((name, heading)) = heading(event) else { continue };
            let mut output = Vec::new();
            // The payload is indented, but for its last brace.
            while output.last().is_none_or(|line| line != "}") {
                output.push(self.line().await);
            }
            let output = output.join("\n");
            assert!(output.starts_with(heading), "{name}: {output}");
            assert_eq!(
                serde_json::from_str::<Value>(&output[heading.len()..]).unwrap(),
                event["data"],
                "{name}"
            );
        }
    }
}

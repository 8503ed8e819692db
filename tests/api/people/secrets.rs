//! Everything secret that people and devices send and get, and what guests are told by, for the test that reads the log.

use crate::support::{Client, Poller};
use serde_json::{Value, json};

/// Says canaries wherever one can, to a demo; the secrets that came back.
pub async fn whisper(anyone: &Client, waiter: &Client, manager: &Client) -> Vec<String> {
    let text = |body: &Value, name: &str| body[name].as_str().unwrap().to_owned();
    let new =
        json!({ "email": "nora@nuevo.example", "password": "a-canary-in-a-registration", "name": "Nora" });
    let nora = anyone.post("/api/v1/auth/register", new).await.expect(201);
    let reset = json!({ "email": "nora@nuevo.example" });
    anyone.post("/api/v1/auth/reset-password", reset).await.expect(200);
    let change = json!({ "resetPasswordToken": "cp1_a-canary", "newPassword": "a-canary-in-a-new-password" });
    anyone.post("/api/v1/auth/change-password", change).await.expect(400);
    let invite = manager.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    let asked = anyone.press("/api/v1/devices/pair").await.expect(201);
    let claim = json!({ "code": asked["code"], "name": "Grill", "role": "KITCHEN" });
    manager.post("/api/v1/devices/claim", claim).await.expect(201);
    let polled = json!({ "pairingSecret": asked["pairingSecret"] });
    let paired = anyone.post("/api/v1/devices/pair/poll", polled).await.expect(200);
    let user = json!({ "email": "u@nuevo.example", "name": "u", "role": "WAITER", "password": "a-canary-of-a-user" });
    manager.key("a-key").post("/api/v1/users", user).await.expect(201);
    let card = json!({ "title": "a-canary-in-a-title", "customerName": "a-canary-of-a-customer" });
    let card = waiter.post("/api/v1/production-orders", card).await.expect(201);
    let moved = json!({ "status": "In Printing", "message": "a-canary-in-a-message" });
    waiter.patch(&format!("/api/v1/production-orders/{}", text(&card, "id")), moved).await.expect(200);
    let table = waiter.get("/api/v1/tables").await.expect(200)[0]["id"].clone();
    let session = waiter.post("/api/v1/table-sessions", json!({ "tableId": table })).await.expect(201);
    let order = json!({ "tableSessionId": session["id"], "note": "a-canary-in-a-note" });
    let order = text(&waiter.post("/api/v1/orders", order).await.expect(201), "id");
    let line =
        json!({ "name": "a-canary-of-a-dish", "qty": 1, "unitPrice": 1, "notes": "a-canary-of-an-allergy" });
    waiter.post(&format!("/api/v1/orders/{order}/items"), line).await.expect(201);
    waiter.press(&format!("/api/v1/orders/{order}/confirm")).await.expect(200);
    let reason = json!({ "reason": "a-canary-in-a-reason" });
    manager.post(&format!("/api/v1/orders/{order}/cancel"), reason).await.expect(200);
    let mut poller = Poller::join(waiter).await;
    let login = json!({ "email": "waiter@restaurante.com", "password": "a-canary-on-a-socket" });
    assert_eq!(poller.ask("auth-login", login).await["error"]["code"], "INVALID_CREDENTIALS");
    let refresh = json!({ "refreshToken": "a-canary-in-a-refresh" });
    assert_eq!(poller.ask("auth-refresh-token", refresh).await["error"]["code"], "INVALID_TOKEN");
    vec![
        text(&nora, "accessToken"),
        text(&nora, "refreshToken"),
        text(&invite, "code"),
        text(&asked, "code"),
        text(&asked, "pairingSecret"),
        text(&paired, "accessToken"),
        text(&paired, "refreshToken"),
    ]
}

//! Everything secret that people and devices send and get, for the test that reads the log.

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

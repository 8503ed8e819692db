//! Whatever is taken from somebody is felt within 5 s on every transport: plain WebSocket, event stream, Socket.IO by
//! long-polling and by WebSocket.

use crate::support::{
    Client, Display, House, Poller, Reader, SocketIo, TestApp,
    house::{PASSWORD, id},
    promise::{OUT_WITHIN, keeps},
    spawn_app,
};
use serde_json::{Value, json};
use std::time::Instant;

const ME: &str = "/api/v1/auth/me";

/// How it is taken from them, and whether they may come back with the same token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Logout,
    LogoutOnASocket,
    ReusedRefreshToken,
    OwnPassword,
    ManagersPassword,
    Removal,
    Role,
}

const DEEDS: [Deed; 7] = [
    Deed::Logout,
    Deed::LogoutOnASocket,
    Deed::ReusedRefreshToken,
    Deed::OwnPassword,
    Deed::ManagersPassword,
    Deed::Removal,
    Deed::Role,
];

struct Victim {
    user: Value,
    tokens: Value,
    client: Client,
}

async fn log_in(app: &TestApp, user: &Value) -> (Value, Client) {
    let body = json!({ "email": user["email"], "password": PASSWORD });
    let tokens = Client::anonymous(app.address).post("/api/v1/auth/login", body).await.expect(200);
    let client = Client::anonymous(app.address).with_token(tokens["accessToken"].as_str().unwrap());
    (tokens, client)
}

async fn victim(app: &TestApp, house: &House, n: usize) -> Victim {
    let body = json!({ "email": format!("v{n}@{}", house.domain), "name": "V", "role": "WAITER", "password": PASSWORD });
    let user = house.manager.post("/api/v1/users", body).await.expect(201);
    let (tokens, client) = log_in(app, &user).await;
    Victim { user, tokens, client }
}

async fn happens(deed: Deed, app: &TestApp, house: &House, Victim { user, tokens, client }: &Victim) {
    let path = format!("/api/v1/users/{}", id(user));
    let refresh = json!({ "refreshToken": tokens["refreshToken"] });
    match deed {
        Deed::Logout => drop(client.post("/api/v1/auth/logout", refresh).await.expect(204)),
        Deed::LogoutOnASocket => {
            let mut poller = Poller::join(client).await;
            assert_eq!(poller.ask("auth-logout", json!({})).await["event"], "auth-logout");
        }
        Deed::ReusedRefreshToken => {
            client.post("/api/v1/auth/refresh", refresh.clone()).await.expect(200);
            client.post("/api/v1/auth/refresh", refresh).await.expect_error(401, "INVALID_TOKEN");
        }
        Deed::OwnPassword => {
            let to = json!({ "password": "another password", "currentPassword": PASSWORD });
            log_in(app, user).await.1.patch(ME, to).await.expect(200);
        }
        Deed::ManagersPassword => {
            house.manager.patch(&path, json!({ "password": "another password" })).await.expect(200);
        }
        Deed::Removal => drop(house.manager.delete(&path).await.expect(204)),
        Deed::Role => drop(house.manager.patch(&path, json!({ "role": "KITCHEN" })).await.expect(200)),
    }
}

#[actix_web::test]
async fn every_transport_feels_it() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let mut victims = 0;
    for deed in DEEDS {
        keeps(OUT_WITHIN, async || {
            victims += 1;
            let victim = victim(&app, &house, victims).await;
            let who = &victim.client;
            let (mut plain, mut stream) = (Display::join(who).await, Reader::open(who).await);
            let (mut polls, mut socket) = (Poller::join(who).await, SocketIo::join(who).await);
            let mut other = Display::join(&house.kitchen).await;
            let start = Instant::now();
            happens(deed, &app, &house, &victim).await;
            // Who has another role comes back and is that; who is out is told to stay away.
            let (close, reason, polled) = match deed {
                Deed::Role => (4003, "TOKEN_EXPIRED", "1"),
                _ => (4502, "REMOVED", "41"),
            };
            assert_eq!(plain.close_code().await, Some(close), "{deed:?}");
            assert_eq!(stream.end().await.as_deref(), Some(reason), "{deed:?}");
            assert_eq!(polls.packet().await, polled, "{deed:?}");
            assert_eq!(socket.end().await, polled.strip_prefix('1').map_or("41", |_| "closed"), "{deed:?}");
            let took = start.elapsed();
            // No bystander, and no way back but as what one is now.
            house.open_table().await;
            other.expect("table.session.opened").await;
            match deed {
                Deed::Role => assert_eq!(who.get(ME).await.expect(200)["role"], "KITCHEN"),
                _ => drop(who.get(ME).await.expect_error(401, "INVALID_TOKEN")),
            }
            took
        })
        .await;
    }
}

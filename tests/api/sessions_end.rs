//! What ends a live socket: logout, a stolen refresh token, expiry, removal, another role.

use crate::support::{
    Client, Display, House, Poller, Reader, TestApp,
    promise::{OUT_WITHIN, keeps},
    spawn_app,
};
use comanda::{
    domain::principal::Role,
    store::{people, users},
};
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use std::time::{Duration, Instant};

/// Longest wait for what has to come at all.
const PATIENCE: Duration = Duration::from_secs(60);
const ME: &str = "/api/v1/auth/me";

/// The display is closed with this code.
async fn closes(display: &mut Display, code: u16) {
    assert_eq!(display.close_code().await, Some(code));
}

/// The token opens nothing any more.
async fn is_out(who: &Client) {
    let asked = Instant::now();
    while who.get(ME).await.status != 401 {
        assert!(asked.elapsed() < PATIENCE, "still in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(Display::refusal(who).await, 401);
}

/// A socket that still hears of what happens.
async fn lives(house: &House, display: &mut Display) {
    house.open_table().await;
    display.expect("table.session.opened").await;
}

#[actix_web::test]
async fn a_logout_ends_that_logins_sockets_and_no_others() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let (here, there) = (house.log_in(Role::Kitchen).await, house.log_in(Role::Kitchen).await);
        let (mut one, mut two) = (Display::join(&here.client).await, Display::join(&here.client).await);
        let mut reader = Reader::open(&here.client).await;
        let mut other = Display::join(&there.client).await;
        let ticket = here.client.press("/api/v1/events/ticket").await.expect(201);
        let start = Instant::now();
        here.log_out().await;
        closes(&mut one, 4502).await;
        closes(&mut two, 4502).await;
        assert_eq!(reader.end().await.as_deref(), Some("REMOVED"));
        is_out(&here.client).await;
        let took = start.elapsed();
        here.refresh().await.expect_error(401, "INVALID_TOKEN");
        // A ticket is no better than the token it was bought with.
        let path = format!("/api/v1/events/stream?ticket={}", ticket["ticket"].as_str().unwrap());
        Client::anonymous(app.address).get(&path).await.expect_error(401, "INVALID_TOKEN");
        lives(&house, &mut other).await;
        there.client.get(ME).await.expect(200);
        took
    })
    .await;
}

#[actix_web::test]
async fn a_refresh_token_that_comes_twice_ends_its_login() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let (stolen, other) = (house.log_in(Role::Kitchen).await, house.log_in(Role::Kitchen).await);
        let next = stolen.refresh().await.expect(200);
        let newer = stolen.client.with_token(next["accessToken"].as_str().unwrap());
        let (mut before, mut after) = (Display::join(&stolen.client).await, Display::join(&newer).await);
        let mut untouched = Display::join(&other.client).await;
        let start = Instant::now();
        stolen.refresh().await.expect_error(401, "INVALID_TOKEN");
        closes(&mut before, 4502).await;
        closes(&mut after, 4502).await;
        is_out(&stolen.client).await;
        is_out(&newer).await;
        let took = start.elapsed();
        let body = json!({ "refreshToken": next["refreshToken"] });
        newer.post("/api/v1/auth/refresh", body).await.expect_error(401, "INVALID_TOKEN");
        lives(&house, &mut untouched).await;
        took
    })
    .await;
}

#[actix_web::test]
async fn a_token_ends_its_sockets_when_it_expires_unless_a_newer_one_comes() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    // Long enough for three to come and one to be refreshed.
    let lives_for = Duration::from_secs(10);
    keeps(OUT_WITHIN, async || {
        let start = Instant::now();
        let brief = house.for_a_while(Role::Kitchen, SignedDuration::try_from(lives_for).unwrap());
        let (mut ends, mut goes_on) = (Display::join(&brief).await, Display::join(&brief).await);
        let mut reader = Reader::open(&brief).await;

        let anothers = json!({ "token": house.expo.token });
        assert_eq!(goes_on.ask("auth-refresh", anothers).await["error"]["code"], "FORBIDDEN");
        let newer = goes_on.ask("auth-refresh", json!({ "token": house.kitchen.token })).await;
        assert_eq!(newer["event"], "auth-refresh");
        assert!(newer["data"]["expiresAt"].is_string(), "{newer}");

        closes(&mut ends, 4003).await;
        let ended = start.elapsed();
        // A token's end is a whole second.
        assert!(ended > lives_for - Duration::from_secs(1), "{ended:?}");
        assert_eq!(reader.end().await.as_deref(), Some("TOKEN_EXPIRED"));
        brief.get(ME).await.expect_error(401, "TOKEN_EXPIRED");
        lives(&house, &mut goes_on).await;
        ended.saturating_sub(lives_for)
    })
    .await;
}

#[actix_web::test]
async fn a_socket_belongs_to_the_login_of_its_newest_token() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let (old, new) = (house.log_in(Role::Kitchen).await, house.log_in(Role::Kitchen).await);
        let (mut moved, mut stays) = (Display::join(&old.client).await, Display::join(&new.client).await);
        for (display, token) in [(&mut moved, &new.client.token), (&mut stays, &new.client.token)] {
            assert_eq!(display.ask("auth-refresh", json!({ "token": token })).await["event"], "auth-refresh");
        }
        let mut poller = Poller::join(&old.client).await;
        poller.say("auth-refresh", json!({ "token": new.client.token })).await;
        poller.expect("auth-refresh").await;
        old.log_out().await;
        is_out(&old.client).await;
        lives(&house, &mut moved).await;
        stays.expect("table.session.opened").await;
        poller.expect("table.session.opened").await;
        let start = Instant::now();
        new.log_out().await;
        closes(&mut moved, 4502).await;
        closes(&mut stays, 4502).await;
        poller.expect_disconnect().await;
        let took = start.elapsed();
        app.shows("comanda_members", 0.0).await;
        took
    })
    .await;
}

/// Whoever comes in while the login ends is refused or sent away: nobody slips through.
#[actix_web::test]
async fn nobody_slips_in_beside_a_logout() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    keeps(OUT_WITHIN, async || {
        let mut slowest = Duration::ZERO;
        for _ in 0..5 {
            let login = house.log_in(Role::Kitchen).await;
            let come = join_all((0..20).map(|_| Display::try_join(&login.client, None)));
            let start = Instant::now();
            let (came, ()) = tokio::join!(come, login.log_out());
            for mut display in came.into_iter().flatten() {
                closes(&mut display, 4502).await;
            }
            slowest = slowest.max(start.elapsed());
        }
        slowest
    })
    .await;
    app.shows("comanda_members", 0.0).await;
}

async fn removed(app: &TestApp, house: &House, role: Role) {
    let tx = app.store.write(house.id).await.unwrap();
    assert!(users::remove(&tx, house.id, house.user(role)).await.unwrap());
    tx.commit().await.unwrap();
}

#[actix_web::test]
async fn a_removed_user_is_out() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let login = house.log_in(Role::Kitchen).await;
        let mut by_login = Display::join(&login.client).await;
        // A token that belongs to no login, as another service signs them.
        let mut by_token = Display::join(&house.kitchen).await;
        let mut reader = Reader::open(&house.kitchen).await;
        let mut other = Display::join(&house.expo).await;
        let start = Instant::now();
        removed(&app, &house, Role::Kitchen).await;
        closes(&mut by_login, 4502).await;
        closes(&mut by_token, 4502).await;
        assert_eq!(reader.end().await.as_deref(), Some("REMOVED"));
        is_out(&login.client).await;
        is_out(&house.kitchen).await;
        let took = start.elapsed();
        lives(&house, &mut other).await;
        took
    })
    .await;
}

#[actix_web::test]
async fn another_role_counts_at_once() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let house = app.restaurant().await;
        let mut display = Display::join(&house.waiter).await;
        let mut other = Display::join(&house.kitchen).await;
        let session = house.open_table().await;
        other.expect("table.session.opened").await;
        let tx = app.store.write(house.id).await.unwrap();
        let to = people::Change { role: Some(Role::Kitchen), ..people::Change::default() };
        people::change(&tx, house.id, house.user(Role::Waiter), &to).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let start = Instant::now();
        closes(&mut display, 4003).await;
        let order = json!({ "tableSessionId": session });
        while house.waiter.post("/api/v1/orders", order.clone()).await.status != 403 {
            assert!(start.elapsed() < PATIENCE, "still a waiter");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let took = start.elapsed();
        assert_eq!(house.waiter.get(ME).await.expect(200)["role"], "KITCHEN");
        // It comes back, as what it is now.
        let mut back = Display::join(&house.waiter).await;
        house.manager.press(&format!("/api/v1/table-sessions/{session}/close")).await;
        other.expect("table.session.closed").await;
        let seq = back.seq;
        assert!(seq <= 2, "{seq}");
        if seq < 2 {
            back.expect("table.session.closed").await;
        }
        took
    })
    .await;
}

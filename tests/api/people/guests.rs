//! Sockets that nobody has logged in on: they have a while, and an address has so many.

use crate::{
    stock_client::Client as Stock,
    support::{Client, Poller, TestApp, house::PASSWORD, spawn_app_with},
};
use comanda::domain::principal::Role;
use serde_json::json;
use std::time::{Duration, Instant};

const ANYONE: (&str, &str) = ("COMANDA__AUTH__ANONYMOUS_NAMESPACES", "/");

async fn enter(app: &TestApp) -> (Poller, String) {
    Poller::enter(&Client::anonymous(app.address), &json!({})).await
}

#[actix_web::test]
async fn nobody_is_put_out_after_a_while_and_a_member_is_not() {
    // Long enough to log in on a busy machine.
    let app = spawn_app_with(&[ANYONE, ("COMANDA__SOCKETS__ANONYMOUS_WITHIN", "5s")]).await;
    let house = app.restaurant().await;
    let (mut member, _) = enter(&app).await;
    let credentials = json!({ "email": house.email(Role::Waiter), "password": PASSWORD });
    assert_eq!(member.ask("auth-login", credentials).await["event"], "auth-login");
    let start = Instant::now();
    let (mut idle, _) = enter(&app).await;
    // The connection ends, after which a stock client comes back; it is not told to stay away.
    assert_eq!(idle.packet().await, "1");
    assert!(start.elapsed() >= Duration::from_secs(5), "{:?}", start.elapsed());
    house.open_table().await;
    member.expect("table.session.opened").await;
}

/// Specification 003's page: it connects, logs in at once, and goes on over a WebSocket.
#[actix_web::test]
async fn a_stock_client_that_logs_in_at_once_is_upgraded_and_hears() {
    let app = spawn_app_with(&[ANYONE]).await;
    let house = app.restaurant().await;
    let mut client = Stock::with(&json!({ "url": app.url(""), "namespace": "/" }));
    client.connected().await;
    let credentials = json!({ "email": house.email(Role::Waiter), "password": PASSWORD });
    let answer = client.asks(&json!(["auth-login", credentials])).await;
    assert_eq!(answer["event"], "auth-login", "{answer}");
    // In the room before it was answered: nothing that is committed from here on is missed.
    house.open_table().await;
    client.event("table.session.opened").await;
    client.upgraded().await;
    house.open_table().await;
    client.event("table.session.opened").await;
}

#[actix_web::test]
async fn an_address_has_so_many_and_a_login_or_a_leave_frees_one() {
    let app = spawn_app_with(&[ANYONE, ("COMANDA__SOCKETS__ANONYMOUS_PER_ADDRESS", "2")]).await;
    let house = app.restaurant().await;
    let ((first, _), (mut second, _)) = (enter(&app).await, enter(&app).await);
    assert_eq!(enter(&app).await.1, "1");
    // Whoever has a token is not counted.
    Poller::join(&house.kitchen).await;
    let credentials = json!({ "email": house.email(Role::Waiter), "password": PASSWORD });
    assert_eq!(second.ask("auth-login", credentials).await["event"], "auth-login");
    let (_third, answer) = enter(&app).await;
    assert!(answer.starts_with("40{"), "{answer}");
    assert_eq!(enter(&app).await.1, "1");
    first.leave().await;
    let start = Instant::now();
    while !enter(&app).await.1.starts_with("40{") {
        assert!(start.elapsed() < Duration::from_secs(10), "its place stays taken");
    }
}

//! `Idempotency-Key`: whatever is repeated, by whom, when, after what: it is done once.

use crate::support::{Answer, Client, Hold, House, TestApp, house::id, spawn_app, spawn_patient_app};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const ORDERS: &str = "/api/v1/orders";

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replay") == Some("true")
}

/// Repeats the request under its key until its twin, if there is one, has been answered.
async fn settled(who: &Client, path: &str, body: &Value) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = who.post(path, body.clone()).await;
        if answer.body["code"] != "IDEMPOTENCY_IN_FLIGHT" {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", answer.text);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn orders(house: &House) -> usize {
    house.waiter.get("/api/v1/orders?limit=100").await.expect(200).as_array().unwrap().len()
}

#[actix_web::test]
async fn fifty_clients_with_one_key_get_one_execution() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "tableSessionId": house.open_table().await });
    // A connection each: what races are the sockets, not one client's queue.
    let token = house.waiter.token.clone().unwrap();
    let clients: Vec<Client> =
        (0..50).map(|_| Client::anonymous(app.address).with_token(&token).key("fifty")).collect();
    let answers = join_all(clients.iter().map(|client| client.post(ORDERS, body.clone()))).await;
    let (made, twins): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.iter().filter(|answer| !replayed(answer)).count(), 1, "{made:?}");
    for answer in &made {
        assert_eq!(answer.text, made[0].text);
    }
    for twin in twins {
        twin.expect_error(409, "IDEMPOTENCY_IN_FLIGHT");
    }
    let later = clients[0].post(ORDERS, body).await;
    assert!(replayed(&later));
    assert_eq!((later.status, &later.text), (201, &made[0].text));
    assert_eq!(later.header("etag"), made[0].header("etag"));
    assert_eq!(orders(&house).await, 1);
}

#[actix_web::test]
async fn a_twin_in_flight_is_refused_at_once_and_answered_later() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let body = json!({ "tableSessionId": house.open_table().await });
    let who = house.waiter.key("twin");
    let hold = Hold::stream(&app, &house).await;
    let first = actix_web::rt::spawn({
        let (who, body) = (who.clone(), body.clone());
        async move { who.post(ORDERS, body).await }
    });
    hold.is_waited_for().await;
    // While the first waits in the database: the same request, and another under its key.
    who.post(ORDERS, body.clone()).await.expect_error(409, "IDEMPOTENCY_IN_FLIGHT");
    // A key of another user is another key; it waits for the lane and not for its namesake.
    let other = actix_web::rt::spawn({
        let (who, body) = (house.manager.key("twin"), body.clone());
        async move { who.post(ORDERS, body).await }
    });
    hold.release().await;
    let first = first.await.unwrap();
    assert!(!replayed(&first));
    let again = who.post(ORDERS, body).await;
    assert!(replayed(&again));
    assert_eq!((first.status, &first.text), (201, &again.text));
    assert_ne!(id(&other.await.unwrap().expect(201)), id(&first.body));
    assert_eq!(orders(&house).await, 2);
}

#[actix_web::test]
async fn a_key_belongs_to_a_user_a_restaurant_and_a_command() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let (session, elsewhere) = (house.open_table().await, other.open_table().await);
    let body = |session: &str| json!({ "tableSessionId": session });
    let mut made = Vec::new();
    for (who, session) in [(&house.waiter, &session), (&house.owner, &session), (&other.waiter, &elsewhere)] {
        let answer = who.key("same").post(ORDERS, body(session)).await;
        assert!(!replayed(&answer));
        made.push(id(&answer.expect(201)));
    }
    made.dedup();
    assert_eq!(made.len(), 3);
    // Another command under the same key.
    let path = format!("{ORDERS}/{}/items", made[0]);
    let line = json!({ "name": "Plato", "qty": 1, "unitPrice": 1 });
    let item = house.waiter.key("same").post(&path, line.clone()).await;
    assert!(!replayed(&item));
    assert_eq!(item.status, 201);
    // The same command about another order is another request, whatever its body says.
    let path = format!("{ORDERS}/{}/items", made[1]);
    house.waiter.key("same").post(&path, line).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let noted = json!({ "tableSessionId": session, "note": "window" });
    house.waiter.key("same").post(ORDERS, noted).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
}

#[actix_web::test]
async fn final_refusals_are_kept_and_others_are_not() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let order = house.draft(0).await;
    let confirm = format!("{ORDERS}/{order}/confirm");
    // 409, though an order with lines could be confirmed by now.
    let who = house.waiter.key("empty");
    let refused = who.press(&confirm).await;
    house.add_item(&order, "Plato").await;
    let again = who.press(&confirm).await;
    assert!(replayed(&again));
    assert_eq!((refused.status, &refused.text), (409, &again.text));
    // 403 is not kept: whoever is promoted may go on.
    let who = house.kitchen.key("cook");
    who.press(&confirm).await.expect_error(403, "FORBIDDEN");
    assert!(!replayed(&who.press(&confirm).await));
    // Nor are 400, 412 and 401.
    let who = house.waiter.key("later");
    who.post(&confirm, json!({ "x": 1 })).await.expect_error(400, "VALIDATION_FAILED");
    who.header("If-Match", "\"77\"").press(&confirm).await.expect_error(412, "PRECONDITION_FAILED");
    Client::anonymous(app.address).key("later").press(&confirm).await.expect_error(401, "INVALID_TOKEN");
    assert!(!replayed(&who.press(&confirm).await));
    assert!(replayed(&who.press(&confirm).await));
}

#[actix_web::test]
async fn a_key_survives_a_restart() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    let body = json!({ "tableSessionId": house.open_table().await });
    let first = house.waiter.key("before").post(ORDERS, body.clone()).await;
    assert_eq!(first.status, 201);
    let app = TestApp::start_again(app.stop().await, &[]).await;
    house.waiter.address = app.address;
    let again = house.waiter.key("before").post(ORDERS, body).await;
    assert!(replayed(&again));
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(orders(&house).await, 1);
}

/// Sends a keyed request as bytes; the socket is open until it is dropped.
async fn send_raw(who: &Client, path: &str, key: &str, body: &Value) -> TcpStream {
    let (token, body) = (who.token.as_deref().unwrap(), body.to_string());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        who.address,
        body.len()
    );
    let mut socket = TcpStream::connect(who.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

/// What raced: the tablet lost its network while its order was being written. The answer is lost, the order is not.
#[actix_web::test]
async fn a_client_that_hangs_up_has_its_command_done() {
    let app = spawn_patient_app(&[]).await;
    let house = app.restaurant().await;
    let body = json!({ "tableSessionId": house.open_table().await });
    let hold = Hold::stream(&app, &house).await;
    let socket = send_raw(&house.waiter, ORDERS, "lost", &body).await;
    hold.is_waited_for().await;
    drop(socket);
    hold.release().await;
    let found = settled(&house.waiter.key("lost"), ORDERS, &body).await;
    assert!(replayed(&found), "the command went on without its client: {}", found.text);
    assert_eq!(found.status, 201);
    assert_eq!(orders(&house).await, 1);
}

/// The same at any moment: the command is done or not, and under its key it is done once.
#[actix_web::test]
async fn hanging_up_at_once_leaves_nothing_in_doubt() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let body = json!({ "tableSessionId": house.open_table().await });
    for n in 0..20 {
        drop(send_raw(&house.waiter, ORDERS, &format!("hasty-{n}"), &body).await);
    }
    for n in 0..20 {
        let who = house.waiter.key(&format!("hasty-{n}"));
        let first = settled(&who, ORDERS, &body).await;
        let again = who.post(ORDERS, body.clone()).await;
        assert_eq!((first.status, &first.text), (201, &again.text));
    }
    assert_eq!(orders(&house).await, 20);
}

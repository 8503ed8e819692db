//! Several boards: an NGO is on any number, a restaurant on one, and a token on no more than the database says.

use super::{NAMESPACE, donated, offer, set};
use crate::{
    display::Display,
    stock_client::Client,
    support::{
        Ngo, TestApp,
        house::{id, token_naming},
        promise::{OUT_WITHIN, keeps},
        spawn_app, spawn_app_with,
    },
};
use comanda::domain::{
    ids::{BoardId, UserId},
    principal::Role,
};
use serde_json::{Value, json};
use std::time::Instant;

fn on(app: &TestApp, ngo: &Ngo, board: &str) -> Client {
    let auth = json!({ "token": ngo.token(), "board": board });
    Client::with(&json!({ "url": app.url(""), "namespace": NAMESPACE, "auth": auth }))
}

async fn names(ngo: &Ngo, query: &str) -> Vec<Value> {
    let list = ngo.client.get(&format!("/api/v1/donations{query}")).await.expect(200);
    list.as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
}

#[actix_web::test]
async fn an_ngo_on_two_boards_acts_on_the_one_it_names() {
    let app = spawn_app().await;
    let (house, far) = (app.restaurant().await, app.restaurant().await);
    let north = app.board("north").await;
    assert!(app.store.move_to_board(far.id, north).await.unwrap());
    let ngo = app.ngo().await;
    assert!(app.store.join_board(ngo.id, north).await.unwrap());
    let (mut here, mut there) = (on(&app, &ngo, "default"), on(&app, &ngo, "north"));
    here.connected().await;
    there.connected().await;
    let mut plain = Display::on_board_called(&ngo.client, "north").await;
    let (near, distant) = (donated(&house, "Cerca").await, donated(&far, "Lejos").await);
    assert_eq!(here.event("donation.created").await["name"], "Cerca");
    assert_eq!(there.event("donation.created").await["name"], "Lejos");
    assert_eq!(plain.expect("donation.created").await["seq"], 1);
    assert_eq!(
        (names(&ngo, "").await, names(&ngo, "?board=default").await),
        (vec![json!("Cerca")], vec![json!("Cerca")])
    );
    assert_eq!(names(&ngo, "?board=north&status=AVAILABLE").await, ["Lejos"]);
    assert_eq!(names(&ngo, "?near=40.4168,-3.7038&board=north").await, ["Lejos"]);
    let log = ngo.client.get("/api/v1/donations/events?board=north").await.expect(200);
    assert_eq!((&log["seq"], &log["events"][0]["data"]["name"]), (&json!(1), &json!("Lejos")));

    // On the other board it is not there.
    ngo.claim(&distant).await.expect_error(404, "NOT_FOUND");
    let claim = format!("/api/v1/donations/{distant}/claim?board=north");
    ngo.client.press(&claim).await.expect(200);
    let status = format!("/api/v1/donations/{distant}/status?board=north");
    let done = ngo.client.patch(&status, json!({ "status": "PICKED_UP" })).await;
    assert_eq!(done.expect(200)["pickedUpBy"], ngo.user.to_string());
    ngo.client.get(&format!("/api/v1/donations/{distant}?board=north")).await.expect(200);
    ngo.claim(&near).await.expect(200);
    assert_eq!(there.event("donation.claimed").await["donationId"], distant.as_str());
    assert_eq!(here.event("donation.claimed").await["donationId"], near.as_str());

    // Others' boards and those that do not exist are the same to it.
    app.board("south").await;
    for board in ["south", "nowhere", "North"] {
        ngo.client.get(&format!("/api/v1/donations?board={board}")).await.expect_error(403, "FORBIDDEN");
        let given = house.waiter.post(&format!("/api/v1/donations?board={board}"), offer("x")).await;
        given.expect_error(403, "FORBIDDEN");
        let error = on(&app, &ngo, board).until("connect_error").await;
        assert_eq!(error["data"]["code"], "FORBIDDEN", "{error}");
        assert_eq!(Display::refusal_at(&ngo.client, &format!("/donations?board={board}")).await, 403);
    }
    house.waiter.get("/api/v1/donations?board=north").await.expect_error(403, "FORBIDDEN");
}

/// What a token says, against what the database does: see `auth::standing` for the whole table.
#[actix_web::test]
async fn a_token_opens_no_board_that_its_ngo_is_not_on() {
    let app = spawn_app_with(&[("COMANDA__AUTH__FOREIGN_USERS", "true")]).await;
    let north = app.board("north").await;
    app.board("south").await;
    let far = app.restaurant().await;
    app.store.move_to_board(far.id, north).await.unwrap();
    donated(&far, "Lejos").await;
    let ngo = app.ngo().await;
    app.store.join_board(ngo.id, north).await.unwrap();
    let stranger = UserId::generate();
    let as_named =
        |user, boards: Option<&[&str]>| ngo.client.with_token(token_naming(user, ngo.id, Role::Ngo, boards));
    for (user, boards, status, seen) in [
        (ngo.user, Some(&["north"][..]), 200, 1),
        (ngo.user, Some(&["south", "north"]), 200, 1),
        (ngo.user, Some(&["south"]), 401, 0),
        (ngo.user, Some(&[]), 401, 0),
        (ngo.user, None, 200, 0),
        (stranger, Some(&["north"]), 200, 1),
        (stranger, Some(&["south"]), 401, 0),
        (stranger, None, 200, 0),
    ] {
        let who = as_named(user, boards);
        let answer = who.get("/api/v1/donations").await;
        assert_eq!(answer.status, status, "{boards:?}: {}", answer.text);
        if status == 200 {
            assert_eq!(answer.body.as_array().unwrap().len(), seen, "{boards:?}");
        }
        who.get("/api/v1/donations?board=south").await.expect_error(
            if status == 200 { 403 } else { 401 },
            if status == 200 { "FORBIDDEN" } else { "INVALID_TOKEN" },
        );
    }
    // A login of ours names them all, and does not widen what it names when it is changed.
    let login = ngo.log_in().await;
    let claims = claims(login["accessToken"].as_str().unwrap());
    assert_eq!((&claims["boards"], &claims["restaurantId"]), (&json!(["default", "north"]), &Value::Null));
    assert_eq!(claims["organizationId"], ngo.id.to_string());
}

/// Live sockets stand in a board's room: who is moved must not hear of it any longer, though its token is good for hours.
#[actix_web::test]
async fn who_leaves_a_board_hears_no_more_of_it() {
    let app = spawn_app().await;
    let (house, moving) = (app.restaurant().await, app.restaurant().await);
    let north = app.board("north").await;
    let (ngo, staying) = (app.ngo().await, app.ngo().await);
    app.store.join_board(ngo.id, north).await.unwrap();
    let mut kept = Display::on_board_called(&ngo.client, "north").await;
    let mut left = Display::on_board_called(&ngo.client, "default").await;
    let mut donor = Display::on_board(&moving.waiter, None).await;
    let mut kitchen = Display::join(&moving.kitchen).await;
    let mut other = Display::on_board(&staying.client, None).await;
    assert!(app.store.leave_board(ngo.id, BoardId::DEFAULT).await.unwrap());
    assert!(!app.store.leave_board(ngo.id, north).await.unwrap(), "everyone is on some board");
    assert!(app.store.move_to_board(moving.id, north).await.unwrap());
    for gone in [&mut left, &mut donor] {
        assert_eq!(gone.close_code().await, Some(4003), "comes back, and is where the database says");
    }
    let made = id(&house.donate("Pan").await);
    assert_eq!(other.expect("donation.created").await["id"], made.as_str());
    moving.donate("Flan").await;
    assert_eq!(kept.expect("donation.created").await["name"], "Flan", "who stays is not disturbed");
    moving.open_table().await;
    kitchen.expect("table.session.opened").await;
    ngo.claim(&made).await.expect_error(404, "NOT_FOUND");
    ngo.client.get("/api/v1/donations?board=default").await.expect_error(403, "FORBIDDEN");
}

/// What raced: a dismissed volunteer went on claiming with an open socket. Nobody else of the NGO is disturbed.
#[actix_web::test]
async fn who_is_removed_from_an_ngo_is_out_within_five_seconds() {
    let app = spawn_app().await;
    keeps(OUT_WITHIN, async || {
        let (house, ngo, other) = (app.restaurant().await, app.ngo().await, app.ngo().await);
        let donation = donated(&house, "Pan").await;
        let mut gone = Display::on_board(&ngo.client, None).await;
        let mut stays = Display::on_board(&other.client, None).await;
        assert!(!app.store.remove_user(other.id, &ngo.email).await.unwrap(), "another NGO's user");
        assert!(app.store.remove_user(ngo.id, &ngo.email).await.unwrap());
        let begun = Instant::now();
        assert_eq!(gone.close_code().await, Some(4502));
        let took = begun.elapsed();
        ngo.claim(&donation).await.expect_error(401, "INVALID_TOKEN");
        assert!(!app.store.remove_user(ngo.id, &ngo.email).await.unwrap(), "gone already");
        let noted = "SELECT count(*) FROM people_log
            WHERE restaurant_id = $1 AND action = 'user.removed' AND actor_id = '00000000-0000-0000-0000-000000000000'";
        let noted = app.database.admin().await.query_one(noted, &[&ngo.id.0]).await.unwrap();
        assert_eq!(noted.get::<_, i64>(0), 1, "who did what to whom is noted, also where it was an operator");
        other.claim(&donation).await.expect(200);
        stays.expect("donation.claimed").await;
        took
    })
    .await;
}

/// What was wrong: food on the board that it left was nobody's to cancel, and NGOs drove for nothing.
#[actix_web::test]
async fn a_restaurant_that_moved_still_has_a_say_in_what_it_gave() {
    let app = spawn_app().await;
    let (house, stranger) = (app.restaurant().await, app.restaurant().await);
    let (ngo, north) = (app.ngo().await, app.board("north").await);
    let (gone, claimed) = (donated(&house, "Pan").await, donated(&house, "Flan").await);
    ngo.claim(&claimed).await.expect(200);
    let mut donor = Display::on_board(&house.waiter, None).await;
    for restaurant in [house.id, stranger.id] {
        assert!(app.store.move_to_board(restaurant, north).await.unwrap());
    }
    assert_eq!(donor.close_code().await, Some(4003), "from here on it is on the other board");
    assert_eq!(house.waiter.get("/api/v1/donations").await.expect(200), json!([]));
    let mut board = Display::on_board(&ngo.client, None).await;
    let at = |donation: &str| format!("/api/v1/donations/{donation}");
    assert_eq!(house.waiter.get(&at(&gone)).await.expect(200)["status"], "AVAILABLE");
    assert_eq!(set(&house.waiter, &gone, "CANCELLED").await.expect(200)["status"], "CANCELLED");
    assert_eq!(set(&house.manager, &claimed, "AVAILABLE").await.expect(200)["status"], "AVAILABLE");
    for (donation, status) in [(&gone, "CANCELLED"), (&claimed, "AVAILABLE")] {
        let told = board.expect("donation.status.updated").await;
        assert_eq!((&told["donationId"], &told["status"]), (&json!(donation), &json!(status)));
    }
    // Its own alone, and by id alone: what others give there it neither sees nor changes.
    stranger.waiter.get(&at(&claimed)).await.expect_error(404, "NOT_FOUND");
    set(&stranger.manager, &claimed, "CANCELLED").await.expect_error(404, "NOT_FOUND");
    let here = donated(&house, "Tarta").await;
    set(&house.waiter, &here, "CANCELLED").await.expect(200);
}

/// What was wrong: they stayed CLAIMED for ever, by an NGO that could not see them.
#[actix_web::test]
async fn what_an_ngo_had_claimed_on_a_board_it_leaves_is_for_others() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let (ngo, other, north) = (app.ngo().await, app.ngo().await, app.board("north").await);
    app.store.join_board(ngo.id, north).await.unwrap();
    let mut claimed = Vec::new();
    for name in ["Uno", "Dos", "Tres", "Cuatro"] {
        claimed.push(donated(&house, name).await);
    }
    let (fetched, others) = (claimed.pop().unwrap(), claimed.pop().unwrap());
    for donation in claimed.iter().chain([&fetched]) {
        ngo.claim(donation).await.expect(200);
    }
    set(&ngo.client, &fetched, "PICKED_UP").await.expect(200);
    other.claim(&others).await.expect(200);
    let mut board = Display::on_board(&other.client, None).await;
    assert!(app.store.leave_board(ngo.id, BoardId::DEFAULT).await.unwrap());
    assert_eq!(app.store.release_claims(ngo.id, BoardId::DEFAULT).await.unwrap(), 2);
    for donation in &claimed {
        let told = board.expect("donation.status.updated").await;
        assert_eq!(
            (&told["donationId"], &told["status"], &told["updatedBy"]),
            (&json!(donation), &json!("AVAILABLE"), &json!(ngo.user.to_string()))
        );
    }
    for donation in &claimed {
        other.claim(donation).await.expect(200);
        board.expect("donation.claimed").await;
    }
    assert_eq!(app.store.release_claims(ngo.id, BoardId::DEFAULT).await.unwrap(), 0);
    for (donation, status) in [(&fetched, "PICKED_UP"), (&others, "CLAIMED")] {
        let path = format!("/api/v1/donations/{donation}");
        assert_eq!(other.client.get(&path).await.expect(200)["status"], status);
    }
}

fn claims(token: &str) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

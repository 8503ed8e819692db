//! Tokens nobody issued, over the wire (guarantee S7): 401 from REST, a close on a socket. The control beside them passes.

#[path = "../../src/auth/forged/vectors/mod.rs"]
mod vectors;

use crate::support::{Client, Display, TestApp, house, spawn_app_with};
use comanda::{
    domain::{
        ids::{RestaurantId, UserId},
        money::Currency,
        principal::Role,
        text::Name,
    },
    store::{seed::NewRestaurant, users::NewUser},
};
use reqwest::{Method, header::HeaderValue};
use serde_json::json;
use vectors::{HEAD, RESTAURANT, SECRET, USER, body, good};

const ME: &str = "/api/v1/auth/me";
/// Of the longest that fits into a frame of the socket and into a head.
const LONGEST: usize = 60_000;

/// The one whom the vectors name, so that they are refused for what is wrong with them.
async fn the_named_one(app: &TestApp) {
    let (user, restaurant) = (UserId(USER.parse().unwrap()), RestaurantId(RESTAURANT.parse().unwrap()));
    let named = NewUser {
        user,
        restaurant,
        email: "ana@named.example".into(),
        name: "Ana".into(),
        role: Role::Waiter,
        password_hash: house::hash().await.to_owned(),
    };
    let restaurant = NewRestaurant {
        id: restaurant,
        name: Name::parse("Named").unwrap(),
        currency: Currency::from_code("EUR").unwrap(),
        tables: Vec::new(),
        menu: Vec::new(),
        stations: Vec::new(),
        customers: Vec::new(),
        users: vec![named],
    };
    app.store.create_restaurants(&[restaurant], None).await.unwrap();
}

/// As the head of a request: not what no head can hold, nor what a reader of heads takes the spaces off.
fn in_a_head(token: &str) -> bool {
    let legal = HeaderValue::from_str(&format!("Bearer {token}")).is_ok();
    legal && token.trim() == token && token.len() <= LONGEST
}

#[actix_web::test]
async fn over_the_wire_every_forged_token_is_refused() {
    let app = spawn_app_with(&[("JWT_SECRET", SECRET)]).await;
    the_named_one(&app).await;
    let anyone = Client::anonymous(app.address);
    let control = anyone.with_token(good(HEAD, &body(json!({}))));
    assert_eq!(control.get(ME).await.expect(200)["id"], USER);
    Display::anonymous(app.address).await.authenticate(&control, None).await;

    let (mut by_rest, mut by_socket, mut too_long) = (0, 0, 0);
    for (what, token) in vectors::all() {
        let forger = anyone.with_token(token.clone());
        if in_a_head(&token) {
            let answer = forger.get(ME).await;
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
            by_rest += 1;
        } else if token.len() <= LONGEST {
            let mut display = Display::anonymous(app.address).await;
            display.send("auth", json!({ "token": token })).await;
            let code = display.close_code().await;
            assert!(matches!(code, Some(4003 | 4500)), "{what}: {code:?}");
            by_socket += 1;
        } else {
            // Refused before it is looked at, or the connection ends while it is still being sent.
            let answer = forger.unheard().try_send(Method::GET, ME, None).await;
            assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status >= 400), "{what}");
            too_long += 1;
        }
    }
    eprintln!("refused: {by_rest} by REST, {by_socket} by socket, {too_long} for their length");
    assert!(by_rest >= 200 && by_socket > 0 && too_long > 0, "{by_rest} {by_socket} {too_long}");
    control.get(ME).await.expect(200);
}

//! Many NGOs at once: of those who want the same donation one gets it.

use super::donated;
use crate::{
    display::Display,
    support::{Answer, Ngo, spawn_patient_app},
};
use comanda::domain::ids::BoardId;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// For a thousand claims by debug code on two busy cores.
const ALL_WITHIN: Duration = Duration::from_secs(5 * 60);

/// As a client does that is told to come back, or hears nothing on a busy machine: it asks again, which changes nothing.
async fn claims(ngo: &Ngo, donation: &str) -> Answer {
    let path = format!("/api/v1/donations/{donation}/claim");
    loop {
        match ngo.client.try_send(Method::POST, &path, None).await {
            Ok(answer) if answer.status != 503 => return answer,
            // As `Retry-After` says; a thousand who come back sooner are answered nothing else.
            Ok(_) | Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
}

/// A thousand NGOs, a claim each: one is first, the others are told that it is gone, and the board hears of it once.
#[actix_web::test]
async fn of_a_thousand_claims_at_once_one_wins() {
    let app = spawn_patient_app(&[("COMANDA__REGISTRY__LANE_QUEUE", "1000")]).await;
    let house = app.restaurant().await;
    let ngos = app.ngos(1_000, BoardId::DEFAULT).await;
    let mut board = Display::on_board(&house.waiter, None).await;
    let donation = donated(&house, "Paella").await;
    let claims = timeout(ALL_WITHIN, join_all(ngos.iter().map(|ngo| claims(ngo, &donation))));
    let (answers, mut heard) = board.hears_while(claims).await;
    let answers = answers.expect("an answer for everybody");

    while heard.len() < 2 {
        heard.push(board.event().await);
    }
    board.expect_nothing().await;
    let names: Vec<&Value> = heard.iter().map(|event| &event["event"]).collect();
    assert_eq!(names, ["donation.created", "donation.claimed"]);
    let claimed = &heard[1]["data"];
    let mut winners = Vec::new();
    for (ngo, answer) in ngos.iter().zip(answers) {
        if answer.status == 200 {
            let body = answer.expect(200);
            assert_eq!((&body["claimedById"], &body["version"]), (&claimed["claimedBy"], &2.into()));
            winners.push(ngo.user.to_string());
        } else {
            let error = answer.expect_error(409, "DONATION_UNAVAILABLE");
            assert_eq!(error["message"], "Donation is not available for claiming");
        }
    }
    assert_eq!(winners, [claimed["claimedBy"].as_str().unwrap()]);
}

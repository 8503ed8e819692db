//! Many NGOs at once: of those who want the same donation one gets it.

use super::donated;
use crate::{
    display::Display,
    support::{Answer, Ngo, spawn_patient_app},
};
use comanda::domain::ids::BoardId;
use futures_util::future::join_all;
use reqwest::Method;
use std::time::Duration;

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
    let answers = join_all(ngos.iter().map(|ngo| claims(ngo, &donation))).await;

    board.expect("donation.created").await;
    let claimed = board.expect("donation.claimed").await;
    board.expect_nothing().await;
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

//! What the time of a refused login tells a stranger (guarantee S11): nothing of who is known here, and how.

use crate::support::{Client, spawn_patient_app};
use comanda::domain::principal::Role;
use serde_json::json;
use std::time::{Duration, Instant};

/// By another system, and dearer than a hash of ours: without more work all others would be told from it.
const FOREIGN: &str = "$2b$11$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6";
/// The slowest median to the fastest, at most.
const ALIKE: f64 = 1.4;
/// Logins of each kind between two looks. What a busy machine adds evens out with more of them; what is told does not.
const ROUNDS: usize = 10;
const AT_MOST: usize = 10 * ROUNDS;

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

#[actix_web::test]
async fn who_fails_to_log_in_learns_nothing_from_the_time() {
    let often = "100000";
    let app = spawn_patient_app(&[
        ("COMANDA__AUTH__FAILURES_PER_ACCOUNT", often),
        ("COMANDA__AUTH__FAILURES_PER_ADDRESS", often),
    ])
    .await;
    let house = app.restaurant().await;
    let moved_in = house.email(Role::Cashier);
    let moving = "UPDATE users SET password_hash = $1 WHERE email = $2";
    let moved = app.database.admin().await.execute(moving, &[&FOREIGN, &moved_in]).await.unwrap();
    assert_eq!(moved, 1);
    let kinds = [
        ("of ours", house.email(Role::Waiter)),
        ("moved in", moved_in),
        ("unknown", "nobody@nowhere.example".to_owned()),
        ("no address", "nobody".to_owned()),
    ];
    let anyone = Client::anonymous(app.address);
    let mut times = kinds.each_ref().map(|_| Vec::new());
    loop {
        for _ in 0..ROUNDS {
            for ((_, email), times) in kinds.iter().zip(&mut times) {
                let body = json!({ "email": email, "password": "not the password" });
                let start = Instant::now();
                let answer = anyone.post("/api/v1/auth/login", body).await;
                times.push(start.elapsed());
                answer.expect_error(401, "INVALID_CREDENTIALS");
            }
        }
        let medians = times.each_ref().map(|times| median(times));
        let (fastest, slowest) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        let ratio = slowest.as_secs_f64() / fastest.as_secs_f64();
        let told: Vec<_> = kinds.iter().map(|(kind, _)| kind).zip(&medians).collect();
        eprintln!("medians of {}: {told:?}, {ratio:.2}", times[0].len());
        if ratio <= ALIKE {
            return;
        }
        assert!(times[0].len() < AT_MOST, "the time tells who it is: {told:?}");
    }
}

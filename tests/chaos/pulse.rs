//! A guest who comes and goes: how long a restaurant's display takes to tell, before and while something else is broken.

use crate::{client::Client, display::Display, trial::Trial, world::House};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// Which table: writers sit at the first ones.
const TABLE: usize = 9;
/// The 99th of a hundred may be so much slower than before, or half as slow again.
const SLOWER: Duration = Duration::from_millis(5);

/// In a restaurant where nobody else writes.
pub struct Pulse {
    waiter: Client,
    display: Display,
    table: String,
}

impl Pulse {
    pub async fn of(house: &House) -> Self {
        let tables = house.waiter.get("/api/v1/tables?limit=100").await.expect(200);
        let table = tables[TABLE]["id"].as_str().expect("a table").to_owned();
        Self { waiter: house.waiter.clone(), display: Display::join(&house.kitchen).await, table }
    }

    /// From the request to its event on the display, so many times; the 99th of a hundred.
    pub async fn beats(&mut self, count: usize) -> Duration {
        let mut times = Vec::new();
        for _ in 0..count {
            let begun = Instant::now();
            let open = self.waiter.post("/api/v1/table-sessions", json!({ "tableId": self.table }));
            let (session, _) = tokio::join!(open, self.display.expect("table.session.opened"));
            times.push(begun.elapsed());
            let session = session.expect(201);
            let close = format!("/api/v1/table-sessions/{}/close", session["id"].as_str().expect("an id"));
            tokio::join!(self.waiter.press(&close), self.display.event()).0.expect(200);
        }
        p99(times)
    }
}

pub fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

/// What the healthy notice of others' trouble: 1.5 times, or 5 ms.
pub fn compare(trial: &Trial, calm: Duration, troubled: Duration) {
    trial.within("p99 of the healthy", troubled, calm.mul_f64(1.5).max(calm + SLOWER));
}

//! S1, its first half: a board shows nothing of another restaurant, although the query behind it has forgotten its WHERE.

use crate::{
    boards,
    scenario::{Control, Scenario},
    trial::Trial,
    world::{Way, World},
    writers::{Crew, Load},
};
use futures_util::FutureExt;
use std::time::Duration;

pub const SCENARIO: Scenario = Scenario {
    id: "S1",
    property: "tenants: boards, in a build that forgets one WHERE",
    target: "0 foreign orders (row-level security)",
    bouts: 10,
    controls: &[Control { flaw: WITHOUT_POLICIES, says: "foreign" }],
    run: |trial| bout(trial).boxed_local(),
};

/// Nothing but the query keeps restaurants apart then.
const WITHOUT_POLICIES: &str = "without-policies";

async fn bout(trial: Trial) {
    let world = World::open(&trial, Way::Straight, &[("COMANDA_FLAW", "forgotten-where")]).await;
    if trial.has(WITHOUT_POLICIES) {
        let sql = world.sql().await;
        sql.batch_execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY").await.unwrap();
    }
    let load =
        Load { writers: 4, orders: trial.of(10_000, 20), counter: 80, pause: Duration::ZERO, promise: None };
    Crew::start(&trial, &world.houses, load).await.finish().await;
    boards::check(&trial, &world).await;
    world.close().await;
}

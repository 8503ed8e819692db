//! A foreign hand in the database: rows held locked, so that a lane stands still until the test lets it go.

use super::{House, TestApp};
use std::time::Duration;
use tokio_postgres::Client;

/// Between two looks at who waits.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Longest wait for that.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open transaction of the role that owns the tables.
pub struct Hold {
    client: Client,
    watcher: Client,
}

impl Hold {
    /// Holds the stream of this restaurant: its lane's next transaction waits.
    pub async fn stream(app: &TestApp, house: &House) -> Self {
        let id = house.id;
        Self::of(app, &format!("SELECT FROM streams WHERE id = '{id}' FOR UPDATE")).await
    }

    /// Holds what this statement touches.
    pub async fn of(app: &TestApp, sql: &str) -> Self {
        let (client, watcher) = (app.database.admin().await, app.database.admin().await);
        client.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
        Self { client, watcher }
    }

    /// Returns once a transaction of the server waits for a lock.
    pub async fn is_waited_for(&self) {
        self.until(|waiting| waiting > 0).await;
    }

    /// The same of so many.
    pub async fn is_waited_for_by(&self, many: i64) {
        self.until(|waiting| waiting >= many).await;
    }

    /// Returns once none does.
    pub async fn is_left_alone(&self) {
        self.until(|waiting| waiting == 0).await;
    }

    async fn until(&self, enough: impl Fn(i64) -> bool) {
        let waits = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let wait = async {
            while !enough(self.watcher.query_one(waits, &[]).await.unwrap().get(0)) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("what is waited for");
    }

    /// Lets go, and keeps what was written.
    pub async fn release(self) {
        self.client.batch_execute("COMMIT").await.unwrap();
    }
}

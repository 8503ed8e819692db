//! The server under test: the real application, in this process, on a free port.

use super::{House, database::TestDatabase};
use comanda::{
    app::{Application, Failure},
    config,
    store::Store,
};
use std::{collections::BTreeMap, net::SocketAddr, path::Path};
use tokio::sync::oneshot;

/// 32 bytes and more.
pub const SECRET: &str = "a secret that only the tests of comanda know";

/// A running server and its database. Stopped when dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub database: TestDatabase,
    pub store: Store,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
}

pub async fn spawn_app() -> TestApp {
    spawn_app_with(&[]).await
}

/// With settings, by their names in the environment.
pub async fn spawn_app_with(settings: &[(&str, &str)]) -> TestApp {
    start(TestDatabase::create().await, settings).await
}

/// What the application is built from, without a test's answer to whether it may be.
pub async fn build(url: &str, more: &[(&str, &str)]) -> Result<Application, Failure> {
    let mut environment: BTreeMap<String, String> = [
        ("DATABASE_URL", url),
        ("COMANDA__DATABASE__ALLOW_ASYNC_COMMIT", "true"),
        ("COMANDA__DATABASE__POOL_SIZE", "8"),
        ("COMANDA__SERVER__WORKERS", "2"),
        ("JWT_SECRET", SECRET),
        ("HOST", "127.0.0.1"),
        ("PORT", "0"),
        ("PUBLIC_URL", "http://127.0.0.1:3000"),
        ("FRONTEND_URL", "http://front.example"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    // With a DATABASE_URL nothing is kept in the data folder.
    let nowhere = Path::new("/nowhere");
    let settings = config::load(nowhere, &environment, config::Purpose::Serve).expect("settings");
    Application::build(settings, false).await
}

async fn start(database: TestDatabase, more: &[(&str, &str)]) -> TestApp {
    let application = build(&database.url(), more).await.expect("an application");
    let (address, store) = (application.address(), application.store().clone());
    let (stop, stopped) = oneshot::channel();
    let done = actix_web::rt::spawn(async move {
        let until = async { drop(stopped.await) };
        application.run(until).await.expect("a clean stop");
    });
    TestApp { address, database, store, stop: Some(stop), done }
}

impl TestApp {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A new restaurant with a user of every role and twelve tables.
    pub async fn restaurant(&self) -> House {
        House::create(self).await
    }

    /// Stops as SIGTERM does, and waits for the end.
    pub async fn stop(mut self) -> TestDatabase {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.done).await.expect("the server ends");
        self.database
    }

    /// Another server on the same database.
    pub async fn start_again(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        start(database, settings).await
    }
}

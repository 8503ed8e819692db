//! The server under test: the real application, in this process, on a free port.

use super::{House, contract, database::TestDatabase};
use crate::client::Client;
use comanda::{
    actors::directory::RoomDirectory,
    app::{Application, Failure},
    config::{self, units::Span},
    store::Store,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// 32 bytes and more.
pub const SECRET: &str = "a secret that only the tests of comanda know";

/// Where the entities that a test declares come from.
const DECLARED: &str = "the test's entities";

/// Longest wait for a number.
const PATIENCE: Duration = Duration::from_secs(60);
/// For whatever a test holds up on purpose.
const HELD: Duration = Duration::from_secs(20);

/// A running server and its database. Stopped when dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub database: TestDatabase,
    pub store: Store,
    #[cfg_attr(not(feature = "faults"), expect(dead_code, reason = "only the tests of panics ask for it"))]
    pub rooms: RoomDirectory,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
}

pub async fn spawn_app() -> TestApp {
    spawn_app_with(&[]).await
}

/// With settings, by their names in the environment.
pub async fn spawn_app_with(settings: &[(&str, &str)]) -> TestApp {
    start(TestDatabase::create().await, settings, false).await
}

/// Waits for held rows as long as a test holds them, however busy the machine; what waits is answered late and not
/// refused, unless the test sets `http.answer_within`. Such settings are none that `config` allows.
pub async fn spawn_patient_app(settings: &[(&str, &str)]) -> TestApp {
    TestApp::start_patient(TestDatabase::create().await, settings).await
}

/// The same, with these entities.
pub async fn spawn_patient_app_declaring(entities: &str) -> TestApp {
    TestApp::start_patient_declaring(TestDatabase::create().await, entities, &[]).await
}

/// With these entities, as `config/entities.toml` would have them.
pub async fn spawn_app_declaring(entities: &str) -> TestApp {
    let database = TestDatabase::create().await;
    let application = build_declaring(&database, entities).await.expect("an application");
    run(database, application)
}

/// The same with settings.
pub async fn spawn_app_declaring_with(entities: &str, settings: &[(&str, &str)]) -> TestApp {
    let database = TestDatabase::create().await;
    let mut settings = settings_of(&database.url(), settings, config::Purpose::Serve);
    settings.entities = config::entities::parse(entities, "the test's entities").expect("a declaration");
    run(database, Application::build(settings, false).await.expect("an application"))
}

/// The same as the first, without a test's answer to whether what is stored allows it.
pub async fn build_declaring(database: &TestDatabase, entities: &str) -> Result<Application, Failure> {
    let mut settings = settings_of(&database.url(), &[], config::Purpose::Serve);
    settings.entities = config::entities::parse(entities, DECLARED).expect("a declaration");
    Application::build(settings, false).await
}

/// With the demo's restaurants, and what only the demo allows.
pub async fn spawn_demo() -> TestApp {
    start(TestDatabase::create().await, &[], true).await
}

/// What the application is built from, without a test's answer to whether it may be.
pub async fn build(url: &str, more: &[(&str, &str)], demo: bool) -> Result<Application, Failure> {
    let purpose = if demo { config::Purpose::Demo { on_network: false } } else { config::Purpose::Serve };
    Application::build(settings_of(url, more, purpose), demo).await
}

fn settings_of(url: &str, more: &[(&str, &str)], purpose: config::Purpose) -> config::Settings {
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
    config::load(Path::new("/nowhere"), &environment, purpose).expect("settings")
}

fn patient(database: &TestDatabase, settings: &[(&str, &str)]) -> config::Settings {
    let mut patient = settings_of(&database.url(), settings, config::Purpose::Serve);
    let (held, pool, lanes) = (Span(HELD), &mut patient.database, &mut patient.registry);
    (pool.wait_within, pool.statement_within, pool.lock_within) = (held, held, held);
    (lanes.wait_within, lanes.transaction_within) = (held, held);
    if !settings.iter().any(|(name, _)| *name == "COMANDA__HTTP__ANSWER_WITHIN") {
        patient.http.answer_within = held;
    }
    patient
}

async fn start(database: TestDatabase, more: &[(&str, &str)], demo: bool) -> TestApp {
    let application = build(&database.url(), more, demo).await.expect("an application");
    run(database, application)
}

fn run(database: TestDatabase, application: Application) -> TestApp {
    let (address, store) = (application.address(), application.store().clone());
    contract::watch();
    // Its documents depend on its declared entities, on fields of people, and on where logins are answered.
    let settings = application.settings();
    let usual = settings.entities.origin != DECLARED
        && settings.auth.additional_fields.is_empty()
        && settings.auth.namespaces == ["/", "/api"];
    contract::begins(address, !usual);
    let rooms = application.rooms().clone();
    let (stop, stopped) = oneshot::channel();
    let done = actix_web::rt::spawn(async move {
        let until = async { drop(stopped.await) };
        application.run(until).await.expect("a clean stop");
    });
    TestApp { address, database, store, rooms, stop: Some(stop), done }
}

impl TestApp {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A new restaurant with a user of every role and twelve tables.
    pub async fn restaurant(&self) -> House {
        House::create(self).await
    }

    /// A number of `/metrics`, by its name and labels.
    pub async fn metric(&self, series: &str) -> f64 {
        let page = Client::anonymous(self.address).get("/metrics").await.text;
        let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {series} in {page}")).parse().unwrap()
    }

    /// Waits until a number of `/metrics` is this one.
    pub async fn shows(&self, series: &str, expected: f64) {
        let start = Instant::now();
        loop {
            let found = self.metric(series).await;
            if found == expected {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{series} is {found}, not {expected}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops as SIGTERM does, and waits for the end.
    pub async fn stop(mut self) -> TestDatabase {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.done).await.expect("the server ends");
        self.database
    }

    /// See [`spawn_patient_app`]; on a database that is there.
    pub async fn start_patient(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let patient = patient(&database, settings);
        run(database, Application::build(patient, false).await.expect("an application"))
    }

    /// The same with these entities.
    pub async fn start_patient_declaring(
        database: TestDatabase,
        entities: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let mut patient = patient(&database, settings);
        patient.entities = config::entities::parse(entities, DECLARED).expect("a declaration");
        run(database, Application::build(patient, false).await.expect("an application"))
    }

    /// Another server on the same database, with these entities.
    pub async fn start_again_declaring(database: TestDatabase, entities: &str) -> Self {
        let application = build_declaring(&database, entities).await.expect("an application");
        run(database, application)
    }

    /// Another server on the same database.
    pub async fn start_again(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        start(database, settings, false).await
    }
}

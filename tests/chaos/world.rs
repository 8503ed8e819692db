//! What a bout works on: a fresh copy of the demo's database, a server on it that can be killed, people who have logged in.

use crate::{
    client::Client,
    postgres,
    proxy::{self, Proxy},
    server::{Folder, Server},
    trial::Trial,
};
use std::{
    fs::File,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The demo's two restaurants: name, and the domain of its people.
pub const HOUSES: [(&str, &str); 2] = [("Restaurante", "restaurante.com"), ("Trattoria", "trattoria.com")];

/// For a login, and between two attempts.
const LOGIN_WITHIN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(200);

/// How the server reaches its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Straight,
    /// Through [`World::link`].
    Proxied,
}

/// The people of one restaurant.
#[derive(Clone)]
pub struct House {
    /// Which of [`HOUSES`].
    pub index: usize,
    pub waiter: Client,
    pub kitchen: Client,
}

pub struct World {
    trial: Trial,
    pub database: String,
    /// Between the server and PostgreSQL, where it is [`Way::Proxied`].
    pub link: Proxy,
    /// The server's, over all its lives.
    pub address: SocketAddr,
    pub houses: Vec<House>,
    settings: Vec<(String, String)>,
    server: Mutex<Option<Server>>,
    folder: Folder,
    /// Keeps the port ours while no server lives.
    _port: socket2::Socket,
}

impl World {
    /// With these settings of the server, by their names in the environment.
    pub async fn open(trial: &Trial, way: Way, settings: &[(&str, &str)]) -> Self {
        Self::open_in(trial, way, settings, postgres::USUAL).await
    }

    /// The same with its tables in this tablespace.
    pub async fn open_in(trial: &Trial, way: Way, settings: &[(&str, &str)], tablespace: &str) -> Self {
        let cluster = trial.cluster();
        let database = cluster.database_in(tablespace).await;
        let link = Proxy::start(cluster.bridge().await);
        let url = match way {
            Way::Straight => cluster.url(&database).await,
            Way::Proxied => cluster.url_through(&database, link.address).await,
        };
        let usual = [("DATABASE_URL", url.as_str()), ("RUST_LOG", "warn")];
        let flaw = trial.flaw().map(|flaw| ("COMANDA_FLAW", flaw));
        let settings = usual.into_iter().chain(flaw).chain(settings.iter().copied());
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (port, address) = proxy::reserve().expect("a free port");
        let mut world = Self {
            trial: trial.clone(),
            database,
            link,
            address,
            houses: Vec::new(),
            settings,
            server: Mutex::new(None),
            folder: Folder::open(),
            _port: port,
        };
        world.start();
        for (index, (_, domain)) in HOUSES.into_iter().enumerate() {
            let (waiter, kitchen) = (
                world.login(&format!("waiter@{domain}")).await,
                world.login(&format!("kitchen@{domain}")).await,
            );
            world.houses.push(House { index, waiter, kitchen });
        }
        world
    }

    /// Starts the server; how long it took until it listened.
    pub fn start(&self) -> Duration {
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let log = File::options().create(true).append(true).open(self.trial.folder().join("server.log"));
        let (folder, port) = (self.folder.path(), self.address.port());
        let begun = Instant::now();
        let server = Server::start_logged(folder, port, &settings, log.expect("a log"));
        let took = begun.elapsed();
        *self.server() = Some(server);
        took
    }

    /// `kill -9`, as the fault that it is.
    pub fn kill(&self) {
        self.trial.fault("kill -9");
        self.server().take().expect("a running server").kill();
    }

    /// SIGTERM, as the fault that it is; its exit code, and how long it took to end.
    pub async fn terminate(&self) -> (Option<i32>, Duration) {
        self.trial.fault("SIGTERM");
        let server = self.server().take().expect("a running server");
        tokio::task::spawn_blocking(move || server.terminate()).await.expect("an end")
    }

    /// The running server's.
    pub fn pid(&self) -> u32 {
        self.server().as_ref().expect("a running server").pid()
    }

    pub async fn login(&self, email: &str) -> Client {
        let anonymous = Client::anonymous(self.address);
        let body = serde_json::json!({ "email": email, "password": "password123" });
        // A machine that is busy with something else hashes one password after another, and says so.
        let begun = Instant::now();
        let mut answer = anonymous.post("/api/v1/auth/login", body.clone()).await;
        while answer.status == 503 && begun.elapsed() < LOGIN_WITHIN {
            tokio::time::sleep(AGAIN).await;
            answer = anonymous.post("/api/v1/auth/login", body.clone()).await;
        }
        let answer = answer.expect(200);
        anonymous.with_token(answer["accessToken"].as_str().expect("a token"))
    }

    /// Where the log of each house ends.
    pub async fn heads(&self) -> Vec<u64> {
        let (sql, mut heads) = (self.sql().await, Vec::new());
        for (name, _) in HOUSES {
            let head = "SELECT seq FROM streams JOIN restaurants USING (id) WHERE name = $1";
            heads.push(
                sql.query_one(head, &[&name]).await.expect("a stream").get::<_, i64>(0).cast_unsigned(),
            );
        }
        heads
    }

    /// The database, as the superuser.
    pub async fn sql(&self) -> tokio_postgres::Client {
        self.trial.cluster().sql(&self.database).await
    }

    /// Ends the server, and throws the database away.
    pub async fn close(self) {
        drop(self.server().take());
        self.trial.cluster().forget(&self.database).await;
    }

    fn server(&self) -> std::sync::MutexGuard<'_, Option<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The pool: every connection works as the application role, under timeouts, on a database that keeps what it is given.

use super::{
    StoreError,
    connect::{self, Canceller, Unreachable},
    error::explain,
    tx::{Connection, Mode, Tx},
};
use crate::{config::sections::Database, domain::stream::Stream};
use deadpool_postgres::{Hook, HookError, Pool, Runtime};
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio_postgres::Config;

/// For the tasks that drive the connections to say goodbye; a database that stops before is a broken connection in the log.
const FAREWELL: Duration = Duration::from_millis(20);

/// For a connection's sign of life before it is handed on: a dead one must not use up the patience of a command.
const RECYCLE_WITHIN: Duration = Duration::from_millis(500);

/// The database, as the application sees it. A cheap handle.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    canceller: Canceller,
}

/// Why the server does not start on this database. Each is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("{name} is not a PostgreSQL connection string: {reason}")]
    BadUrl { name: &'static str, reason: String },
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error("the database runs with {0} off and may lose what it confirmed; turn {0} on in postgresql.conf")]
    NotDurable(&'static str),
    #[error(
        "the server would work as role {role}, which {fault}; give DATABASE_APP_URL a role that does not"
    )]
    BadRole { role: String, fault: &'static str },
}

/// Connection strings of a database: who migrates, and who works.
#[derive(Clone)]
pub struct DatabaseUrls {
    pub admin: Config,
    /// Absent: the admin's connections work as `comanda_app` by SET ROLE.
    pub app: Option<Config>,
}

impl DatabaseUrls {
    /// Reads the settings' URLs; `private` stands in where `database.url` is absent.
    pub fn new(settings: &Database, private: Option<Config>) -> Result<Self, ConnectError> {
        let bad = |name, reason: String| ConnectError::BadUrl { name, reason };
        let parse = |name, url: &secrecy::SecretString| {
            url.expose_secret().parse::<Config>().map_err(|e| bad(name, explain(&e)))
        };
        let admin = match (&settings.url, private) {
            (Some(url), _) => parse("DATABASE_URL", url)?,
            (None, Some(private)) => private,
            (None, None) => return Err(bad("DATABASE_URL", "there is none".into())),
        };
        let app = settings.app_url.as_ref().map(|url| parse("DATABASE_APP_URL", url)).transpose()?;
        Ok(Self { admin, app })
    }
}

impl Store {
    /// Builds the pool and refuses a database that would lose data or a role that would see every tenant.
    pub async fn connect(settings: &Database, urls: &DatabaseUrls) -> Result<Self, ConnectError> {
        let set_role = urls.app.is_none();
        let mut config = urls.app.clone().unwrap_or_else(|| urls.admin.clone());
        config.connect_timeout(*settings.connect_within);
        let (manager, canceller) = connect::manager(config.clone())?;
        // SET, not options in the URL: a pooler in between passes these on.
        let setup = format!(
            "{}SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; SET TIME ZONE 'UTC'",
            if set_role { "SET ROLE comanda_app; " } else { "" },
            settings.statement_within.as_millis(),
            settings.lock_within.as_millis(),
            settings.statement_within.as_millis() * 2,
        );
        let pool = Pool::builder(manager)
            .max_size(settings.pool_size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(*settings.wait_within))
            .create_timeout(Some(*settings.connect_within))
            .recycle_timeout(Some(RECYCLE_WITHIN))
            .post_create(Hook::async_fn(move |client, _| {
                let setup = setup.clone();
                Box::pin(async move { client.batch_execute(&setup).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|e| Unreachable::new(&config, e.to_string()))?;
        let store = Self { pool, canceller };
        store.refuse_unsafe(settings, &config).await?;
        Ok(store)
    }

    async fn refuse_unsafe(&self, settings: &Database, config: &Config) -> Result<(), ConnectError> {
        let unreachable = |e: StoreError| Unreachable::new(config, e.to_string());
        let tx = self.begin(Mode::Write, None).await.map_err(unreachable)?;
        let row = tx.query_opt(super::sql!("log/safety"), &[]).await.map_err(unreachable)?;
        tx.commit().await.map_err(unreachable)?;
        let Some(row) = row else { return Ok(()) };
        for (column, name) in ["fsync", "full_page_writes", "synchronous_commit"].into_iter().enumerate() {
            let allowed = name == "synchronous_commit" && settings.allow_async_commit;
            if row.get::<_, &str>(column) == "off" && !allowed {
                return Err(ConnectError::NotDurable(name));
            }
        }
        let faults =
            ["is a superuser", "bypasses row-level security", "owns tables, itself or by membership"];
        for (column, fault) in faults.into_iter().enumerate() {
            if row.get::<_, bool>(4 + column) {
                return Err(ConnectError::BadRole { role: row.get(3), fault });
            }
        }
        Ok(())
    }

    /// A transaction for reading a restaurant, or a board, at one moment.
    pub async fn read(&self, whose: impl Into<Stream>) -> Result<Tx, StoreError> {
        self.begin(Mode::Snapshot, Some(whose.into())).await
    }

    /// A transaction for changing a restaurant, or a board.
    pub async fn write(&self, whose: impl Into<Stream>) -> Result<Tx, StoreError> {
        self.begin(Mode::Write, Some(whose.into())).await
    }

    /// A transaction of no tenant: every tenant table looks empty; for what has a policy of its own.
    pub async fn untenanted(&self) -> Result<Tx, StoreError> {
        self.begin(Mode::Write, None).await
    }

    async fn begin(&self, mode: Mode, whose: Option<Stream>) -> Result<Tx, StoreError> {
        Tx::begin(self.connection().await?, mode, whose).await
    }

    /// A connection out of the pool, checked.
    pub(super) async fn connection(&self) -> Result<Connection, StoreError> {
        Ok(Connection { object: self.pool.get().await?, canceller: self.canceller.clone() })
    }

    /// Connections in the pool, those of them that are free, and who waits for one.
    pub fn connections(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        (status.size, status.available, status.waiting)
    }

    /// Gives no more connections and takes leave on those that are free; what still runs ends with its transaction.
    pub async fn close(&self) {
        self.pool.close();
        tokio::time::sleep(FAREWELL).await;
    }

    /// True once [`close`](Self::close) was called.
    pub fn is_closed(&self) -> bool {
        self.pool.is_closed()
    }

    /// True where the database answers.
    pub async fn is_ready(&self) -> bool {
        match self.untenanted().await {
            Ok(tx) => tx.commit().await.is_ok(),
            Err(_) => false,
        }
    }
}

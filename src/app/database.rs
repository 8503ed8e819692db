//! Which database: the one that is configured, or a private PostgreSQL; migrated before anything else looks at it.

use super::Failure;
use crate::{
    config::Settings,
    store::{
        self, DatabaseUrls, Store,
        embedded::{EmbedError, EmbeddedPostgres},
    },
};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The database of this process; a cheap handle.
#[derive(Clone)]
pub struct Database {
    urls: DatabaseUrls,
    description: Arc<str>,
    /// Ours to revive and to stop; none once it was stopped.
    private: Arc<Mutex<Option<EmbeddedPostgres>>>,
}

impl Database {
    /// The database a server works on: starts the private one where none is configured.
    pub async fn open(settings: &Settings) -> Result<Self, Failure> {
        let private = match settings.database.url {
            Some(_) => None,
            None => Some(EmbeddedPostgres::start(&settings.server.data_dir).await.map_err(failure)?),
        };
        Self::of(settings, private)
    }

    /// The same for a command that may run beside a server: its private one is used and left running.
    pub async fn visit(settings: &Settings) -> Result<Self, Failure> {
        let private = match settings.database.url {
            Some(_) => None,
            None => Some(EmbeddedPostgres::share(&settings.server.data_dir).await.map_err(failure)?),
        };
        Self::of(settings, private)
    }

    fn of(settings: &Settings, private: Option<EmbeddedPostgres>) -> Result<Self, Failure> {
        let config = private.as_ref().map(EmbeddedPostgres::config);
        let urls = DatabaseUrls::new(&settings.database, config).map_err(failure)?;
        let description =
            private.as_ref().map_or_else(|| "the configured database".into(), EmbeddedPostgres::describe);
        Ok(Self { urls, description: description.into(), private: Arc::new(Mutex::new(private)) })
    }

    /// Brings the schema to this version; the names of the files applied.
    pub async fn migrate(&self) -> Result<Vec<String>, Failure> {
        store::migrate(&self.urls.admin).await.map_err(failure)
    }

    /// The pool of the application role.
    pub async fn connect(&self, settings: &Settings) -> Result<Store, Failure> {
        Store::connect(&settings.database, &self.urls).await.map_err(failure)
    }

    /// True where some restaurant exists, of whichever tenant; asked as the migrating role.
    pub async fn has_restaurants(&self) -> Result<bool, Failure> {
        store::admin::has_restaurants(&self.urls.admin).await.map_err(failure)
    }

    /// What it is, for people; never a password.
    pub fn describe(&self) -> &str {
        &self.description
    }

    /// Starts the private PostgreSQL again where it died under us; `true` where it had to be. A configured one is in
    /// other hands.
    pub async fn revive(&self) -> Result<bool, EmbedError> {
        match &mut *self.private.lock().await {
            Some(postgres) => postgres.revive().await,
            None => Ok(false),
        }
    }

    /// Stops the private PostgreSQL, if it is one. Nobody revives it afterwards.
    pub async fn stop(self) -> Result<(), Failure> {
        match self.private.lock().await.take() {
            Some(postgres) => postgres.stop().await.map_err(failure),
            None => Ok(()),
        }
    }
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

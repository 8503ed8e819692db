//! Which database: the one that is configured, or a private PostgreSQL; migrated before anything else looks at it.

use super::Failure;
use crate::{
    config::Settings,
    store::{self, DatabaseUrls, Store, embedded::EmbeddedPostgres},
};

/// The database of this process.
pub struct Database {
    urls: DatabaseUrls,
    /// Ours to stop.
    private: Option<EmbeddedPostgres>,
}

impl Database {
    /// Starts the private one where none is configured.
    pub async fn open(settings: &Settings) -> Result<Self, Failure> {
        let private = match settings.database.url {
            Some(_) => None,
            None => {
                let postgres = EmbeddedPostgres::start(&settings.server.data_dir).await.map_err(failure)?;
                tracing::info!("{}", postgres.describe());
                Some(postgres)
            }
        };
        let config = private.as_ref().map(EmbeddedPostgres::config);
        let urls = DatabaseUrls::new(&settings.database, config).map_err(failure)?;
        Ok(Self { urls, private })
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

    /// Notes that this database holds the demo.
    pub async fn mark_as_demo(&self) -> Result<(), Failure> {
        store::admin::set_instance_value(&self.urls.admin, "demo", "true").await.map_err(failure)
    }

    /// Stops the private PostgreSQL, if it is one.
    pub async fn stop(self) -> Result<(), Failure> {
        match self.private {
            Some(postgres) => postgres.stop().await.map_err(failure),
            None => Ok(()),
        }
    }
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

//! Which database: the one that is configured, or a private PostgreSQL; migrated before anything else looks at it.

use super::{Failure, daily_backup::Daily};
use crate::{
    config::{Mistake, Settings, sections},
    domain::{
        ids::{BoardId, RestaurantId},
        principal::PublicAccess,
    },
    store::{
        self, DatabaseUrls, Store,
        admin::{BoardWith, Kind, NgoWith},
        backup::{self, Folder, Manifest, Whole},
        declared::{Held, Who},
        embedded::EmbeddedPostgres,
    },
    telemetry::metrics::Metrics,
    vocabulary::resources::Catalog,
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// Between two looks whether the private PostgreSQL lives. Writing again within a second of its death
/// leaves no more; a look is one system call.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// After a start that failed: what keeps it down (a full disk) seldom ends at once.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// The database of this process.
pub struct Database {
    urls: DatabaseUrls,
    /// Ours to keep alive and to stop; empty once stopped.
    private: Option<Arc<Mutex<Option<EmbeddedPostgres>>>>,
    description: String,
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
        let urls = DatabaseUrls::new(&settings.database, config)
            .map_err(|error| Failure::mistake(error.to_string()))?;
        let description = private.as_ref().map(EmbeddedPostgres::describe);
        let description = description.unwrap_or_else(|| "the configured database".into());
        Ok(Self { urls, private: private.map(|private| Arc::new(Mutex::new(Some(private)))), description })
    }

    /// Starts the private PostgreSQL again whenever it dies, for as long as this is polled.
    pub fn keep_alive(&self) -> impl Future<Output = ()> + use<> {
        let private = self.private.clone();
        async move {
            let Some(private) = private else { return };
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                let revived = match private.lock().await.as_mut() {
                    Some(private) => private.revive().await,
                    None => return,
                };
                match revived {
                    Ok(false) => {}
                    Ok(true) => tracing::warn!("private database had died and was started again"),
                    Err(error) => {
                        tracing::error!(%error, "private database does not start again");
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                }
            }
        }
    }

    /// Makes the daily backups of a private database, for as long as this is polled.
    pub fn daily_backups(&self, settings: &Settings, metrics: Metrics) -> impl Future<Output = ()> + use<> {
        let daily = self.private.as_ref().zip(settings.backup.at).map(|(_, at)| Daily {
            database: self.urls.clone(),
            folder: Folder::of(&settings.server.data_dir),
            at,
            settings: settings.backup.clone(),
            metrics,
        });
        async move {
            if let Some(daily) = daily {
                daily.run().await;
            }
        }
    }

    /// Copies one moment of it into a file, beside whoever works on it.
    pub async fn back_up(&self, file: &Path) -> Result<Manifest, Failure> {
        Ok(backup::back_up(&self.urls.admin, file, 0).await?)
    }

    /// Puts a backup in its place, or leaves it as it is, also where it is `stopped`.
    pub async fn restore(
        &self,
        whole: Whole,
        replace: bool,
        stopped: impl Future<Output = ()>,
    ) -> Result<Manifest, Failure> {
        Ok(backup::restore(&self.urls.admin, whole, replace, stopped).await?)
    }

    /// Brings the schema to this version; the names of the files applied.
    pub async fn migrate(&self) -> Result<Vec<String>, Failure> {
        store::migrate(&self.urls.admin).await.map_err(failure)
    }

    /// For who only looks: a server of an older version may be at work here, so nothing is changed. A mistake where the
    /// schema is not this version's.
    pub async fn as_it_is(&self) -> Result<(), Failure> {
        match store::behind(&self.urls.admin).await.map_err(failure)? {
            0 => Ok(()),
            _ => Err(Failure::mistake(
                "the database is of an older version than this program; look with that one, or bring it up to date with comanda migrate",
            )),
        }
    }

    /// Holds the declared entities against what is stored; a declaration that does not fit is a mistake in its file.
    pub async fn hold(&self, catalog: &Catalog, origin: &str) -> Result<(), Failure> {
        self.held(catalog, origin, Who::Server).await
    }

    /// The same for a command that may run beside servers, which go by theirs: another declaration is a mistake.
    pub async fn join(&self, catalog: &Catalog, origin: &str) -> Result<(), Failure> {
        self.held(catalog, origin, Who::Visitor).await
    }

    async fn held(&self, catalog: &Catalog, origin: &str, who: Who) -> Result<(), Failure> {
        match store::declared::hold(&self.urls.admin, &catalog.all(), who).await.map_err(failure)? {
            Held::Fits { filled: 0 } => {}
            Held::Fits { filled } => {
                tracing::info!(documents = filled, "documents were given their new defaults")
            }
            Held::Refused(misfits) => return Err(Failure::mistake(format!("{origin}: {misfits}"))),
            Held::Differs(differs) => return Err(Failure::mistake(format!("{origin}: {differs}"))),
        }
        Ok(())
    }

    /// The pool of the application role.
    pub async fn connect(&self, settings: &Settings) -> Result<Store, Failure> {
        Store::connect(&settings.database, &self.urls).await.map_err(failure)
    }

    /// True where some restaurant exists, of whichever tenant; asked as the migrating role.
    pub async fn has_restaurants(&self) -> Result<bool, Failure> {
        store::admin::has_restaurants(&self.urls.admin).await.map_err(failure)
    }

    /// What the settings let the public do: the restaurant they name must be there, and be one.
    pub async fn public_access(&self, orders: &sections::Orders) -> Result<Option<PublicAccess>, Failure> {
        let Some(called) = &orders.public_orders else { return Ok(None) };
        match self.known_tenant(Kind::Restaurant, called).await? {
            Ok(restaurant) => Ok(Some(PublicAccess { restaurant, read: orders.public_orders_read })),
            Err(what) => {
                Err(Failure::mistake(Mistake::about("orders.public_orders", what, None).to_string()))
            }
        }
    }

    /// The one tenant of a kind with this id or name; otherwise what is wrong with that.
    pub async fn known_tenant(
        &self,
        kind: Kind,
        called: &str,
    ) -> Result<Result<RestaurantId, String>, Failure> {
        let found = self.tenant(kind, called).await?;
        Ok(found.and_then(|found| found.ok_or_else(|| format!("no {kind} is called \"{called}\""))))
    }

    /// The one tenant of a kind with this id or name, if there is one; `Err` says that there are several.
    pub async fn tenant(
        &self,
        kind: Kind,
        called: &str,
    ) -> Result<Result<Option<RestaurantId>, String>, Failure> {
        let found = store::admin::tenants_called(&self.urls.admin, kind, called).await.map_err(failure)?;
        Ok(match found[..] {
            [] => Ok(None),
            [tenant] => Ok(Some(tenant)),
            _ => Err(format!("several {kind}s are called \"{called}\"; give the id of one")),
        })
    }

    /// The board of this name.
    pub async fn board(&self, name: &str) -> Result<Option<BoardId>, Failure> {
        store::admin::board_called(&self.urls.admin, name).await.map_err(failure)
    }

    /// Whose user has this lower-case address.
    pub async fn tenant_of(&self, email: &str) -> Result<Option<RestaurantId>, Failure> {
        store::admin::tenant_of(&self.urls.admin, email).await.map_err(failure)
    }

    /// Every board with whoever is on it.
    pub async fn boards(&self) -> Result<Vec<BoardWith>, Failure> {
        store::admin::boards(&self.urls.admin).await.map_err(failure)
    }

    /// Every NGO.
    pub async fn ngos(&self) -> Result<Vec<NgoWith>, Failure> {
        store::admin::ngos(&self.urls.admin).await.map_err(failure)
    }

    /// What it is, for people; never a password.
    pub fn describe(&self) -> &str {
        &self.description
    }

    /// Stops the private PostgreSQL, if it is one.
    pub async fn stop(self) -> Result<(), Failure> {
        let Some(private) = self.private else { return Ok(()) };
        match private.lock().await.take() {
            Some(postgres) => postgres.stop().await.map_err(failure),
            None => Ok(()),
        }
    }
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure::new(error.to_string())
}

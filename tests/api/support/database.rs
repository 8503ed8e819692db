//! A database of its own for each test, copied from one that was migrated once.

use crate::postgres;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config, NoTls};

const TEMPLATE: &str = "template_migrated";

/// A fresh, migrated database.
pub struct TestDatabase {
    pub name: String,
}

impl TestDatabase {
    pub async fn create() -> Self {
        static MIGRATED: OnceCell<()> = OnceCell::const_new();
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        MIGRATED
            .get_or_init(|| async {
                let admin = connect(&postgres::shared().postgres.config()).await;
                admin.batch_execute(&format!("CREATE DATABASE {TEMPLATE}")).await.unwrap();
                comanda::store::migrate(&postgres::shared().postgres.config_for(TEMPLATE)).await.unwrap();
            })
            .await;
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&postgres::shared().postgres.config()).await;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await.unwrap();
        Self { name }
    }

    pub fn config(&self) -> Config {
        postgres::shared().postgres.config_for(&self.name)
    }

    /// As `DATABASE_URL`.
    pub fn url(&self) -> String {
        use secrecy::ExposeSecret;
        let url = postgres::shared().postgres.url();
        let (head, query) = url.expose_secret().split_once('?').unwrap();
        let (server, _) = head.rsplit_once('/').unwrap();
        format!("{server}/{}?{query}", self.name)
    }

    /// As the role that owns the tables, whom row-level security does not hide anything from.
    pub async fn admin(&self) -> Client {
        connect(&self.config()).await
    }
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

//! Which database is there after a restore that did not say how it ended. A COMMIT may have been said and not answered: the
//! program that said it was stopped, or its connection broke.

use super::{
    super::{connect::connect, sql},
    error::BackupError,
};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, Config};

/// For a database to come back that was restarted, and for what was left at work in it to end.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What a restore, and nothing else, makes another one: the table of streams, by its object's id; none where there is none.
pub async fn mark(client: &Client) -> Result<Option<i64>, BackupError> {
    Ok(client.query_one(sql!("restore/mark"), &[]).await?.get(0))
}

/// Well where the backup is in the database's place; `why` where the database is as it was. Errors: `Unknown` besides.
pub async fn settled(config: &Config, before: Option<i64>, why: BackupError) -> Result<(), BackupError> {
    let look = async {
        loop {
            if let Ok(now) = look(config).await {
                return now;
            }
            sleep(LOOK_EVERY).await;
        }
    };
    match timeout(SETTLES_WITHIN, look).await {
        Ok(now) if now == before => Err(why),
        Ok(_) => Ok(()),
        Err(_) => Err(BackupError::Unknown { why: Box::new(why), before }),
    }
}

/// The mark, once nothing is at work that could still change it.
async fn look(config: &Config) -> Result<Option<i64>, BackupError> {
    let (client, driver) = connect(config).await?;
    let looked = async {
        while client.query_one(sql!("restore/end_others"), &[]).await?.get::<_, i64>(0) > 0 {
            sleep(LOOK_EVERY).await;
        }
        mark(&client).await
    };
    let looked = looked.await;
    drop(client);
    driver.abort();
    looked
}

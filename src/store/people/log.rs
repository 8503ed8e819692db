//! What was done to whom: noted in the transaction that did it, read in pages.

use crate::{
    domain::{
        ids::{RestaurantId, UserId},
        people::{Deed, Detail, Noted},
    },
    store::{
        Store, StoreError, Tx,
        reads::{Cursor, Listed, PageRequest},
        sql,
    },
};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

/// Notes what was done to whom, for good.
pub async fn note(
    tx: &Tx,
    restaurant: RestaurantId,
    actor: UserId,
    deed: Deed,
    subject: Uuid,
    detail: &Detail,
) -> Result<(), StoreError> {
    let sql = sql!("people/note");
    tx.execute(sql, &[&restaurant.0, &Uuid::now_v7(), &actor.0, &deed.name(), &subject, &Json(detail)])
        .await?;
    Ok(())
}

impl Store {
    /// A page of what was noted, of everyone or of one user, invite or device.
    pub async fn people_log(
        &self,
        restaurant: RestaurantId,
        subject: Option<Uuid>,
        page: &PageRequest,
    ) -> Result<Listed<Noted>, StoreError> {
        let place = |noted: &Noted| Cursor { at: noted.at, id: noted.id };
        self.list(restaurant, sql!("people/log"), page, &[&subject], |row, _| noted(row), place).await
    }
}

fn noted(row: &Row) -> Result<Noted, StoreError> {
    let deed = Deed::from_name(row.try_get("action")?);
    let Json(detail) = row.try_get::<_, Json<Detail>>("detail")?;
    Ok(Noted {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        deed: deed.ok_or_else(|| StoreError::Corrupt("people_log.action".into()))?,
        actor: UserId(row.try_get("actor_id")?),
        actor_name: row.try_get("actor_name")?,
        subject: row.try_get("subject_id")?,
        subject_name: row.try_get("subject_name")?,
        detail,
    })
}

//! People as managers see and change them. They are no events: a transaction of their own each, as logins have it.

mod devices;
mod invites;
mod keys;
mod resets;
mod users;

pub use devices::{NewDevice, Pairing, ask_pairing, claim_pairing, device_by_id, pairing};
pub use invites::{NewInvite, Redeemable, insert_invite, lock_invite, redeem, revoke_invite, use_invite};
pub use keys::{Kept, Outcome, claim, find, keep};
pub use resets::{insert_reset, take_reset};
pub use users::{Change, change, lock};

use super::{StoreError, Tx, sql};
use crate::domain::{
    ids::{RestaurantId, UserId},
    people::Deed,
};
use tokio_postgres::types::Json;
use uuid::Uuid;

/// Notes what was done to whom. `detail` is shown to nobody yet, and must hold nothing that could not be.
pub async fn note(
    tx: &Tx,
    restaurant: RestaurantId,
    actor: UserId,
    deed: Deed,
    subject: Uuid,
    detail: &serde_json::Value,
) -> Result<(), StoreError> {
    let sql = sql!("people/log");
    tx.execute(sql, &[&restaurant.0, &Uuid::now_v7(), &actor.0, &deed.name(), &subject, &Json(detail)])
        .await?;
    Ok(())
}

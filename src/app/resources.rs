//! Documents that sockets ask for: read from the store, as REST reads them.

use super::backend::refused;
use crate::{
    code::ErrorCode,
    domain::{ids::RestaurantId, rejection::Rejection},
    store::{Store, StoreError},
    vocabulary::resources::{calls::Reading, shapes},
};
use bytestring::ByteString;
use std::time::Duration;
use tokio::time::timeout;

/// The JSON text of what is asked for.
pub async fn read(
    store: &Store,
    restaurant: RestaurantId,
    reading: Reading,
    within: Duration,
) -> Result<ByteString, Rejection> {
    let answer = timeout(within, answer(store, restaurant, reading)).await;
    answer.map_err(|_| refused(ErrorCode::Overloaded))?
}

async fn answer(store: &Store, restaurant: RestaurantId, reading: Reading) -> Result<ByteString, Rejection> {
    let failed = |error: StoreError| {
        tracing::warn!(%error, "cannot read documents");
        refused(error.code())
    };
    match reading {
        Reading::Many(entity, listing) => {
            let (_, documents) = store.documents(restaurant, &entity, &listing).await.map_err(failed)?;
            Ok(shapes::documents(&documents).into())
        }
        Reading::One(entity, id) => {
            let document = store.document(restaurant, &entity, id).await.map_err(failed)?;
            let document = document.ok_or_else(|| Rejection::not_found(&entity.name, id))?;
            Ok(shapes::document(&document).into())
        }
    }
}

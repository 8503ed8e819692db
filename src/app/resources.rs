//! What the house declares of its own; and documents that sockets ask for: read from the store, as REST reads them.

use super::{Failure, backend::refused};
use crate::{
    code::ErrorCode,
    config::{Mistake, Settings},
    domain::{ids::RestaurantId, rejection::Rejection},
    doors::http::reserved_paths,
    session::Answered,
    store::{Store, StoreError},
    vocabulary::{
        cursors, profile,
        resources::{Catalog, bodies::MAX_ANSWER, calls::Reading, shapes},
    },
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// What the house declares of its own, checked.
#[derive(Clone)]
pub struct Declared {
    pub catalog: Arc<Catalog>,
    pub profile: Arc<profile::Declared>,
}

impl Declared {
    pub fn new(settings: &Settings) -> Result<Self, Failure> {
        let failure = |mistake: Mistake| Failure::mistake(mistake.to_string());
        let catalog = Catalog::new(&settings.entities, &reserved_paths()).map_err(failure)?;
        let profile = profile::Declared::new(&settings.auth).map_err(failure)?;
        let catalog = catalog.with_people(profile.fields());
        Ok(Self { catalog: Arc::new(catalog), profile: Arc::new(profile) })
    }
}

/// The JSON text of what is asked for.
pub async fn read(
    store: &Store,
    restaurant: RestaurantId,
    reading: Reading,
    within: Duration,
) -> Result<Answered, Rejection> {
    let answer = timeout(within, answer(store, restaurant, reading)).await;
    answer.map_err(|_| refused(ErrorCode::Overloaded))?
}

async fn answer(store: &Store, restaurant: RestaurantId, reading: Reading) -> Result<Answered, Rejection> {
    let failed = |error: StoreError| {
        tracing::warn!(%error, "cannot read documents");
        refused(error.code())
    };
    match reading {
        Reading::Many(entity, listing) => {
            let listed = store.documents(restaurant, &entity, &listing).await.map_err(failed)?;
            let data = shapes::documents(&listed.rows);
            if data.len() > MAX_ANSWER {
                let message = format!("this page has more than {} KiB; lower its limit", MAX_ANSWER / 1024);
                return Err(Rejection::new(ErrorCode::PayloadTooLarge, message));
            }
            Ok(Answered { data: data.into(), cursor: listed.next.as_ref().map(cursors::encode) })
        }
        Reading::One(entity, id) => {
            let document = store.document(restaurant, &entity, id).await.map_err(failed)?;
            let document = document.ok_or_else(|| Rejection::not_found(&entity.name, id))?;
            Ok(shapes::document(&document).into())
        }
    }
}

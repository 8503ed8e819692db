//! Pages of lists, newest first: a cursor names the last row that was seen, so that new rows shift nothing.

use super::moment;
use crate::{
    domain::{ids::RestaurantId, money::Currency, text::ExternalId},
    store::{Store, StoreError, log::Head, tx::Params},
};
use futures_util::try_join;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// The last row of a page: when it was made, and its id where two were made at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: Uuid,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    pub limit: u32,
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// One more row than asked tells whether there is a next page.
    pub(in crate::store) fn probe(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// What the page's rows come before; for the first page, what nothing comes after.
    pub(in crate::store) fn bound(&self) -> (Timestamp, Uuid) {
        self.after.map_or((Timestamp::MAX, Uuid::max()), |cursor| (cursor.at, cursor.id))
    }
}

/// A page and the position at which it was read.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub head: Head,
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Listed<T> {
    /// Cuts the probing row off; `cursor` names a row's place.
    pub(in crate::store) fn new(
        head: Head,
        mut rows: Vec<T>,
        page: &PageRequest,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let limit = page.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        Self { head, rows, next }
    }
}

impl Store {
    /// A page of a restaurant's rows. `sql` is given the restaurant, what the page comes before (time and id), its limit,
    /// and then `also`; `place` names a row's place in it.
    pub(in crate::store) async fn list<T>(
        &self,
        restaurant: RestaurantId,
        sql: &str,
        page: &PageRequest,
        also: Params<'_>,
        read: impl Fn(&Row, Currency) -> Result<T, StoreError>,
        place: impl Fn(&T) -> Cursor,
    ) -> Result<Listed<T>, StoreError> {
        let tx = self.read(restaurant).await?;
        let ((at, id), limit) = (page.bound(), page.probe());
        let always: Params<'_> = &[&restaurant.0, &at, &id, &limit];
        let params = [always, also].concat();
        let (moment, found) = try_join!(moment(&tx, restaurant), tx.query(sql, &params))?;
        tx.commit().await?;
        let rows = found.iter().map(|row| read(row, moment.currency)).collect::<Result<_, _>>()?;
        Ok(Listed::new(moment.head, rows, page, place))
    }

    /// The same of rows that may have moved in: `sql` is the list, and what finds in it the one that is `called` so ($5) where
    /// only that is asked for.
    pub(in crate::store) async fn list_called<T>(
        &self,
        restaurant: RestaurantId,
        (all, one): (&str, &str),
        called: Option<&ExternalId>,
        page: &PageRequest,
        read: impl Fn(&Row, Currency) -> Result<T, StoreError>,
        place: impl Fn(&T) -> Cursor,
    ) -> Result<Listed<T>, StoreError> {
        match called.map(ExternalId::as_str) {
            None => self.list(restaurant, all, page, &[], read, place).await,
            Some(called) => self.list(restaurant, one, page, &[&called], read, place).await,
        }
    }

    /// The row with this id; `None` where the restaurant has none. `sql` is given both.
    pub(in crate::store) async fn find<T>(
        &self,
        restaurant: RestaurantId,
        sql: &str,
        id: Uuid,
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let tx = self.read(restaurant).await?;
        let found = tx.query_opt(sql, &[&restaurant.0, &id]).await?;
        tx.commit().await?;
        found.as_ref().map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stream::Epoch;

    #[test]
    fn a_next_page_is_announced_only_where_there_is_one() {
        let head = Head { epoch: Epoch("e".into()), seq: 7 };
        let page = PageRequest { limit: 2, after: None };
        let cursor = |n: &u128| Cursor { at: Timestamp::UNIX_EPOCH, id: Uuid::from_u128(*n) };
        for (found, kept, next) in [
            (vec![], vec![], None),
            (vec![9], vec![9], None),
            (vec![9, 8], vec![9, 8], None),
            (vec![9, 8, 7], vec![9, 8], Some(8)),
        ] {
            let listed = Listed::new(head.clone(), found, &page, cursor);
            assert_eq!(listed.rows, kept);
            assert_eq!(listed.next.map(|cursor| cursor.id.as_u128()), next);
        }
    }
}

//! Pages of lists, newest first: a cursor names the last row that was seen, so that new rows shift nothing.

use crate::store::log::Head;
use jiff::Timestamp;
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

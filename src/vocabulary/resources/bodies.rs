//! Bodies by the declared schema: whitelisted, every fault told at once in class-validator's words.

use crate::{
    code::ErrorCode,
    domain::{
        ids::ResourceId,
        rejection::Rejection,
        resource::{Change, Entity, Fields as Values, RouteKind},
        text::ExternalId,
    },
    store::reads::{Cursor, Listing, PageRequest},
    vocabulary::fields::Fields,
};

/// Documents of one request.
pub const MOST: usize = 100;
/// Documents of a page where the client does not say.
pub const DEFAULT_LIMIT: u64 = 20;
pub const MAX_LIMIT: u64 = 100;
/// Documents that a page's number may lead past: the database walks over each of them. A cursor leads anywhere at once.
pub const WINDOW: u64 = 10_000;
/// Bytes of a page as it is told over a socket, where all that waits for a client is bounded.
pub const MAX_ANSWER: usize = 192 * 1024;

/// Which documents a body is about.
#[derive(Debug, Clone)]
pub enum Target {
    /// Those that the path or the query names; none where documents are made.
    Named(Vec<ResourceId>),
    /// Those that the body names: `id`, or `ids` of a route for many.
    InBody,
}

pub fn refused(faults: Vec<String>) -> Rejection {
    Rejection { code: ErrorCode::ValidationFailed, messages: faults, current: None }
}

/// What the body of a writing route asks for.
pub fn change(entity: &Entity, kind: RouteKind, target: Target, body: &[u8]) -> Result<Change, Rejection> {
    let mut fields = Fields::parse(body)?;
    if kind == RouteKind::CreateMany {
        let list = created(entity, &mut fields);
        return fields.finish(list.map(Change::Create)).map_err(refused);
    }
    let ids = match target {
        _ if kind == RouteKind::CreateOne => Some(Vec::new()),
        Target::Named(ids) => Some(ids),
        Target::InBody if kind.is_many() => {
            fields.ids("ids", MOST).map(|ids| ids.into_iter().map(ResourceId).collect())
        }
        Target::InBody => fields.required("id").id("id", ResourceId).map(|id| vec![id]),
    };
    let whole = matches!(kind, RouteKind::CreateOne | RouteKind::ReplaceOne);
    let values = if kind.deletes() { Values::new() } else { values(entity, &mut fields, whole) };
    let change = ids.and_then(|ids| match kind {
        RouteKind::CreateOne => Some(Change::Create(vec![values])),
        RouteKind::ReplaceOne => ids.first().map(|&id| Change::Replace { id, fields: values }),
        RouteKind::UpdateOne | RouteKind::UpdateMany => Some(Change::Update { ids, fields: values }),
        RouteKind::DeleteOne | RouteKind::DeleteMany => Some(Change::Delete(ids)),
        RouteKind::DuplicateOne | RouteKind::DuplicateMany => {
            Some(Change::Duplicate { ids, overrides: values })
        }
        RouteKind::CreateMany | RouteKind::GetMany | RouteKind::GetOne => None,
    });
    fields.finish(change).map_err(refused)
}

/// The declared fields of a body, in the order of their declaration. A whole document gets its defaults.
fn values(entity: &Entity, fields: &mut Fields<'_>, whole: bool) -> Values {
    let read = entity.fields.iter().filter(|field| field.writable).filter_map(|field| {
        let is_there = fields.has(&field.name);
        let value = fields.declared(field, whole);
        let default = || field.default.clone().filter(|_| whole && !is_there);
        value.or_else(default).map(|value| (field.name.clone(), value))
    });
    read.collect()
}

/// `{list: […]}`
fn created(entity: &Entity, fields: &mut Fields<'_>) -> Option<Vec<Values>> {
    let list = fields.list("list", MOST)?;
    let mut all = Vec::with_capacity(list.len());
    for (n, raw) in list.into_iter().enumerate() {
        let place = format!("list.{n}");
        let Ok(mut one) = Fields::parse(raw.get().as_bytes()) else {
            fields.at(&place, "must be an object");
            continue;
        };
        let read = values(entity, &mut one, true);
        match one.finish(Some(read)) {
            Ok(read) => all.push(read),
            Err(faults) => fields.within(&place, faults),
        }
    }
    Some(all)
}

/// What a client says of a page; it counts pages, or goes on from where another ended.
#[derive(Debug, Default)]
pub struct Paging {
    pub page: Option<u64>,
    pub limit: Option<u64>,
    pub cursor: Option<Cursor>,
    pub called: Option<ExternalId>,
}

impl Paging {
    /// The page, or what is wrong with it.
    pub fn listing(self, filter: Values) -> Result<Listing, String> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let last = (WINDOW / limit).max(1);
        if self.page.is_some() && self.cursor.is_some() {
            return Err("page should not exist beside cursor".to_owned());
        }
        let page = self.page.unwrap_or(1);
        if page > last {
            return Err(format!("page must not be greater than {last}; go on with cursor"));
        }
        let skip = page.saturating_sub(1) * limit;
        let page = PageRequest { limit: limit as u32, after: self.cursor };
        Ok(Listing { page, skip, filter, called: self.called })
    }
}

/// `{page, limit, cursor, externalId, …equality filters on declared fields}`
pub fn listing(entity: &Entity, body: &[u8]) -> Result<Listing, Rejection> {
    let mut fields = Fields::parse(body)?;
    let page = fields.integer("page", 1..=WINDOW);
    let limit = fields.integer("limit", 1..=MAX_LIMIT);
    let cursor = fields.cursor("cursor");
    let called = fields.text("externalId", ExternalId::parse);
    let filter = entity.fields.iter().filter_map(|field| {
        let value = fields.of_kind(field)?;
        Some((field.name.clone(), value))
    });
    let filter: Values = filter.collect();
    let listing = match (Paging { page, limit, cursor, called }).listing(filter) {
        Ok(listing) => Some(listing),
        Err(fault) => {
            fields.fault_of_all(fault);
            None
        }
    };
    fields.finish(listing).map_err(refused)
}

/// `{id}`
pub fn one(body: &[u8]) -> Result<ResourceId, Rejection> {
    let mut fields = Fields::parse(body)?;
    let id = fields.required("id").id("id", ResourceId);
    fields.finish(id).map_err(refused)
}

#[cfg(test)]
#[path = "bodies_tests.rs"]
mod tests;

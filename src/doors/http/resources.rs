//! Declared entities over REST (specification 003): eleven routes for each, under its path.

use super::{
    answers,
    caller::{Call, Caller},
    conditions,
    error::HttpError,
    page,
};
use crate::{
    code::ErrorCode,
    domain::{
        ids::ResourceId,
        rejection::Rejection,
        resource::{Entity, ResourceCommand, RouteKind},
    },
    doors::refusal,
    vocabulary::{
        cursors,
        resources::{
            Catalog,
            bodies::{self, MAX_LIMIT, MOST, Paging, Target, WINDOW},
            shapes,
        },
    },
};
use actix_web::{
    HttpRequest, HttpResponse, Route,
    guard::{self, Guard},
    http::{
        StatusCode,
        header::{ContentType, ETAG},
    },
    web,
};
use std::sync::Arc;

/// What stands behind an entity's path, in the order in which it is looked at: a name goes before an id.
pub const PATHS: [(&str, &[(&str, RouteKind)]); 5] = [
    ("/many", &[("post", RouteKind::CreateMany)]),
    ("/duplicate", &[("post", RouteKind::DuplicateMany)]),
    ("/duplicate/{id}", &[("post", RouteKind::DuplicateOne)]),
    (
        "/{id}",
        &[
            ("get", RouteKind::GetOne),
            ("patch", RouteKind::UpdateOne),
            ("put", RouteKind::ReplaceOne),
            ("delete", RouteKind::DeleteOne),
        ],
    ),
    (
        "",
        &[
            ("get", RouteKind::GetMany),
            ("post", RouteKind::CreateOne),
            ("patch", RouteKind::UpdateMany),
            ("delete", RouteKind::DeleteMany),
        ],
    ),
];

/// The entity that a request is about, and the methods its path knows.
struct Here {
    entity: Arc<Entity>,
    allow: String,
}

/// Registers the routes of every declared entity.
pub fn configure(catalog: Arc<Catalog>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        // The longer first: /users/admin is no user.
        let mut entities = catalog.entities().to_vec();
        entities.sort_by_key(|entity| std::cmp::Reverse(entity.path.split('/').count()));
        for entity in &entities {
            for (suffix, routes) in PATHS {
                let routes = routes.iter().filter(|(_, kind)| entity.route(*kind).is_some());
                let routes: Vec<_> = routes.copied().collect();
                if routes.is_empty() {
                    continue;
                }
                let mut allow: Vec<String> = routes.iter().map(|(name, _)| name.to_uppercase()).collect();
                if allow.iter().any(|method| method == "GET") {
                    allow.push("HEAD".to_owned());
                }
                let here = Here { entity: Arc::clone(entity), allow: allow.join(", ") };
                let mut resource = web::resource(format!("/{}{suffix}", entity.path)).app_data(here);
                for (method, kind) in routes {
                    resource = resource.route(route(method, kind));
                }
                config.service(resource.default_service(web::to(method_not_allowed)));
            }
        }
    }
}

fn route(method: &str, kind: RouteKind) -> Route {
    let route = match method {
        "post" => web::post(),
        "patch" => web::patch(),
        "put" => web::put(),
        "delete" => web::delete(),
        _ => Route::new().guard(get_or_head()),
    };
    match kind {
        RouteKind::GetMany => route.to(many),
        RouteKind::GetOne => route.to(one),
        kind => route.to(move |call: Call| write(call, kind)),
    }
}

/// HEAD is answered as GET without its body (RFC 9110 §9.3.2).
fn get_or_head() -> impl Guard {
    guard::Any(guard::Get()).or(guard::Head())
}

fn entity(request: &HttpRequest) -> Result<Arc<Entity>, HttpError> {
    let here = request.app_data::<Here>().map(|here| Arc::clone(&here.entity));
    here.ok_or_else(|| HttpError::new(ErrorCode::Internal, "a route of no entity"))
}

async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let allow = request.app_data::<Here>().map(|here| here.allow.clone()).unwrap_or_default();
    refusal::method_not_allowed(&request, &allow)
}

async fn many(caller: Caller) -> Result<HttpResponse, HttpError> {
    let entity = entity(&caller.request)?;
    caller.require(entity.roles(RouteKind::GetMany))?;
    let mut query = caller.query();
    let page = query.integer("page", 1..=WINDOW);
    let limit = query.integer("limit", 1..=MAX_LIMIT);
    let cursor = query.cursor(cursors::decode);
    let called = query.external_id();
    let filter = entity.fields.iter().filter_map(|field| {
        let value = query.declared(field)?;
        Some((field.name.clone(), value))
    });
    let filter = filter.collect();
    let listing = Paging { page, limit, cursor, called }.listing(filter);
    query.finish()?;
    let listing = listing.map_err(|fault| HttpError::validation(vec![fault]))?;
    let read = caller.state.store.documents(caller.restaurant(), &entity, &listing);
    let listed = caller.read(read).await?;
    let next = listed.next.as_ref().map(cursors::encode);
    Ok(page::head(caller.request.uri(), &listed.head, next)
        .content_type(ContentType::json())
        .body(shapes::documents(&listed.rows)))
}

async fn one(caller: Caller) -> Result<HttpResponse, HttpError> {
    let entity = entity(&caller.request)?;
    caller.require(entity.roles(RouteKind::GetOne))?;
    let id = caller.id("id", ResourceId)?;
    let document = caller.read(caller.state.store.document(caller.restaurant(), &entity, id)).await?;
    let document = document.ok_or_else(|| Rejection::not_found(&entity.name, id))?;
    let etag = conditions::etag(document.version);
    let is_known = conditions::is_known(caller.request.headers(), &etag)?;
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, etag));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.content_type(ContentType::json()).body(shapes::document(&document)))
}

async fn write(call: Call, kind: RouteKind) -> Result<HttpResponse, HttpError> {
    let entity = entity(&call.caller.request)?;
    call.caller.require(entity.roles(kind))?;
    let target = match kind {
        RouteKind::CreateOne | RouteKind::CreateMany => Vec::new(),
        kind if kind.is_many() => {
            let mut query = call.caller.query();
            let ids = query.ids("ids", MOST);
            query.finish()?;
            ids
        }
        _ => vec![call.caller.id("id", ResourceId)?],
    };
    let change = bodies::change(&entity, kind, Target::Named(target), call.body())?;
    let executed = call.change(ResourceCommand { entity, route: kind, change, caller: None }).await?;
    let makes = matches!(
        kind,
        RouteKind::CreateOne | RouteKind::CreateMany | RouteKind::DuplicateOne | RouteKind::DuplicateMany
    );
    Ok(answers::with(executed, if makes { StatusCode::CREATED } else { StatusCode::OK }))
}

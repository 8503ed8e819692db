//! The routes of a declared entity: which it has, what they are called over sockets, who may use them, who hears of them.

use super::{super::naming, at_entity, roles};
use crate::{
    config::{
        Mistake,
        entities::{self, Declared, DeclaredEntity, DeclaredRoute, Switches},
    },
    domain::{
        principal::Role,
        resource::{Broadcast, Route, RouteKind},
    },
};

const MAX_EVENT: usize = 64;
/// All of these, and so everybody on a restaurant's sockets.
const STAFF: [Role; 3] = [Role::Waiter, Role::Cashier, Role::Kitchen];

pub fn routes(all: &Declared, declared: &DeclaredEntity) -> Result<Vec<Route>, Mistake> {
    let at = at_entity(all, declared);
    let mistake = |what: String| Mistake::new(format_args!("{at}: {what}"));
    checked(declared, &at)?;
    let read = roles("read", &declared.read, &STAFF).map_err(mistake)?;
    let write = roles("write", &declared.write, &[Role::Manager]).map_err(mistake)?;
    let mut routes = Vec::new();
    for kind in kinds(declared).map_err(mistake)? {
        let usual = if kind.reads() { &read } else { &write };
        routes.push(route(all, declared, kind, usual).map_err(mistake)?);
    }
    // Whoever hears of a document sees it whole.
    let all_may = |roles: &[Role]| Role::ALL.iter().all(|role| role.any_of(roles));
    let open = all_may(&read) && routes.iter().all(|route| !route.kind.reads() || all_may(&route.roles));
    match routes.iter().find(|route| route.broadcast != Broadcast::Off) {
        Some(route) if !open => Err(mistake(format!(
            "route {}: broadcast tells all staff of documents that not all of them may read; say broadcast = false",
            route.kind.name()
        ))),
        _ => Ok(routes),
    }
}

/// The routes that are named must be some, each once, and callable what they are called.
fn checked(declared: &DeclaredEntity, at: &str) -> Result<(), Mistake> {
    let mistake = |route: &DeclaredRoute, what: &str| {
        Err(Mistake::new(format_args!("{at}, route {}: {what}", route.kind)))
    };
    let only = declared.only.as_deref();
    for (n, route) in declared.routes.iter().enumerate() {
        if kind(&route.kind).is_none() {
            return mistake(route, &unknown());
        }
        if only.is_some_and(|only| !only.contains(&route.kind)) {
            return mistake(route, "only leaves it out");
        }
        if declared.routes[..n].iter().any(|other| other.kind == route.kind) {
            return mistake(route, "it stands there twice");
        }
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
        match &route.event_name {
            Some(name) if name.is_empty() || name.len() > MAX_EVENT || !name.bytes().all(good) => {
                let what = format!(
                    "eventName must be 1 to {MAX_EVENT} letters, digits, hyphens, underscores or colons"
                );
                return mistake(route, &what);
            }
            _ => {}
        }
    }
    Ok(())
}

fn kind(name: &str) -> Option<RouteKind> {
    RouteKind::ALL.into_iter().find(|kind| kind.name() == name)
}

fn unknown() -> String {
    format!("there is no such type; there are {}", RouteKind::ALL.map(RouteKind::name).join(", "))
}

/// In the order of [`RouteKind::ALL`].
fn kinds(declared: &DeclaredEntity) -> Result<Vec<RouteKind>, String> {
    let Some(only) = &declared.only else { return Ok(RouteKind::ALL.to_vec()) };
    if only.is_empty() {
        return Err("only names no route".to_owned());
    }
    if let Some(name) = only.iter().find(|name| kind(name).is_none()) {
        return Err(format!("only: {name}: {}", unknown()));
    }
    Ok(RouteKind::ALL.into_iter().filter(|kind| only.iter().any(|name| name == kind.name())).collect())
}

fn route(
    all: &Declared,
    declared: &DeclaredEntity,
    kind: RouteKind,
    usual: &[Role],
) -> Result<Route, String> {
    let own = declared.routes.iter().find(|route| route.kind == kind.name());
    let levels: [Switches; 3] =
        [own.map(|route| route.switches).unwrap_or_default(), declared.switches, all.switches];
    let (sub_path, api_tag) = (declared.sub_path.as_deref(), declared.api_tag.as_deref());
    let event = own.and_then(|route| route.event_name.clone());
    let broadcast = match levels.iter().find_map(|level| level.broadcast) {
        Some(entities::Broadcast::On) if !kind.reads() => Broadcast::On,
        Some(entities::Broadcast::Legacy) if !kind.reads() => Broadcast::Legacy,
        _ => Broadcast::Off,
    };
    let none = None;
    let named = own.map_or(&none, |route| &route.roles);
    Ok(Route {
        kind,
        event: event.unwrap_or_else(|| naming::event(kind, &declared.name, sub_path, api_tag)),
        legacy_event: naming::legacy(kind, &declared.name, sub_path, api_tag),
        socket: levels.iter().find_map(|level| level.web_socket).unwrap_or(false),
        broadcast,
        roles: roles(&format!("route {}: roles", kind.name()), named, usual)?,
    })
}

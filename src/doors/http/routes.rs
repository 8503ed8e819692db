//! The routes, each written once: for actix, for the `Allow` of a 405, and for the OpenAPI document.

use super::{
    account, auth, board, categories, counter, devices, documents, donations, error::HttpError, events,
    floor, health, history, invites, items, kitchen, live, lunch, menu, orders, pages, people, people_log,
    production, reports, screens, stations,
};
use crate::{code::ErrorCode, doors::refusal};
use actix_web::{HttpRequest, HttpResponse, Route, guard, http::Method, web};
use utoipa::OpenApi;

macro_rules! routes {
    ($($path:literal { $($method:ident $handler:path,)+ })+) => {
        /// Every documented path with its methods.
        pub const ROUTES: &[(&str, &[&str])] = &[$(($path, &[$(stringify!($method)),+])),+];

        /// What the handlers say of themselves.
        #[derive(OpenApi)]
        #[openapi(paths($($($handler,)+)+))]
        pub struct Documented;

        /// Registers the door's routes, and what answers the rest.
        pub fn configure(config: &mut web::ServiceConfig) {
            $(config.service(
                web::resource($path)
                    $(.route($method().to($handler)))+
                    .default_service(web::to(method_not_allowed)),
            );)+
            config
                .app_data(web::QueryConfig::default().error_handler(|error, _| bad_query(&error).into()))
                .route("/openapi.json", get().to(documents::openapi))
                .route("/asyncapi.json", get().to(documents::asyncapi))
                .route("/docs", get().to(pages::to_docs))
                .route("/examples/004.html", get().to(pages::example_004))
                .route("/examples/004.js", get().to(pages::example_004_js))
                .service(pages::docs())
                .configure(screens::configure)
                .default_service(web::to(pages::not_found));
        }
    };
}

routes! {
    "/api/v1/auth/login" { post auth::login, }
    "/api/v1/auth/refresh" { post auth::refresh, }
    "/api/v1/auth/logout" { post auth::logout, }
    "/api/v1/auth/me" { get auth::me, patch account::change, }
    "/api/v1/auth/register" { post account::register, }
    "/api/v1/auth/reset-password" { post account::reset_password, }
    "/api/v1/auth/change-password" { post account::change_password, }
    "/api/v1/tables" { get floor::tables, post floor::create_table, }
    "/api/v1/table-sessions" { get floor::table_sessions, post floor::open_table_session, }
    "/api/v1/table-sessions/{id}" { get floor::table_session, }
    "/api/v1/table-sessions/{id}/close" { post floor::close_table_session, }
    "/api/v1/table-sessions/{id}/move" { post floor::move_table_session, }
    "/api/v1/table-sessions/{id}/merge" { post floor::merge_table_sessions, }
    "/api/v1/orders" { get orders::list, post orders::create, }
    "/api/v1/orders/{id}" { get orders::get, }
    "/api/v1/orders/{id}/confirm" { post orders::confirm, }
    "/api/v1/orders/{id}/cancel" { post orders::cancel, }
    "/api/v1/orders/{id}/close" { post orders::close, }
    "/api/v1/orders/{id}/reopen" { post orders::reopen, }
    "/api/v1/orders/{id}/history" { get history::history, }
    "/api/v1/orders/{id}/items" { post items::add, }
    "/api/v1/orders/{id}/items/{itemId}" { patch items::change, delete items::remove, }
    "/api/v1/orders/{id}/items/{itemId}/status" { post items::set_status, }
    "/api/v1/production-orders" { get production::list, post production::create, }
    "/api/v1/production-orders/{id}" { get production::get, patch production::change, delete production::remove, }
    "/api/v1/board" { get board::board, }
    "/api/v1/kitchen/board" { get board::kitchen_board, }
    "/api/v1/live" { get live::live, }
    "/api/v1/demo/lunch" { get lunch::get, post lunch::start, delete lunch::stop, }
    "/api/v1/events" { get events::replay, }
    "/api/v1/events/ticket" { post events::ticket, }
    "/api/v1/menu" { get menu::menu, }
    "/api/v1/users" { get people::list, post people::create, }
    "/api/v1/users/{id}" { get people::get, patch people::change, delete people::remove, }
    "/api/v1/people/log" { get people_log::list, }
    "/api/v1/devices/pair" { post devices::pair, }
    "/api/v1/devices/pair/poll" { post devices::poll, }
    "/api/v1/devices/claim" { post devices::claim, }
    "/api/v1/devices" { get devices::list, }
    "/api/v1/devices/{id}" { delete devices::remove, }
    "/api/v1/invites" { get invites::list, post invites::create, }
    "/api/v1/invites/{id}" { delete invites::revoke, }
    "/api/v1/menu/items" { get menu::items, post menu::create_item, }
    "/api/v1/menu/items/{id}" { get menu::item, patch menu::change_item, delete menu::remove_item, }
    "/api/v1/menu/items/{id}/availability" { put menu::set_availability, }
    "/api/v1/menu/categories" { get categories::list, post categories::create, }
    "/api/v1/menu/categories/{id}" { get categories::get, patch categories::change, delete categories::remove, }
    "/api/v1/orders/{id}/bump" { post kitchen::bump, }
    "/api/v1/orders/{id}/ack" { post kitchen::acknowledge, }
    "/api/v1/orders/{id}/priority" { post kitchen::prioritise, }
    "/api/v1/reports/prep-times" { get reports::prep_times, }
    "/api/v1/undo" { post kitchen::undo, }
    "/api/v1/stations" { get stations::list, post stations::create, }
    "/api/v1/stations/{id}" { get stations::get, patch stations::change, delete stations::remove, }
    "/api/v1/donations" { get donations::donations, post donations::donate, }
    "/api/v1/donations/events" { get events::replay_board, }
    "/api/v1/donations/{id}" { get donations::donation, }
    "/api/v1/donations/{id}/claim" { post donations::claim_donation, }
    "/api/v1/donations/{id}/status" { patch donations::set_donation_status, }
    "/orders" { get counter::confirmed_orders, post counter::place_order, }
    "/orders/{id}" { get counter::confirmed_order, }
    "/orders/{id}/ship" { patch counter::ship_order, }
    "/health/live" { get health::live, }
    "/health/ready" { get health::ready, }
    "/metrics" { get health::metrics, }
}

/// The first parts of all paths that are the server's own: no declared entity's may begin so.
pub fn reserved_paths() -> Vec<String> {
    let ours = ROUTES.iter().filter_map(|(path, _)| path.split('/').nth(1));
    // Those of the other doors, of pages, and what browsers ask every server for.
    let others = [
        "asyncapi.json",
        "docs",
        "donations",
        "engine.io",
        "examples",
        "favicon.ico",
        "openapi.json",
        "socket.io",
        "ws",
    ];
    ours.chain(others).map(str::to_owned).chain(screens::reserved()).collect()
}

/// HEAD is answered as GET without its body (RFC 9110 §9.3.2).
pub(super) fn get() -> Route {
    Route::new().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn post() -> Route {
    web::post()
}

fn put() -> Route {
    web::put()
}

fn patch() -> Route {
    web::patch()
}

fn delete() -> Route {
    web::delete()
}

/// For doors that read their query by type.
fn bad_query(error: &impl std::fmt::Display) -> HttpError {
    HttpError::new(ErrorCode::BadRequest, error.to_string())
}

async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let pattern = request.match_pattern().unwrap_or_default();
    let methods = ROUTES.iter().find(|(path, _)| *path == pattern).map_or(&[][..], |(_, methods)| methods);
    let mut allow: Vec<String> = methods.iter().map(|method| method.to_uppercase()).collect();
    if methods.contains(&"get") {
        allow.push(Method::HEAD.to_string());
    }
    refusal::method_not_allowed(&request, &allow.join(", "))
}

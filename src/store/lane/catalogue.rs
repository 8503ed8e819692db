//! Writing what a restaurant offers and where it is made: stations, categories, dishes.

use crate::{
    domain::{
        ids::RestaurantId,
        menu::{Category, MenuItem},
        station::Station,
        workspace::Workspace,
    },
    store::{
        pipeline::{Param, Pipeline, params},
        sql,
    },
};

/// Adds the dirty rows.
pub(super) fn write(pipeline: &mut Pipeline, workspace: &Workspace) {
    let id = workspace.restaurant;
    for station in workspace.removed_stations() {
        let params = params![id.0, station.id.0, station.version as i32];
        pipeline.add(sql!("lane/delete_station"), 1, params);
    }
    for row in workspace.dirty_stations() {
        match &row.loaded {
            None => pipeline.add(sql!("lane/insert_station"), 1, new_station(id, &row.now)),
            Some(before) => {
                let mut params = params![id.0, row.now.id.0];
                params.extend(columns(&row.now));
                params.extend(params![row.now.updated_at, before.version as i32]);
                pipeline.add(sql!("lane/update_station"), 1, params);
            }
        }
    }
    for category in workspace.removed_categories() {
        let params = params![id.0, category.id.0, category.version as i32];
        pipeline.add(sql!("lane/delete_category"), 1, params);
    }
    for row in workspace.dirty_categories() {
        match &row.loaded {
            None => pipeline.add(sql!("lane/insert_category"), 1, new_category(id, &row.now)),
            Some(before) => {
                let mut params = category(id, &row.now);
                params.extend(params![before.version as i32]);
                pipeline.add(sql!("lane/update_category"), 1, params);
            }
        }
    }
    for row in workspace.dirty_menu_items() {
        match &row.loaded {
            None => pipeline.add(sql!("lane/insert_menu_item"), 1, new_dish(id, &row.now)),
            Some(before) => {
                let mut params = dish(id, &row.now);
                params.extend(params![before.version as i32, before.remaining.map(|n| n as i32)]);
                pipeline.add(sql!("lane/update_menu_item"), 1, params);
            }
        }
    }
}

/// Parameters of `lane/insert_category`.
pub(in crate::store) fn new_category(id: RestaurantId, new: &Category) -> Vec<Param> {
    let mut params = category(id, new);
    params.extend(params![new.created_at]);
    params
}

fn category(id: RestaurantId, category: &Category) -> Vec<Param> {
    let (position, version) = (category.position as i32, category.version as i32);
    params![id.0, category.id.0, category.name.to_string(), position, version, category.updated_at]
}

/// Parameters of `lane/insert_menu_item`.
pub(in crate::store) fn new_dish(id: RestaurantId, new: &MenuItem) -> Vec<Param> {
    let mut params = dish(id, new);
    params.extend(params![new.created_at, new.external_id.as_ref().map(ToString::to_string)]);
    params
}

fn dish(id: RestaurantId, dish: &MenuItem) -> Vec<Param> {
    params![
        id.0,
        dish.id.0,
        dish.name.to_string(),
        dish.category.to_string(),
        dish.price.minor,
        dish.course.as_ref().map(ToString::to_string),
        dish.station.as_ref().map(ToString::to_string),
        dish.available,
        dish.remaining.map(|n| n as i32),
        dish.until,
        dish.version as i32,
        dish.updated_at,
        dish.removed_at,
    ]
}

/// Parameters of `lane/insert_station`.
pub(in crate::store) fn new_station(id: RestaurantId, new: &Station) -> Vec<Param> {
    let mut params = params![id.0, new.id.0];
    params.extend(columns(new));
    params.extend(params![new.created_at, new.updated_at]);
    params
}

/// name, categories, warn_after_s, late_after_s, is_default, version.
fn columns(station: &Station) -> Vec<Param> {
    params![
        station.name.to_string(),
        station.categories.iter().map(ToString::to_string).collect::<Vec<String>>(),
        station.warn_after_s as i32,
        station.late_after_s as i32,
        station.is_default,
        station.version as i32,
    ]
}

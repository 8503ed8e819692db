//! Writing what a restaurant offers and where it is made: stations, dishes.

use crate::{
    domain::{station::Station, workspace::Workspace},
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
        let mut params = params![id.0, row.now.id.0];
        params.extend(columns(&row.now));
        match &row.loaded {
            None => {
                params.extend(params![row.now.created_at, row.now.updated_at]);
                pipeline.add(sql!("lane/insert_station"), 1, params);
            }
            Some(before) => {
                params.extend(params![row.now.updated_at, before.version as i32]);
                pipeline.add(sql!("lane/update_station"), 1, params);
            }
        }
    }
    for row in workspace.dirty_menu_items() {
        let remaining = |dish: &crate::domain::menu::MenuItem| dish.remaining.map(|n| n as i32);
        let before = row.loaded.as_ref().and_then(remaining);
        let station = row.now.station.as_ref().map(ToString::to_string);
        let params = params![id.0, row.now.id.0, row.now.available, remaining(&row.now), station, before];
        pipeline.add(sql!("lane/update_menu_item"), 1, params);
    }
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

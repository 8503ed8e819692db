//! Stations: made, changed and removed; what was to be made at one that has another name now goes along.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::Event,
        ids::StationId,
        order::{self, Order},
        principal::Role,
        rejection::Rejection,
        station::{self, LATE_AFTER_S, MAX_STATIONS, Station, StationChange, WARN_AFTER_S},
        text::Label,
    },
    Done, Workspace,
};
use crate::code::ErrorCode;

impl Workspace {
    /// All stations, the first made first.
    pub(super) fn stations(&self) -> Vec<&Station> {
        let mut stations: Vec<&Station> = self.stations.values().map(|row| &row.now).collect();
        stations.sort_by_key(|station| (station.created_at, station.id));
        stations
    }

    pub(super) fn station(&self, id: StationId) -> Result<&Station, Rejection> {
        self.stations.get(&id).map(|row| &row.now).ok_or_else(|| Rejection::not_found("Station", id))
    }

    /// Refuses a label that no station has; without stations a label is free text.
    pub(super) fn require_label(&self, label: Option<&Label>) -> Result<(), Rejection> {
        station::require(&self.stations(), label)
    }

    pub(super) fn create_station(
        &mut self,
        ctx: &Context<'_>,
        name: Label,
        change: &StationChange,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        if self.stations.len() >= MAX_STATIONS {
            let message = format!("a restaurant has at most {MAX_STATIONS} stations");
            return Err(Rejection::new(ErrorCode::LimitReached, message));
        }
        let mut station = Station {
            id: StationId::generate(),
            name,
            categories: Vec::new(),
            warn_after_s: WARN_AFTER_S,
            late_after_s: LATE_AFTER_S,
            is_default: self.stations.is_empty(),
            version: 1,
            created_at: ctx.at,
            updated_at: ctx.at,
        };
        station.adopt(change)?;
        self.require_apart(&station)?;
        if change.is_default == Some(true) {
            self.lower_flag(ctx);
            station.is_default = true;
        }
        self.put_station(station.clone());
        Ok(Reply::Station(station).into())
    }

    pub(super) fn change_station(
        &mut self,
        ctx: &Context<'_>,
        id: StationId,
        change: &StationChange,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let before = self.station(id)?.clone();
        ctx.require_version(before.version)?;
        let mut station = before.clone();
        station.adopt(change)?;
        self.require_apart(&station)?;
        if before.is_default && change.is_default == Some(false) {
            return Err(Rejection::invalid("isDefault must not be false: make another station the default"));
        }
        if change.is_default == Some(true) && !before.is_default {
            self.lower_flag(ctx);
            station.is_default = true;
        }
        let mut events = Vec::new();
        if station != before {
            station.version += 1;
            station.updated_at = ctx.at;
        }
        if station.name != before.name {
            events = self.relabel(ctx, &before.name, Some(&station.name))?;
        }
        self.put_station(station.clone());
        Ok(Done { reply: Reply::Station(station), events, audit: Vec::new() })
    }

    /// What was to be made there goes to the default; if it was that, to the oldest of the others, which is it now.
    pub(super) fn remove_station(&mut self, ctx: &Context<'_>, id: StationId) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let gone = self.station(id)?.clone();
        ctx.require_version(gone.version)?;
        let row = self.stations.remove(&id);
        self.removed_stations.extend(row.and_then(|row| row.loaded));
        let left = self.stations();
        let heir = left.iter().find(|station| station.is_default).or(left.first());
        let heir = heir.map(|station| Station::clone(station));
        if let Some(mut heir) = heir.clone().filter(|heir| !heir.is_default) {
            heir.is_default = true;
            heir.version += 1;
            heir.updated_at = ctx.at;
            self.put_station(heir);
        }
        let events = match &heir {
            Some(heir) => self.relabel(ctx, &gone.name, Some(&heir.name))?,
            None => Vec::new(),
        };
        Ok(Done { reply: Reply::Removed, events, audit: Vec::new() })
    }

    /// Neither its name nor a category of it is another's.
    fn require_apart(&self, station: &Station) -> Result<(), Rejection> {
        let taken = |message: String| Err(Rejection::new(ErrorCode::NameTaken, message));
        for other in self.stations().into_iter().filter(|other| other.id != station.id) {
            if other.name == station.name {
                return taken(format!("there is a station {} already", other.name));
            }
            if let Some(both) = station.categories.iter().find(|both| other.categories.contains(both)) {
                return taken(format!("the category {both} is made at station {} already", other.name));
            }
        }
        Ok(())
    }

    fn lower_flag(&mut self, ctx: &Context<'_>) {
        let flagged: Vec<Station> =
            self.stations().into_iter().filter(|station| station.is_default).cloned().collect();
        for mut station in flagged {
            station.is_default = false;
            station.version += 1;
            station.updated_at = ctx.at;
            self.put_station(station);
        }
    }

    /// Dishes and unfinished lines of a station that has another name now, or is gone.
    fn relabel(
        &mut self,
        ctx: &Context<'_>,
        from: &Label,
        to: Option<&Label>,
    ) -> Result<Vec<Event>, Rejection> {
        let dishes: Vec<_> = self.menu.values().map(|row| &row.now).cloned().collect();
        for mut dish in dishes.into_iter().filter(|dish| dish.station.as_ref() == Some(from)) {
            dish.station = to.cloned();
            dish.version += 1;
            dish.updated_at = ctx.at;
            self.put_menu_item(dish);
        }
        let mut orders: Vec<Order> = self.orders().cloned().collect();
        orders.sort_by_key(|order| (order.created_at, order.id));
        let mut events = Vec::new();
        for mut order in orders {
            events.extend(order::relabel(&mut order, ctx, from, to)?);
            self.put_order(order);
        }
        Ok(events)
    }

    fn put_station(&mut self, station: Station) {
        super::put(&mut self.stations, station.id, station);
    }
}

//! The menu: categories and dishes made, changed, removed; what is to be had, and what an order takes of it.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::{AvailabilityMove, Event},
        ids::{CategoryId, MenuItemId},
        menu::{Availability, Category, DishChange, MAX_CATEGORIES, MAX_DISHES, MenuItem},
        money::{Decimal, Money},
        order,
        principal::Role,
        rejection::Rejection,
        station::Station,
        text::{Label, Name},
    },
    Done, Workspace, put,
};
use crate::code::ErrorCode;

fn told(dish: &MenuItem) -> Event {
    Event::MenuItemAvailabilityChanged(AvailabilityMove {
        item: dish.id,
        item_version: dish.version,
        name: dish.name.clone(),
        available: dish.available,
        remaining: dish.remaining,
        until: dish.until,
    })
}

impl Workspace {
    /// A dish of the menu; a removed one is none.
    pub(super) fn dish(&self, id: MenuItemId) -> Result<&MenuItem, Rejection> {
        let dish = self.menu.get(&id).map(|row| &row.now).filter(|dish| dish.removed_at.is_none());
        dish.ok_or_else(|| Rejection::not_found("Menu item", id))
    }

    fn category(&self, id: CategoryId) -> Result<&Category, Rejection> {
        self.categories.get(&id).map(|row| &row.now).ok_or_else(|| Rejection::not_found("Category", id))
    }

    fn dishes(&self) -> impl Iterator<Item = &MenuItem> {
        self.menu.values().map(|row| &row.now).filter(|dish| dish.removed_at.is_none())
    }

    /// Keeps a dish that changed, as its next version; where its availability did, that is an event.
    fn keep(&mut self, ctx: &Context<'_>, mut dish: MenuItem) -> (MenuItem, Vec<Event>) {
        let Some(before) = self.menu.get(&dish.id).map(|row| &row.now) else { return (dish, Vec::new()) };
        let availability = |dish: &MenuItem| (dish.available, dish.until);
        let moved = availability(before) != availability(&dish);
        if *before != dish {
            dish.version += 1;
            dish.updated_at = ctx.at;
        }
        self.put_menu_item(dish.clone());
        let events = if moved { vec![told(&dish)] } else { Vec::new() };
        (dish, events)
    }

    /// Keeps the dishes that an order took of.
    pub(super) fn serve(&mut self, ctx: &Context<'_>, taken: Vec<MenuItem>) -> Vec<Event> {
        taken.into_iter().flat_map(|dish| self.keep(ctx, dish).1).collect()
    }

    pub(super) fn require_category(&self, name: &Label) -> Result<(), Rejection> {
        match self.categories.values().any(|row| row.now.name == *name) {
            true => Ok(()),
            false => Err(Rejection::invalid("category must be the name of a category of the menu")),
        }
    }

    fn require_new_name(&self, name: &Label) -> Result<(), Rejection> {
        match self.require_category(name) {
            Ok(()) => {
                let message = format!("there is a category {name} already");
                Err(Rejection::new(ErrorCode::NameTaken, message))
            }
            Err(_) => Ok(()),
        }
    }

    pub(super) fn create_category(
        &mut self,
        ctx: &Context<'_>,
        name: Label,
        position: Option<u32>,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        if self.categories.len() >= MAX_CATEGORIES {
            let message = format!("a menu has at most {MAX_CATEGORIES} categories");
            return Err(Rejection::new(ErrorCode::LimitReached, message));
        }
        self.require_new_name(&name)?;
        let last = self.categories.values().map(|row| row.now.position).max().unwrap_or_default();
        let category = Category {
            id: CategoryId::generate(),
            name,
            position: position.unwrap_or(last + 1),
            version: 1,
            created_at: ctx.at,
            updated_at: ctx.at,
        };
        put(&mut self.categories, category.id, category.clone());
        Ok(Reply::Category(category).into())
    }

    /// Under another name its dishes go along, and the station that makes them still does.
    pub(super) fn change_category(
        &mut self,
        ctx: &Context<'_>,
        id: CategoryId,
        name: Option<Label>,
        position: Option<u32>,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let before = self.category(id)?.clone();
        ctx.require_version(before.version)?;
        let mut category = before.clone();
        category.position = position.unwrap_or(category.position);
        if let Some(name) = name.filter(|name| *name != before.name) {
            self.require_new_name(&name)?;
            let dishes: Vec<MenuItem> =
                self.dishes().filter(|dish| dish.category == before.name).cloned().collect();
            for mut dish in dishes {
                dish.category = name.clone();
                self.keep(ctx, dish);
            }
            self.name_at_stations(ctx, &before.name, Some(&name));
            category.name = name;
        }
        if category != before {
            category.version += 1;
            category.updated_at = ctx.at;
        }
        put(&mut self.categories, id, category.clone());
        Ok(Reply::Category(category).into())
    }

    pub(super) fn remove_category(&mut self, ctx: &Context<'_>, id: CategoryId) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let category = self.category(id)?.clone();
        ctx.require_version(category.version)?;
        let dishes = self.dishes().filter(|dish| dish.category == category.name).count();
        if dishes > 0 {
            let message = format!("the category has {dishes} dishes");
            return Err(Rejection::new(ErrorCode::CategoryInUse, message));
        }
        self.name_at_stations(ctx, &category.name, None);
        let row = self.categories.remove(&id);
        self.removed_categories.extend(row.and_then(|row| row.loaded));
        Ok(Reply::Removed.into())
    }

    fn name_at_stations(&mut self, ctx: &Context<'_>, from: &Label, to: Option<&Label>) {
        let stations: Vec<Station> = self.stations().into_iter().cloned().collect();
        for mut station in stations.into_iter().filter(|station| station.categories.contains(from)) {
            let place = station.categories.iter().position(|name| name == from).unwrap_or_default();
            station.categories.splice(place..=place, to.cloned());
            station.version += 1;
            station.updated_at = ctx.at;
            put(&mut self.stations, station.id, station);
        }
    }

    pub(super) fn create_dish(
        &mut self,
        ctx: &Context<'_>,
        name: Name,
        category: Label,
        price: Decimal,
        change: DishChange,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        if self.dishes().count() >= MAX_DISHES {
            let message = format!("a menu has at most {MAX_DISHES} dishes");
            return Err(Rejection::new(ErrorCode::LimitReached, message));
        }
        let id = MenuItemId::generate();
        let mut dish = MenuItem::new(id, name, category.clone(), Money::zero(self.currency), ctx.at);
        let change = DishChange { category: Some(category), price: Some(price), ..change };
        self.adopt(&mut dish, change)?;
        self.put_menu_item(dish.clone());
        Ok(Reply::Dish(dish).into())
    }

    pub(super) fn change_dish(
        &mut self,
        ctx: &Context<'_>,
        id: MenuItemId,
        change: DishChange,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let mut dish = self.dish(id)?.clone();
        ctx.require_version(dish.version)?;
        self.adopt(&mut dish, change)?;
        let (dish, events) = self.keep(ctx, dish);
        Ok(Done { reply: Reply::Dish(dish), events, audit: Vec::new() })
    }

    fn adopt(&self, dish: &mut MenuItem, change: DishChange) -> Result<(), Rejection> {
        if let Some(category) = change.category {
            self.require_category(&category)?;
            dish.category = category;
        }
        self.require_label(change.station.as_ref().and_then(Option::as_ref))?;
        if let Some(price) = change.price {
            let price = Money::exact(price, self.currency);
            dish.price = price.map_err(|fault| Rejection::invalid(format!("price {fault}")))?;
            dish.price.times(1).ok_or_else(order::too_much)?;
        }
        dish.name = change.name.unwrap_or_else(|| dish.name.clone());
        dish.course = change.course.unwrap_or_else(|| dish.course.take());
        dish.station = change.station.unwrap_or_else(|| dish.station.take());
        Ok(())
    }

    /// Nobody can order it any more; lines that were ordered stay.
    pub(super) fn remove_dish(&mut self, ctx: &Context<'_>, id: MenuItemId) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        let mut dish = self.dish(id)?.clone();
        ctx.require_version(dish.version)?;
        dish.removed_at = Some(ctx.at);
        dish.until = None;
        // The same event tells tablets that it is gone.
        dish.available = false;
        let (_, events) = self.keep(ctx, dish);
        Ok(Done { reply: Reply::Removed, events, audit: Vec::new() })
    }

    pub(super) fn set_availability(
        &mut self,
        ctx: &Context<'_>,
        id: MenuItemId,
        to: Availability,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Kitchen])?;
        let mut dish = self.dish(id)?.clone();
        ctx.require_version(dish.version)?;
        if to.until.is_some_and(|until| until <= ctx.at) {
            return Err(Rejection::invalid("until must be in the future"));
        }
        let counted = dish.remaining != to.remaining;
        (dish.available, dish.remaining, dish.until) = (to.available, to.remaining, to.until);
        let (dish, mut events) = self.keep(ctx, dish);
        if counted && events.is_empty() {
            events.push(told(&dish));
        }
        Ok(Done { reply: Reply::Dish(dish), events, audit: Vec::new() })
    }

    /// Where somebody was quicker than the clock nothing is left to do.
    pub(super) fn pass_availability(&mut self, ctx: &Context<'_>, id: MenuItemId) -> Result<Done, Rejection> {
        let mut dish = self.dish(id)?.clone();
        dish.pass(ctx.at);
        let (dish, events) = self.keep(ctx, dish);
        Ok(Done { reply: Reply::Dish(dish), events, audit: Vec::new() })
    }
}

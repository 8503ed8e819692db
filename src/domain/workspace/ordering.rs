//! Orders: what a draft records, what the menu lends a line, what a confirmation takes from it.

use super::{
    super::{
        audit::{Audit, DraftStep},
        command::{NewLine, Reply},
        context::Context,
        event::Event,
        ids::{ItemId, MenuItemId, OrderId, TableSessionId},
        item::Item,
        menu::MenuItem,
        money::Money,
        order::{self, Lifecycle, Order, Place},
        principal::Role,
        rejection::Rejection,
        station,
        text::{Note, Reason},
    },
    Done, Workspace,
};

/// The audit entry of a step, if it was one of a draft.
fn audit(order: &Order, step: DraftStep) -> Vec<Audit> {
    match order.lifecycle {
        Lifecycle::Draft => vec![Audit { order: order.id, step }],
        _ => Vec::new(),
    }
}

impl Workspace {
    /// An order of nobody's, without a line.
    pub(super) fn draft(&self, ctx: &Context<'_>) -> Order {
        Order {
            id: OrderId::generate(),
            restaurant: self.restaurant,
            currency: self.currency,
            place: None,
            customer: None,
            number: None,
            lifecycle: Lifecycle::Draft,
            note: None,
            items: Vec::new(),
            version: 1,
            created_by: ctx.by.user,
            created_at: ctx.at,
            confirmed_at: None,
            updated_at: ctx.at,
            priority: 0,
            acknowledged_at: None,
            external_id: None,
        }
    }

    pub(super) fn open_order(
        &mut self,
        ctx: &Context<'_>,
        session: TableSessionId,
        note: Option<Note>,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let session = self.open_session_by_id(session)?;
        let order = Order { place: Some(Place::of(session)), note, ..self.draft(ctx) };
        self.put_order(order.clone());
        Ok(Done { audit: audit(&order, DraftStep::Opened), reply: Reply::Order(order), events: Vec::new() })
    }

    pub(super) fn add_item(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        line: NewLine,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let mut order = self.order(id)?.clone();
        ctx.require_version(order.version)?;
        if let Some(place) = &order.place {
            self.open_session_by_id(place.session)?;
        }
        let item = self.price(ctx, id, line)?;
        let mut events = order::add_line(&mut order, ctx, item.clone())?;
        let item = order.item(item.id)?.clone();
        let taken = if item.late { self.take(ctx, [(item.menu_item, item.qty)])? } else { Vec::new() };
        let audit = audit(&order, DraftStep::ItemAdded(item.clone()));
        self.put_order(order);
        events.extend(self.serve(ctx, taken));
        Ok(Done { reply: Reply::Item(item), events, audit })
    }

    /// A line with what it leaves out taken from the menu; another price than the menu's needs a manager.
    pub(super) fn price(&self, ctx: &Context<'_>, order: OrderId, line: NewLine) -> Result<Item, Rejection> {
        let dish = match line.menu_item {
            None => None,
            Some(id) => Some(self.dish(id)?),
        };
        let asked = line.unit_price.map(|decimal| Money::exact(decimal, self.currency)).transpose();
        let asked = asked.map_err(|fault| Rejection::invalid(format!("unitPrice {fault}")))?;
        let unit_price = match (asked, dish) {
            (Some(asked), Some(dish)) if asked != dish.price => {
                ctx.require(&[Role::Manager])?;
                asked
            }
            (Some(asked), _) => asked,
            (None, Some(dish)) => dish.price,
            (None, None) => return Err(Rejection::invalid("unitPrice should not be empty")),
        };
        let name = line.name.or_else(|| dish.map(|dish| dish.name.clone()));
        let name = name.ok_or_else(|| Rejection::invalid("name should not be empty"))?;
        unit_price.times(line.qty).ok_or_else(order::too_much)?;
        self.require_label(line.station.as_ref())?;
        Ok(Item {
            notes: line.notes,
            menu_item: line.menu_item,
            course: line.course.or_else(|| dish.and_then(|dish| dish.course.clone())),
            station: station::label(&self.stations(), line.station.as_ref(), dish),
            ..Item::new(order, name, line.qty, unit_price, ctx.at)
        })
    }

    /// The dishes after these portions were taken, or the refusal of the first that is sold out.
    fn take(
        &self,
        ctx: &Context<'_>,
        lines: impl IntoIterator<Item = (Option<MenuItemId>, u32)>,
    ) -> Result<Vec<MenuItem>, Rejection> {
        let mut taken: Vec<MenuItem> = Vec::new();
        for (id, qty) in lines {
            let Some(row) = id.and_then(|id| self.menu.get(&id)) else { continue };
            if !taken.iter().any(|dish| dish.id == row.now.id) {
                taken.push(row.now.clone());
            }
            if let Some(dish) = taken.iter_mut().find(|dish| dish.id == row.now.id) {
                dish.take(qty, ctx.at)?;
            }
        }
        Ok(taken)
    }

    /// A step of one line, which answers with the line. More of a counted dish on a confirmed line is taken from the menu
    /// as a late line would be.
    pub(super) fn line_step(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        item: ItemId,
        step: impl FnOnce(&mut Order) -> Result<Vec<Event>, Rejection>,
    ) -> Result<Done, Rejection> {
        let mut order = self.order(id)?.clone();
        let before = order.item(item)?.clone();
        let mut events = step(&mut order)?;
        let item = order.item(item)?.clone();
        let more = item.qty.saturating_sub(before.qty);
        let taken = match order.lifecycle {
            Lifecycle::Live if more > 0 => self.take(ctx, [(item.menu_item, more)])?,
            _ => Vec::new(),
        };
        let audit =
            if item == before { Vec::new() } else { audit(&order, DraftStep::ItemChanged(item.clone())) };
        self.put_order(order);
        events.extend(self.serve(ctx, taken));
        Ok(Done { reply: Reply::Item(item), events, audit })
    }

    pub(super) fn remove_item(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        item: ItemId,
    ) -> Result<Done, Rejection> {
        let mut order = self.order(id)?.clone();
        let events = order::remove_line(&mut order, ctx, item)?;
        let audit = audit(&order, DraftStep::ItemRemoved(item));
        self.put_order(order);
        Ok(Done { reply: Reply::Removed, events, audit })
    }

    pub(super) fn confirm(&mut self, ctx: &Context<'_>, id: OrderId) -> Result<Done, Rejection> {
        let number = self.last_order_number + 1;
        let taken = match self.order(id)? {
            order if order.lifecycle == Lifecycle::Draft => {
                self.take(ctx, order.items.iter().map(|item| (item.menu_item, item.qty)))
            }
            _ => Ok(Vec::new()),
        };
        let mut order = self.order(id)?.clone();
        ctx.require_version(order.version)?;
        let mut events: Vec<Event> = order::confirm(&mut order, ctx, number)?;
        let taken = taken?;
        events.extend(self.serve(ctx, taken));
        self.last_order_number = number;
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Order(order), events, audit: Vec::new() })
    }

    pub(super) fn cancel(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        reason: Option<Reason>,
    ) -> Result<Done, Rejection> {
        let draft = audit(self.order(id)?, DraftStep::Cancelled);
        let done = self.whole_order(ctx, id, |order, ctx| order::cancel(order, ctx, reason))?;
        Ok(Done { audit: draft, ..done })
    }
}

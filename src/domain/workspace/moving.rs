//! What moves in from another system becomes what would have been made here, by the same rules, in one step.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::Event,
        item::ItemStatus,
        moving::{MoveIn, Moved, OpenOrder},
        order::{self, Order, Place},
        principal::Role,
        rejection::Rejection,
        table::{Table, TableSession},
        text::{ExternalId, Name},
    },
    Done, Workspace,
};
use crate::code::ErrorCode;

impl Workspace {
    pub(super) fn move_in(&mut self, ctx: &Context<'_>, moving: MoveIn) -> Result<Done, Rejection> {
        ctx.require(&[Role::Owner])?;
        let MoveIn { external_id, thing } = moving;
        match thing {
            Moved::Table { name } => self.move_table(ctx, name, external_id),
            Moved::Dish { name, category, price, change } => {
                let made = match self.require_category(&category) {
                    Ok(()) => None,
                    Err(_) => match self.create_category(ctx, category.clone(), None)?.reply {
                        Reply::Category(made) => Some(made.id),
                        _ => None,
                    },
                };
                let done = self.create_dish(ctx, name, category, price, change);
                if let (Some(made), Err(_)) = (made, &done) {
                    self.categories.remove(&made);
                }
                let mut done = done?;
                if let Reply::Dish(dish) = &mut done.reply {
                    dish.external_id = Some(external_id);
                    self.put_menu_item(dish.clone());
                }
                Ok(done)
            }
            Moved::Document { command, number } => {
                self.shelf.keep_number(number.filter(|number| !self.customers.contains_key(number)));
                let mut done = self.change_resources(ctx, &command)?;
                if let Reply::Document(document) = &mut done.reply {
                    document.external_id = Some(external_id);
                    self.shelf_mut().put(document.clone());
                }
                Ok(done)
            }
            Moved::Order(open) => self.move_order(ctx, open, external_id),
            Moved::Production { new, stages } => self.move_production_order(ctx, new, external_id, &stages),
        }
    }

    fn move_table(
        &mut self,
        ctx: &Context<'_>,
        name: Name,
        external_id: ExternalId,
    ) -> Result<Done, Rejection> {
        let table = match self.table_named(&name).cloned() {
            None => match self.create_table(ctx, name)?.reply {
                Reply::Table(made) => made,
                _ => return Err(Rejection::forbidden()),
            },
            Some(Table { external_id: Some(other), .. }) if other != external_id => {
                let message = format!("table {name} has the externalId {other} already");
                return Err(Rejection::new(ErrorCode::NameTaken, message));
            }
            Some(table) => table,
        };
        let table = Table { external_id: Some(external_id), ..table };
        self.put_table(table.clone());
        Ok(Reply::Table(table).into())
    }

    /// The order as its waiter would have made it: its lines, sent under the next number, each then taken to where it was.
    /// It takes no portion of a counted dish: that was done where it comes from.
    fn move_order(
        &mut self,
        ctx: &Context<'_>,
        open: OpenOrder,
        external_id: ExternalId,
    ) -> Result<Done, Rejection> {
        let customer = open.customer.map(|number| self.customer(number)).transpose()?;
        let customer = customer.map(Into::into);
        let (session, opened) = match open.table {
            None => (None, false),
            Some(table) => {
                match self.sessions.values().find(|row| row.now.table == table && row.now.is_open()) {
                    Some(row) => (Some(row.now.clone()), false),
                    None => (Some(self.new_session(ctx, table, None)?), true),
                }
            }
        };
        let draft = self.draft(ctx);
        let mut order = Order {
            place: session.as_ref().map(Place::of),
            customer,
            note: open.note,
            created_by: open.waiter.unwrap_or(draft.created_by),
            created_at: open.created_at.unwrap_or(ctx.at).min(ctx.at),
            external_id: Some(external_id),
            ..draft
        };
        let mut moves = Vec::new();
        for line in open.lines {
            let item = self.price(ctx, order.id, line.line)?;
            moves.extend(steps(line.status).iter().map(|to| (item.id, *to)));
            order::add_line(&mut order, ctx, item)?;
        }
        let number = self.last_order_number + 1;
        let mut events = order::confirm(&mut order, ctx, number)?;
        for (item, to) in moves {
            events.extend(order::set_status(&mut order, ctx, item, to, None, None)?);
        }
        self.last_order_number = number;
        if let Some(session) = session.filter(|_| opened) {
            self.seat(TableSession { opened_by: order.created_by, ..session }, &mut events);
        }
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Order(order), events, audit: Vec::new() })
    }

    /// Guests sit down before anything is brought to them.
    fn seat(&mut self, session: TableSession, events: &mut Vec<Event>) {
        self.put_session(session.clone());
        events.insert(0, Event::TableSessionOpened(session));
    }
}

/// The moves that take a line from PENDING to where it was.
fn steps(to: ItemStatus) -> &'static [ItemStatus] {
    use ItemStatus::*;
    match to {
        Held => &[Held],
        InProgress => &[InProgress],
        Ready => &[Ready],
        Served => &[Ready, Served],
        // It begins there; what was taken back does not move in.
        Pending | Cancelled | Voided => &[],
    }
}

#[cfg(test)]
#[path = "moving_tests.rs"]
mod tests;

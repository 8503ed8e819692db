//! From a command to what it does: one arm a command.

use super::{
    super::{
        command::{Command, Reply},
        context::Context,
        order::{self, Order},
        rejection::Rejection,
    },
    Done, Workspace,
};

impl Workspace {
    /// Carries out `command`, or refuses it and leaves everything as it was.
    pub fn execute(&mut self, command: &Command, ctx: &Context<'_>) -> Result<Done, Rejection> {
        match command.clone() {
            Command::CreateTable { name } => self.create_table(ctx, name),
            Command::OpenTableSession { table, covers } => self.open_session(ctx, table, covers),
            Command::CloseTableSession { session } => self.close_session(ctx, session),
            Command::OpenOrder { session, note } => self.open_order(ctx, session, note),
            Command::AddItem { order, line } => self.add_item(ctx, order, line),
            Command::ChangeItem { order, item, change } => {
                self.require_label(change.station.as_ref().and_then(Option::as_ref))?;
                self.line_step(ctx, order, item, |order| order::change_line(order, ctx, item, change))
            }
            Command::RemoveItem { order, item } => self.remove_item(ctx, order, item),
            Command::ConfirmOrder { order } => self.confirm(ctx, order),
            Command::PlaceCounterOrder { total, customer } => self.place_counter_order(ctx, total, customer),
            Command::ShipOrder { number } => self.ship_order(ctx, number),
            Command::SetItemStatus { order, item, to, expected, reason } => {
                self.line_step(ctx, order, item, |order| {
                    order::set_status(order, ctx, item, to, expected, reason)
                })
            }
            Command::CancelOrder { order, reason } => self.cancel(ctx, order, reason),
            Command::Order(order, command) => {
                self.whole_order(ctx, order, |order, ctx| command.execute(order, ctx))
            }
            Command::CreateStation { name, change } => self.create_station(ctx, name, &change),
            Command::ChangeStation { station, change } => self.change_station(ctx, station, &change),
            Command::RemoveStation { station } => self.remove_station(ctx, station),
            Command::BumpOrder { order, station } => self.bump(ctx, order, station),
            Command::UndoBatch { batch } => self.undo(ctx, batch),
            Command::AcknowledgeOrder { order, item } => self.acknowledge(ctx, order, item),
            Command::MoveTableSession { session, table } => self.move_session(ctx, session, table),
            Command::CreateCategory { name, position } => self.create_category(ctx, name, position),
            Command::ChangeCategory { category, name, position } => {
                self.change_category(ctx, category, name, position)
            }
            Command::RemoveCategory { category } => self.remove_category(ctx, category),
            Command::CreateDish { name, category, price, change } => {
                self.create_dish(ctx, name, category, price, change)
            }
            Command::ChangeDish { dish, change } => self.change_dish(ctx, dish, change),
            Command::RemoveDish { dish } => self.remove_dish(ctx, dish),
            Command::SetAvailability { dish, availability } => self.set_availability(ctx, dish, availability),
            Command::PassAvailability { dish } => self.pass_availability(ctx, dish),
            Command::MergeTableSessions { session, into } => self.merge_sessions(ctx, session, into),
            Command::CreateProductionOrder { new, stages } => self.create_production_order(ctx, new, &stages),
            Command::UpdateProductionOrder { order, change, stages } => {
                self.update_production_order(ctx, order, change, &stages)
            }
            Command::DeleteProductionOrder { order } => self.delete_production_order(ctx, order),
            Command::ChangeResources(command) => self.change_resources(ctx, &command),
            Command::MoveIn(moving) => self.move_in(ctx, *moving),
            // Its lane is a board's; a restaurant knows no donation.
            Command::Donation(_) => Err(Rejection::forbidden()),
        }
    }

    /// A move of a whole order, which answers with the order.
    pub(super) fn whole_order(
        &mut self,
        ctx: &Context<'_>,
        id: super::OrderId,
        step: impl FnOnce(&mut Order, &Context<'_>) -> Result<Vec<super::Event>, Rejection>,
    ) -> Result<Done, Rejection> {
        let mut order = self.order(id)?.clone();
        ctx.require_version(order.version)?;
        let events = step(&mut order, ctx)?;
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Order(order), events, audit: Vec::new() })
    }
}

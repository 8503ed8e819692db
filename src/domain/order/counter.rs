//! Orders over the counter: placed and confirmed at once, shipped in one move.

use super::{
    super::{
        context::Context,
        event::Event,
        item::{Item, ItemStatus},
        money::Money,
        principal::Role,
        rejection::Rejection,
        text::Name,
    },
    Order, OrderStatus, change,
    ending::{move_lines, no_edge, send},
};

/// What the one line of a counter order is called.
const SALE: &str = "Counter sale";

/// Who may place one.
const SELLERS: &[Role] = &[Role::Waiter, Role::Cashier, Role::Public];
/// Who may hand one out.
const SHIPPERS: &[Role] = &[Role::Waiter, Role::Cashier, Role::Expo, Role::Public];

/// Puts the sale into an empty draft and sends it under the ticket number `number`: `order.new`, then
/// `order.status.changed`, as for any other order.
pub fn place(
    order: &mut Order,
    ctx: &Context<'_>,
    total: Money,
    number: u64,
) -> Result<Vec<Event>, Rejection> {
    ctx.require(SELLERS)?;
    let name = Name::parse(SALE).map_err(|fault| Rejection::invalid(format!("name {fault}")))?;
    let sale = Item::new(order.id, name, 1, total, ctx.at);
    if sale.unit_price.times(sale.qty).is_none() {
        let message = format!("total must not be greater than {} minor units", Money::MAX_LINE);
        return Err(Rejection::invalid(message));
    }
    order.items.push(sale);
    send(order, ctx, number)
}

/// Hands the order out: what is live is SERVED, whatever it was.
pub fn ship(order: &mut Order, ctx: &Context<'_>) -> Result<Vec<Event>, Rejection> {
    match order.status() {
        OrderStatus::Confirmed | OrderStatus::InProgress | OrderStatus::Ready => ctx.require(SHIPPERS)?,
        OrderStatus::Draft | OrderStatus::Served | OrderStatus::Cancelled | OrderStatus::Closed => {
            return Err(no_edge(order, "SERVED"));
        }
    }
    change(order, ctx, |order, events| {
        move_lines(order, ctx, events, |_| ItemStatus::Served, None);
        let (number, customer) = (order.number, order.customer);
        events.push(Event::OrderShipped { order: order.id, order_version: order.version, number, customer });
        Ok(true)
    })
}

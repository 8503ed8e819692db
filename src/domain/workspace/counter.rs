//! Orders over the counter: no table, for a customer or for nobody, known by their numbers.

use super::{
    super::{
        command::Reply,
        context::Context,
        money::{Decimal, Money},
        order::{self, Order},
        rejection::Rejection,
    },
    Done, Workspace,
};

impl Workspace {
    pub(super) fn place_counter_order(
        &mut self,
        ctx: &Context<'_>,
        total: Decimal,
        customer: Option<u64>,
    ) -> Result<Done, Rejection> {
        let customer = customer.map(|number| self.customer(number)).transpose()?;
        let mut order = Order { customer: customer.map(Into::into), ..self.draft(ctx) };
        let total = Money::exact(total, self.currency);
        let total = total.map_err(|fault| Rejection::invalid(format!("total {fault}")))?;
        let number = self.last_order_number + 1;
        let events = order::place(&mut order, ctx, total, number)?;
        self.last_order_number = number;
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Order(order), events, audit: Vec::new() })
    }

    pub(super) fn ship_order(&mut self, ctx: &Context<'_>, number: u64) -> Result<Done, Rejection> {
        let order = self.orders().find(|order| order.number == Some(number));
        let id = order.ok_or_else(|| Rejection::not_found("Order", number))?.id;
        self.whole_order(ctx, id, order::ship)
    }
}

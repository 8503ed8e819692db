//! Production orders: made, changed, deleted.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::Event,
        ids::ProductionOrderId,
        production::{self, NewProductionOrder, ProductionChange, ProductionOrder, Stages},
        rejection::Rejection,
        text::ExternalId,
    },
    Done, Row, Workspace, put,
};

impl Workspace {
    pub fn load_production_order(&mut self, order: ProductionOrder) {
        self.production.insert(order.id, Row::loaded(Some(order)));
    }

    /// Rows to write; one that is nothing now is to be deleted, if it was loaded.
    pub fn dirty_production_orders(&self) -> impl Iterator<Item = &Row<Option<ProductionOrder>>> {
        self.production.values().filter(|row| row.is_dirty())
    }

    fn production_order(&self, id: ProductionOrderId) -> Result<&ProductionOrder, Rejection> {
        let order = self.production.get(&id).and_then(|row| row.now.as_ref());
        order.ok_or_else(|| Rejection::not_found("Production order", id))
    }

    pub(super) fn create_production_order(
        &mut self,
        ctx: &Context<'_>,
        new: NewProductionOrder,
        stages: &Stages,
    ) -> Result<Done, Rejection> {
        let (order, events) = production::create(new, ctx, stages)?;
        Ok(self.put_production_order(order, events))
    }

    pub(super) fn move_production_order(
        &mut self,
        ctx: &Context<'_>,
        new: NewProductionOrder,
        external_id: ExternalId,
        stages: &Stages,
    ) -> Result<Done, Rejection> {
        let (order, events) = production::move_in(new, external_id, ctx, stages)?;
        Ok(self.put_production_order(order, events))
    }

    fn put_production_order(&mut self, order: ProductionOrder, events: Vec<Event>) -> Done {
        put(&mut self.production, order.id, Some(order.clone()));
        Done { reply: Reply::ProductionOrder(order), events, audit: Vec::new() }
    }

    pub(super) fn update_production_order(
        &mut self,
        ctx: &Context<'_>,
        id: ProductionOrderId,
        change: ProductionChange,
        stages: &Stages,
    ) -> Result<Done, Rejection> {
        let mut order = self.production_order(id)?.clone();
        let events = production::update(&mut order, ctx, change, stages)?;
        Ok(self.put_production_order(order, events))
    }

    pub(super) fn delete_production_order(
        &mut self,
        ctx: &Context<'_>,
        id: ProductionOrderId,
    ) -> Result<Done, Rejection> {
        let events = production::delete(self.production_order(id)?, ctx)?;
        put(&mut self.production, id, None);
        Ok(Done { reply: Reply::Removed, events, audit: Vec::new() })
    }
}

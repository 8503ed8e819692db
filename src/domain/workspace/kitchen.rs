//! What the kitchen does with whole orders: bump, undo, acknowledge.

use super::{
    super::{
        batch::Batch,
        command::Reply,
        context::Context,
        ids::{BatchId, ItemId, OrderId, StationId},
        item::Item,
        order,
        principal::Role,
        rejection::Rejection,
        station,
    },
    Done, Workspace, put,
};

impl Workspace {
    /// All lines of the station, or of the order, to READY. Of two cooks at once one makes the batch, the other finds
    /// nothing left to do.
    pub(super) fn bump(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        at_station: Option<StationId>,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Kitchen])?;
        let mut order = self.order(id)?.clone();
        ctx.require_version(order.version)?;
        if let Some(id) = at_station {
            self.station(id)?;
        }
        let stations = self.stations();
        let here = |item: &Item| {
            let made = station::of_line(&stations, item.station.as_ref()).map(|station| station.id);
            at_station.is_none() || made == at_station
        };
        let batch = BatchId::generate();
        let (lines, events) = order::bump(&mut order, ctx, batch, here)?;
        let batch = (!lines.is_empty()).then_some(Batch {
            id: batch,
            order: id,
            station: at_station,
            made_by: ctx.by.user,
            made_at: ctx.at,
            undone_at: None,
            lines,
        });
        if let Some(batch) = &batch {
            put(&mut self.batches, batch.id, batch.clone());
        }
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Bumped { batch, order }, events, audit: Vec::new() })
    }

    /// What a bump made ready, back to what it was. Undone already: nothing to do.
    pub(super) fn undo(&mut self, ctx: &Context<'_>, id: BatchId) -> Result<Done, Rejection> {
        ctx.require(&[Role::Kitchen])?;
        let batch = self.batches.get(&id).map(|row| &row.now);
        let mut batch = batch.ok_or_else(|| Rejection::not_found("Batch", id))?.clone();
        let mut order = self.order(batch.order)?.clone();
        ctx.require_version(order.version)?;
        let events = order::undo(&mut order, ctx, &batch)?;
        batch.undone_at = batch.undone_at.or(Some(ctx.at));
        put(&mut self.batches, id, batch.clone());
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Bumped { batch: Some(batch), order }, events, audit: Vec::new() })
    }

    /// Versions are the line's where it is of one line: `whole_order` would ask for the order's.
    pub(super) fn acknowledge(
        &mut self,
        ctx: &Context<'_>,
        id: OrderId,
        item: Option<ItemId>,
    ) -> Result<Done, Rejection> {
        let mut order = self.order(id)?.clone();
        let events = order::acknowledge(&mut order, ctx, item)?;
        self.put_order(order.clone());
        Ok(Done { reply: Reply::Order(order), events, audit: Vec::new() })
    }
}

//! Tables and their sessions.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::{Event, Reseated, SessionMerge, SessionMove},
        ids::{TableId, TableSessionId},
        order::{Order, Place},
        principal::Role,
        rejection::Rejection,
        table::{Table, TableSession},
        text::Name,
    },
    Done, Workspace,
};
use crate::code::ErrorCode;

impl Workspace {
    pub(super) fn create_table(&mut self, ctx: &Context<'_>, name: Name) -> Result<Done, Rejection> {
        ctx.require(&[Role::Manager])?;
        if self.table_named(&name).is_some() {
            return Err(Rejection::new(ErrorCode::NameTaken, format!("there is a table {name} already")));
        }
        let table = Table::new(TableId::generate(), name, ctx.at);
        self.put_table(table.clone());
        Ok(Reply::Table(table).into())
    }

    /// Of racing openings of one table one wins.
    pub(super) fn open_session(
        &mut self,
        ctx: &Context<'_>,
        table: TableId,
        covers: Option<u32>,
    ) -> Result<Done, Rejection> {
        let session = self.new_session(ctx, table, covers)?;
        self.put_session(session.clone());
        Ok(Done {
            reply: Reply::TableSession(session.clone()),
            events: vec![Event::TableSessionOpened(session)],
            audit: Vec::new(),
        })
    }

    /// A session that may be opened.
    pub(super) fn new_session(
        &self,
        ctx: &Context<'_>,
        table: TableId,
        covers: Option<u32>,
    ) -> Result<TableSession, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let table_name = self.table(table)?.name.clone();
        self.require_free(table, &table_name)?;
        Ok(TableSession {
            id: TableSessionId::generate(),
            table,
            table_name,
            covers,
            opened_by: ctx.by.user,
            opened_at: ctx.at,
            closed_at: None,
        })
    }

    pub(super) fn close_session(&mut self, ctx: &Context<'_>, id: TableSessionId) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let mut session = self.open_session_by_id(id)?.clone();
        let of_session =
            |order: &&super::Order| order.place.as_ref().is_some_and(|place| place.session == id);
        let open = self.orders().filter(of_session).filter(|order| order.status().is_open()).count();
        if open > 0 {
            let message = format!("the table session has {open} open orders");
            return Err(Rejection::new(ErrorCode::SessionHasOpenOrders, message));
        }
        session.closed_at = Some(ctx.at);
        self.put_session(session.clone());
        Ok(Done {
            reply: Reply::TableSession(session.clone()),
            events: vec![Event::TableSessionClosed(session)],
            audit: Vec::new(),
        })
    }

    /// The guests go to another table, and their orders with them.
    pub(super) fn move_session(
        &mut self,
        ctx: &Context<'_>,
        id: TableSessionId,
        table: TableId,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let mut session = self.open_session_by_id(id)?.clone();
        let (from, table_name) = (session.table, self.table(table)?.name.clone());
        if from == table {
            return Ok(Reply::TableSession(session).into());
        }
        self.require_free(table, &table_name)?;
        (session.table, session.table_name) = (table, table_name);
        let orders = self.reseat(ctx, id, &session);
        self.put_session(session.clone());
        let event = Event::TableSessionMoved(SessionMove { session: session.clone(), from, orders });
        Ok(Done { reply: Reply::TableSession(session), events: vec![event], audit: Vec::new() })
    }

    /// The guests join others: their open orders belong to those now, and their own session ends.
    pub(super) fn merge_sessions(
        &mut self,
        ctx: &Context<'_>,
        id: TableSessionId,
        into: TableSessionId,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        let mut session = self.open_session_by_id(id)?.clone();
        if id == into {
            return Err(Rejection::invalid("intoId must be another table session"));
        }
        let into = self.open_session_by_id(into)?.clone();
        let orders = self.reseat(ctx, id, &into);
        session.closed_at = Some(ctx.at);
        self.put_session(session.clone());
        let event = Event::TableSessionMerged(SessionMerge { session, into: into.clone(), orders });
        Ok(Done { reply: Reply::TableSession(into), events: vec![event], audit: Vec::new() })
    }

    /// Gives the open orders of a session another place; those it ended with stay with it.
    fn reseat(&mut self, ctx: &Context<'_>, from: TableSessionId, to: &TableSession) -> Vec<Reseated> {
        let here = |order: &&Order| order.place.as_ref().is_some_and(|place| place.session == from);
        let mut orders: Vec<Order> = self.orders().filter(here).cloned().collect();
        orders.sort_by_key(|order| (order.created_at, order.id));
        let mut reseated = Vec::new();
        for mut order in orders {
            if order.status().is_open() {
                order.version += 1;
                order.updated_at = ctx.at;
                reseated.push(Reseated { order: order.id, order_version: order.version });
            } else if to.id != from {
                continue;
            }
            order.place = Some(Place::of(to));
            self.put_order(order);
        }
        reseated
    }

    fn require_free(&self, table: TableId, name: &Name) -> Result<(), Rejection> {
        if self.sessions.values().any(|row| row.now.table == table && row.now.is_open()) {
            let message = format!("table {name} has an open session already");
            return Err(Rejection::new(ErrorCode::TableOccupied, message));
        }
        Ok(())
    }

    /// The session, refused where it has been closed.
    pub(super) fn open_session_by_id(&self, id: TableSessionId) -> Result<&TableSession, Rejection> {
        let session = self.session(id)?;
        if session.is_open() {
            return Ok(session);
        }
        let message = "the table session has been closed";
        Err(Rejection::new(ErrorCode::TableSessionClosed, message).at(session.status()))
    }
}

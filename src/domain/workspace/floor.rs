//! Tables and their sessions.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::Event,
        ids::{TableId, TableSessionId},
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
        let table = Table { id: TableId::generate(), name, created_at: ctx.at };
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
        ctx.require(&[Role::Waiter])?;
        let table_name = self.table(table)?.name.clone();
        if self.sessions.values().any(|row| row.now.table == table && row.now.is_open()) {
            let message = format!("table {table_name} has an open session already");
            return Err(Rejection::new(ErrorCode::TableOccupied, message));
        }
        let session = TableSession {
            id: TableSessionId::generate(),
            table,
            table_name,
            covers,
            opened_by: ctx.by.user,
            opened_at: ctx.at,
            closed_at: None,
        };
        self.put_session(session.clone());
        Ok(Done {
            reply: Reply::TableSession(session.clone()),
            events: vec![Event::TableSessionOpened(session)],
            audit: Vec::new(),
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

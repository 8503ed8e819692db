//! Reading where the stream stands: at the start and after a restart.

use super::{READ_WITHIN, Room, Whom};
use crate::{
    code::ErrorCode,
    store::{StoreError, log::Head},
};
use actix::{ActorFutureExt, AsyncContext, Context, WrapFuture};
use tokio::time::{error::Elapsed, timeout};

impl Room {
    pub(super) fn load(&mut self, ctx: &mut Context<Self>) {
        let read = timeout(READ_WITHIN, self.house.log.head(self.stream));
        ctx.spawn(read.into_actor(self).map(|answer, room, ctx| room.loaded(answer, ctx)));
    }

    fn loaded(&mut self, answer: Result<Result<Option<Head>, StoreError>, Elapsed>, ctx: &mut Context<Self>) {
        let refusal = match answer {
            Ok(Ok(Some(head))) => return self.stand(head, ctx),
            Ok(Ok(None)) => ErrorCode::NotFound,
            Ok(Err(error)) => {
                tracing::warn!(stream.id = %self.stream, %error, "room cannot read its log");
                ErrorCode::DatabaseUnavailable
            }
            Err(_) => {
                tracing::warn!(stream.id = %self.stream, "room waited too long for its log");
                ErrorCode::DatabaseUnavailable
            }
        };
        self.refusal = Some(refusal);
        self.refuse_waiting(Whom::Everyone, refusal);
        ctx.run_later(self.failed(), Self::load);
    }

    /// The room stands at `head`, and serves from there.
    pub(super) fn stand(&mut self, head: Head, ctx: &mut Context<Self>) {
        if self.epoch.as_ref().is_some_and(|known| *known != head.epoch) {
            tracing::warn!(stream.id = %self.stream, "the log was restored");
            self.rings.clear();
            self.members.dismiss(Whom::Everyone, ErrorCode::Resync);
        }
        (self.refusal, self.failures) = (None, 0);
        if std::mem::take(&mut self.restarted) {
            self.members.head(head.seq);
        }
        self.traffic.stands(head.seq);
        self.epoch = Some(head.epoch.clone());
        self.head = Some(head);
        for waiting in std::mem::take(&mut self.waiting) {
            self.answer(waiting.join, ctx);
        }
        self.catch_up_if_owed(ctx);
    }
}

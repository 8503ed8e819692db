//! A request's payload with the frame guard in front: what the codec reads has been judged.

use crate::wire::guard::{Guard, Limits, Refusal};
use actix_web::{error::PayloadError, web::Bytes};
use futures_util::{Stream, StreamExt, ready};
use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// A refused connection: why, and what still comes on it. That is to be read and thrown away until the peer has our
/// close frame: closing with bytes unread makes the kernel send a reset, which may overtake it.
#[derive(Debug)]
pub struct Refused<P> {
    pub refusal: Refusal,
    rest: P,
}

impl<P: Stream + Unpin> Refused<P> {
    /// Throws everything away until the peer closes.
    pub async fn drain(mut self) {
        while self.rest.next().await.is_some() {}
    }
}

/// Where a [`Guarded`] leaves its verdict: it itself just ends, so that good frames before the bad one are served.
pub type Verdict<P> = Rc<RefCell<Option<Refused<P>>>>;

/// Passes good bytes on and ends at the first bad one, or with the connection.
#[derive(Debug)]
pub struct Guarded<P> {
    inner: Option<P>,
    guard: Guard,
    verdict: Verdict<P>,
}

impl<P> Guarded<P> {
    pub fn new(inner: P, limits: Limits) -> Self {
        Self { inner: Some(inner), guard: Guard::new(limits), verdict: Verdict::default() }
    }

    pub fn verdict(&self) -> Verdict<P> {
        Rc::clone(&self.verdict)
    }
}

impl<P> Stream for Guarded<P>
where
    P: Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(inner) = this.inner.as_mut() else { return Poll::Ready(None) };
        let Some(Ok(mut chunk)) = ready!(inner.poll_next_unpin(cx)) else {
            this.inner = None;
            return Poll::Ready(None);
        };
        if let Err((good, refusal)) = this.guard.check(&chunk) {
            chunk.truncate(good);
            *this.verdict.borrow_mut() = this.inner.take().map(|rest| Refused { refusal, rest });
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

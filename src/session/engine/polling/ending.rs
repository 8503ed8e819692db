//! How a session on long-polling ends, and who is told.

use super::{Act, Answer, LINGER, Now, Polling, Session, Stage};
use crate::code::ErrorCode;

impl<S: Session> Polling<S> {
    /// The engine closed. A client that closed by itself hears a noop, any other the close; where no GET waits, the
    /// next may still have it, unless the client broke the protocol or is gone.
    pub(super) fn closing(&mut self, now: Now, code: Option<ErrorCode>, acts: &mut Vec<Act>) {
        if let Stage::Switching | Stage::Orphaned(_) = self.stage {
            self.answer(Answer::Refused, acts);
            match self.stage {
                Stage::Switching => {
                    self.stage = Stage::Closed(now.mono + LINGER, code);
                    self.call_heir(acts);
                }
                _ => self.end(code, acts),
            }
            return;
        }
        let last = if code.is_none() { "6" } else { "1" };
        let at_once =
            matches!(code, Some(ErrorCode::ProtocolError | ErrorCode::PeerSilent | ErrorCode::SlowConsumer));
        if at_once || self.poll.is_some() {
            let packets = self.outbox.payload(Some(last));
            self.answer(Answer::Packets(packets), acts);
            return self.end(code, acts);
        }
        self.stage = Stage::Farewell(last, now.mono + LINGER, code);
    }

    pub(super) fn end(&mut self, code: Option<ErrorCode>, acts: &mut Vec<Act>) {
        self.stage = Stage::Ended;
        self.engine = None;
        acts.push(Act::End(code));
    }
}

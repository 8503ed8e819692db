//! How a client's event is answered: what every reply, and every refusal, looks like.
//!
//! None ends in a text, nor has no argument at all: a stock client would keep that as its offset.

use crate::{
    code::ErrorCode,
    domain::rejection::Rejection,
    session::{Answered, Now, socketio::Context},
    wire::{
        json::{Json, quote},
        said::{Cause, Details, Exception, Failure, Pong, Refusal, text},
        socketio::Content,
        time::Written,
    },
};

/// Bytes of a client's event name that an error repeats.
const MAX_PATTERN: usize = 128;

/// The result of a request: to its acknowledgement, or else as an event of the same name.
pub fn answer(event: &str, ack: Option<u64>, data: &str, context: &mut Context<'_>) {
    tell(event, ack, data, "", context);
}

/// The same of what may be a page, with the cursor of the next; an event of the same name has no place for that.
pub fn page(event: &str, ack: Option<u64>, Answered { data, cursor }: &Answered, context: &mut Context<'_>) {
    let cursor = cursor.as_ref().map(|cursor| format!(r#","cursor":{}"#, quote(cursor)));
    tell(event, ack, data, &cursor.unwrap_or_default(), context);
}

/// `more` are further members of an acknowledgement.
fn tell(event: &str, ack: Option<u64>, data: &str, more: &str, context: &mut Context<'_>) {
    match ack {
        Some(id) => {
            let result = format!(r#"{{"event":{},"data":{data}{more}}}"#, quote(event));
            context.ack(id, Content::new(vec![Json::trusted(result)]));
        }
        None => context.emit(event, Content::new(vec![Json::trusted(data)])),
    }
}

/// What `test` of specification 002 is answered with: an event of another name, and an acknowledgement where one is asked for.
pub fn pong(now: Now, ack: Option<u64>, context: &mut Context<'_>) {
    let data = text(&Pong::new(Written(now.wall).to_string()));
    context.emit("test-response", Content::new(vec![Json::trusted(data.clone())]));
    if ack.is_some() {
        answer("test-response", ack, &data, context);
    }
}

/// A request that failed for one reason.
pub fn fail(event: &str, ack: Option<u64>, code: ErrorCode, message: &str, context: &mut Context<'_>) {
    refuse(event, ack, &Rejection::new(code, message), context);
}

/// A failed request: an `exception` event, and an acknowledgement without an `event` member, where one is asked for. Its
/// `details` are the faults of a validation, or the status that stood in the way.
pub fn refuse(event: &str, ack: Option<u64>, rejection: &Rejection, context: &mut Context<'_>) {
    let (code, message) = (rejection.code, rejection.messages.join("; "));
    if let Some(id) = ack {
        let details = match (&rejection.current, code) {
            (Some(current_status), _) => Some(Details::Stands { current_status }),
            (None, ErrorCode::ValidationFailed) => Some(Details::Faults(&rejection.messages)),
            (None, _) => None,
        };
        let error = Failure { details, ..Failure::new(code, &message) };
        context.ack_failed(id, code, Content::new(vec![Json::trusted(text(&Refusal { error }))]));
    }
    let cause = Cause { pattern: &event[..event.floor_char_boundary(MAX_PATTERN)] };
    let exception = Exception { status: "error", message: &message, code: code.name(), cause };
    context.emit("exception", Content::new(vec![Json::trusted(text(&exception))]));
}

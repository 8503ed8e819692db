//! How a client's event is answered: what every reply, and every refusal, looks like.
//!
//! None ends in a text, nor has no argument at all: a stock client would keep that as its offset.

use crate::{
    code::ErrorCode,
    domain::rejection::Rejection,
    session::socketio::Context,
    wire::{
        json::{Json, quote},
        socketio::Content,
    },
};

/// Bytes of a client's event name that an error repeats.
const MAX_PATTERN: usize = 128;

/// The result of a request: to its acknowledgement, or else as an event of the same name.
pub fn answer(event: &str, ack: Option<u64>, data: &str, context: &mut Context<'_>) {
    match ack {
        Some(id) => {
            let result = format!(r#"{{"event":{},"data":{data}}}"#, quote(event));
            context.ack(id, Content::new(vec![Json::trusted(result)]));
        }
        None => context.emit(event, Content::new(vec![Json::trusted(data)])),
    }
}

/// A request that failed for one reason.
pub fn fail(event: &str, ack: Option<u64>, code: ErrorCode, message: &str, context: &mut Context<'_>) {
    refuse(event, ack, &Rejection::new(code, message), context);
}

/// A failed request: an `exception` event, and an acknowledgement without an `event` member, where one is asked for. Its
/// `details` are the faults of a validation, or the status that stood in the way.
pub fn refuse(event: &str, ack: Option<u64>, rejection: &Rejection, context: &mut Context<'_>) {
    let (code, message) = (rejection.code, quote(&rejection.messages.join("; ")));
    if let Some(id) = ack {
        let details = match (&rejection.current, code) {
            (Some(current), _) => format!(r#","details":{{"currentStatus":{}}}"#, quote(current)),
            (None, ErrorCode::ValidationFailed) => {
                let faults: Vec<String> = rejection.messages.iter().map(|fault| quote(fault)).collect();
                format!(r#","details":[{}]"#, faults.join(","))
            }
            (None, _) => String::new(),
        };
        let error = format!(r#"{{"error":{{"code":"{code}","message":{message}{details}}}}}"#);
        context.ack_failed(id, code, Content::new(vec![Json::trusted(error)]));
    }
    let pattern = quote(&event[..event.floor_char_boundary(MAX_PATTERN)]);
    let exception = format!(
        r#"{{"status":"error","message":{message},"code":"{code}","cause":{{"pattern":{pattern}}}}}"#
    );
    context.emit("exception", Content::new(vec![Json::trusted(exception)]));
}

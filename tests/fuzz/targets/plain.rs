//! Frames of the plain WebSocket: what is read agrees with a JSON parser that knows nothing of frames.

use comanda::{
    code::ErrorCode,
    wire::plain::{error, event, parse},
};
use serde_json::Value;

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(frame) = parse(text) else { return };
    // Half a surrogate pair, or 1e999, is JSON's grammar and yet no value: it is carried as it came.
    let Ok(whole) = serde_json::from_str::<Value>(text) else { return };
    assert_eq!(whole["event"].as_str(), Some(frame.event.as_ref()));
    assert!(frame.event.len() <= 64, "an event's name is bounded");
    if let Some(id) = frame.id {
        assert!(id.get().len() <= 64, "an id is bounded");
        assert!(whole["id"].is_string() || whole["id"].is_number(), "an id is a scalar");
    }
    // Both answers are JSON, with the id as it was given.
    let answers = [event(frame.id, &frame.event, frame.data), error(frame.id, ErrorCode::BadRequest, text)];
    for answer in answers {
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        match frame.id {
            Some(_) => assert_eq!(answer["id"], whole["id"]),
            None => assert!(answer.get("id").is_none()),
        }
    }
}

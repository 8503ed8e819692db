//! What sockets and event streams say against the AsyncAPI document.

use super::Contract;
use serde_json::{Value, json};

/// The channel of a namespace.
pub fn channel(namespace: &str) -> Option<&'static str> {
    match namespace {
        "/" => Some("main"),
        "/admin" => Some("admin"),
        "/donations" => Some("donations"),
        "/api" => Some("api"),
        _ => None,
    }
}

/// A line of the stock client's as what was heard; `None` for what is no message of the server.
pub fn of_stock_client(line: &Value) -> Option<Value> {
    match line["what"].as_str()? {
        "event" => Some(json!({ "event": line["name"], "data": line["args"][0] })),
        "ack" => Some(json!({ "ack": line["value"] })),
        "connect_error" if !line["data"].is_null() => {
            Some(json!({ "refused": { "message": line["message"], "data": line["data"] } }))
        }
        _ => None,
    }
}

/// True where a documented name is this one; a part in braces is an id.
fn is_called(documented: &str, name: &str) -> bool {
    match documented.split_once('}') {
        Some((_, rest)) => name.strip_suffix(rest).is_some_and(|id| uuid::Uuid::parse_str(id).is_ok()),
        None => documented == name,
    }
}

impl Contract {
    /// Holds what was heard on a channel against what may be told there. On plain sockets that is a frame; elsewhere
    /// `{event, data}`, `{ack}`, or `{refused}` or `{connected}` of a CONNECT.
    pub fn heard(&self, channel: &str, what: &Value) -> Result<(), String> {
        let messages = self.asyncapi["channels"][channel]["messages"].as_object();
        let messages = messages.ok_or_else(|| format!("channel {channel} is not documented"))?;
        let is_plain = channel.starts_with("ws");
        let acknowledged = |key: &str| key.ends_with(".answered");
        let told = |key: &str| !acknowledged(key) && !key.ends_with(".asked");
        let named = |message: &Value, name: &Value| {
            let documented = message["name"].as_str().unwrap_or_default();
            name.as_str().is_some_and(|name| is_called(documented, name))
        };
        let mut faults = Vec::new();
        let mut fits = Vec::new();
        for (key, message) in messages {
            let (candidate, value) = if is_plain {
                let refused = what.get("error").is_some();
                let may = if refused {
                    key == "refused"
                } else {
                    !key.ends_with(".asked") && named(message, &what["event"])
                };
                (may, what)
            } else if let Some(ack) = what.get("ack") {
                let refused = ack.get("event").is_none();
                (
                    if refused {
                        key == "refused"
                    } else {
                        acknowledged(key) && named(message, &ack["event"])
                    },
                    ack,
                )
            } else if let Some(refused) = what.get("refused") {
                (key == "connect_error", refused)
            } else if let Some(connected) = what.get("connected") {
                (key == "connected", connected)
            } else {
                (told(key) && key != "refused" && named(message, &what["event"]), &what["data"])
            };
            if candidate {
                let wrong = self.sockets.faults(&message["payload"], value);
                if wrong.is_empty() { fits.push(key) } else { faults.extend(wrong) }
            }
        }
        if fits.is_empty() {
            let why = if faults.is_empty() { "not documented".to_owned() } else { faults.join("\n") };
            return Err(format!("on {channel}: {why}: {what:.2000}"));
        }
        fits.into_iter().for_each(|key| self.saw(format!("{channel} {key}")));
        Ok(())
    }

    /// What a client asked, and was not refused, is what is documented.
    pub fn asked(&self, channel: &str, event: &str, data: &Value) -> Result<(), String> {
        let messages = self.asyncapi["channels"][channel]["messages"].as_object().expect("messages");
        let may = |key: &str| key.ends_with(".asked") || key == "connect";
        let found = messages.iter().find(|(key, message)| may(key) && message["name"] == event);
        let Some((key, message)) = found else {
            return Err(format!("on {channel}: {event} is not documented"));
        };
        let faults = self.sockets.faults(&message["payload"], data);
        if !faults.is_empty() {
            return Err(format!("on {channel}: {event}: {}: {data}", faults.join("\n")));
        }
        self.saw(format!("{channel} {key}"));
        Ok(())
    }

    /// Every message of every channel.
    pub fn all_messages(&self) -> Vec<String> {
        let channels = self.asyncapi["channels"].as_object().expect("channels");
        let all = channels.iter().flat_map(|(channel, about)| {
            let messages = about["messages"].as_object().expect("messages");
            messages.keys().map(move |key| format!("{channel} {key}"))
        });
        all.collect()
    }
}

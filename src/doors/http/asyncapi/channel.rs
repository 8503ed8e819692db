//! One channel of the AsyncAPI document: what is told there, what may be asked, how it is answered.

use crate::code::ErrorCode;
use serde_json::{Map, Value, json};

/// How a channel's messages travel, and so what a message's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The first argument of an event.
    SocketIo,
    /// A whole frame.
    Plain,
    /// An event's `data`.
    Stream,
}

/// See above. Messages have keys of their own: an event that is told has its name, one that is asked `.asked` behind it,
/// its acknowledgement `.answered`.
#[derive(Debug)]
pub struct Channel {
    pub carrier: Carrier,
    pub address: String,
    key: String,
    messages: Map<String, Value>,
    /// Keys of what the server tells unasked.
    told: Vec<String>,
    /// Keys of what clients ask, and of how each is answered.
    asked: Vec<(String, Vec<String>)>,
}

/// Where a refusal of any ask stands.
const REFUSED: &str = "refused";

/// A schema of the document.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What is said of a key, wherever one may be sent.
const KEY: &str = "A name for this request: repeated with it, it is answered again and not done again. On Socket.IO a \
                   second argument `{key}`, on a plain WebSocket a member `key` of the frame";

fn key(name: &str, what: &str) -> String {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String =
        name.chars().filter(|&c| c != '{' && c != '}').map(|c| if good(c) { c } else { '.' }).collect();
    format!("{name}{what}")
}

impl Channel {
    pub fn new(carrier: Carrier, key: &str, address: &str) -> Self {
        let (messages, told, asked) = (Map::new(), Vec::new(), Vec::new());
        Self { carrier, address: address.to_owned(), key: key.to_owned(), messages, told, asked }
    }

    /// Adds a message; where one has this key already, it may be either.
    fn message(&mut self, key: &str, name: &str, payload: Value) {
        let payload = match self.messages.get_mut(key).map(|message| message["payload"].take()) {
            None => payload,
            Some(other) if other == payload => payload,
            Some(other) => json!({ "anyOf": [other, payload] }),
        };
        self.messages.insert(key.to_owned(), json!({ "name": name, "payload": payload }));
    }

    /// A frame as plain sockets have it; its event may have an id in its name.
    fn frame(name: &str, data: &Value, more: &[(&str, Value)], required: &[&str]) -> Value {
        let event = match name.split_once('}') {
            Some((_, rest)) => json!({ "type": "string", "pattern": format!("^[0-9a-f-]{{36}}{rest}$") }),
            None => json!({ "const": name }),
        };
        let mut properties = json!({ "event": event, "data": data });
        for (name, schema) in more {
            properties[*name] = schema.clone();
        }
        let required: Vec<&str> = ["event", "data"].iter().chain(required).copied().collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    fn tell(&mut self, name: &str, payload: Value) {
        let key = key(name, "");
        self.message(&key, name, payload);
        if !self.told.contains(&key) {
            self.told.push(key);
        }
    }

    /// The server tells this of itself.
    pub fn tells(&mut self, name: &str, data: Value) {
        let payload = match self.carrier {
            Carrier::Plain => Self::frame(name, &data, &[], &[]),
            Carrier::SocketIo | Carrier::Stream => data,
        };
        self.tell(name, payload);
    }

    /// The server tells this event of the log.
    pub fn tells_logged(&mut self, name: &str, data: Value) {
        let seq = json!({ "type": "integer", "minimum": 1 });
        let payload = match self.carrier {
            Carrier::Plain => Self::frame(name, &data, &[("seq", seq)], &["seq"]),
            Carrier::SocketIo | Carrier::Stream => data,
        };
        self.tell(name, payload);
    }

    /// How a namespace is entered.
    pub fn connects(&mut self, ask: Value, yes: Value, no: Value) {
        self.message("connect", "CONNECT", ask);
        self.message("connected", "CONNECT", yes);
        self.message("connect_error", "CONNECT_ERROR", no);
        let replies = ["connected", "connect_error"].map(str::to_owned).to_vec();
        self.asked.push(("connect".to_owned(), replies));
    }

    /// How whatever is asked is refused. `failure` is the whole acknowledgement on Socket.IO, the frame's `error` on a plain socket.
    pub fn refuses(&mut self, failure: Value) {
        let payload = match self.carrier {
            Carrier::Plain => json!({
                "type": "object", "properties": { "id": id(), "error": failure }, "required": ["id", "error"],
            }),
            Carrier::SocketIo | Carrier::Stream => failure,
        };
        self.message(REFUSED, "error", payload);
    }

    /// A client may ask this; it is answered where an acknowledgement is asked for, or the frame has an id.
    pub fn acknowledges(&mut self, name: &str, data: Value, answered: &str, answer: &Value) {
        self.replies(name, data, answered, answer, &[]);
    }

    /// `more` are members that an acknowledgement may have beside its data.
    fn replies(&mut self, name: &str, data: Value, answered: &str, answer: &Value, more: &[(&str, Value)]) {
        let (asked, acknowledged) = (key(name, ".asked"), key(name, ".answered"));
        let text = json!({ "type": "string", "minLength": 1, "maxLength": 255, "description": KEY });
        let (ask, answer) = match self.carrier {
            Carrier::Plain => {
                // Where nothing is looked at, there may be none.
                let mut ask = Self::frame(name, &data, &[("id", id()), ("key", text)], &[]);
                ask["required"] = json!(["event"]);
                (ask, Self::frame(answered, answer, &[&[("id", id())], more].concat(), &[]))
            }
            Carrier::SocketIo | Carrier::Stream => (data, Self::frame(answered, answer, more, &[])),
        };
        self.message(&asked, name, ask);
        if self.carrier == Carrier::SocketIo
            && let Some(message) = self.messages.get_mut(&asked)
        {
            let key = json!({ "type": "string", "description": KEY });
            message["headers"] = json!({ "type": "object", "properties": { "key": key } });
        }
        self.message(&acknowledged, answered, answer);
        self.asked.push((asked, vec![acknowledged, REFUSED.to_owned()]));
    }

    /// The same; where no acknowledgement is asked for, an event of the same name comes.
    pub fn answers(&mut self, name: &str, data: Value, answer: &Value) {
        self.acknowledges(name, data, name, answer);
        if self.carrier == Carrier::SocketIo {
            self.tells(name, answer.clone());
        }
    }

    /// The same of a list: an acknowledgement says how to go on. An event of the same name has no place for that.
    pub fn lists(&mut self, name: &str, data: Value, answer: &Value) {
        let next = "Where there is a next page: the `cursor` to ask for it with";
        let cursor = json!({ "type": "string", "description": next });
        self.replies(name, data, name, answer, &[("cursor", cursor)]);
        if self.carrier == Carrier::SocketIo {
            self.tells(name, answer.clone());
        }
    }

    fn messages_of(&self, keys: &[String]) -> Vec<Value> {
        let at = |key: &String| json!({ "$ref": format!("#/channels/{}/messages/{key}", self.key) });
        keys.iter().map(at).collect()
    }

    /// What the server sends here, as one operation, and one operation for each ask.
    pub fn operations(&self) -> Vec<(String, Value)> {
        let channel = json!({ "$ref": format!("#/channels/{}", self.key) });
        let told = json!({ "action": "send", "channel": channel, "messages": self.messages_of(&self.told) });
        let mut all = vec![(format!("{}.told", self.key), told)];
        for (asked, replies) in &self.asked {
            let reply = json!({ "channel": channel, "messages": self.messages_of(replies) });
            let messages = self.messages_of(std::slice::from_ref(asked));
            let operation =
                json!({ "action": "receive", "channel": channel, "messages": messages, "reply": reply });
            all.push((format!("{}.{asked}", self.key), operation));
        }
        all
    }

    /// Its key and what stands there.
    pub fn finish(self) -> (String, Value) {
        let (server, what) = match self.carrier {
            Carrier::SocketIo => (
                "socketio",
                "A namespace. A payload is an event's first argument; where the connection can be recovered, events of the log have a text behind it, which a stock client repeats when it comes back",
            ),
            Carrier::Plain => {
                ("websocket", "A payload is a whole frame. `?epoch=&since=` asks for what was missed")
            }
            Carrier::Stream => ("events", "A payload is an event's `data`; its `id` is `epoch:seq`"),
        };
        let mut channel = json!({
            "address": self.address,
            "description": what,
            "servers": [{ "$ref": format!("#/servers/{server}") }],
            "messages": self.messages,
        });
        if self.carrier == Carrier::Plain {
            let mut query = json!({
                "type": "object",
                "properties": { "epoch": { "type": "string" }, "since": { "type": "integer", "minimum": 0 } },
            });
            if self.address == "/donations" {
                let board = json!({ "type": "string", "description": "Which board, by its name: for an NGO that is on several" });
                query["properties"]["board"] = board;
            }
            channel["bindings"] = json!({ "ws": { "method": "GET", "query": query } });
            channel["x-close-codes"] = closes();
        }
        (self.key, channel)
    }
}

/// A text or a number of at most 64 bytes, chosen by the client and repeated by the answer.
fn id() -> Value {
    json!({ "type": ["string", "number"] })
}

/// How sockets end, and whether to come back.
fn closes() -> Value {
    let row = |code: &ErrorCode| {
        let face = code.face();
        json!({ "code": face.close, "reason": face.name, "retry": face.retry })
    };
    ErrorCode::ALL.iter().map(row).collect()
}

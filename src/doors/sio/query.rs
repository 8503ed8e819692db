//! What Engine.IO's query string says, whatever else is in it.

use super::refusal::Refusal;

/// The parameters that count. Their values need no percent-decoding: none has a character to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'a> {
    /// `transport=websocket`; otherwise polling.
    pub websocket: bool,
    /// `EIO=4`.
    pub version_4: bool,
    pub sid: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// Unknown parameters are ignored, as clients add their own; a parameter that counts may stand there once.
    pub fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (mut transport, mut version, mut sid) = (None, None, None);
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "transport" => &mut transport,
                "EIO" => &mut version,
                "sid" => &mut sid,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(Refusal::BadRequest);
            }
        }
        let websocket = match transport {
            Some("polling") => false,
            Some("websocket") => true,
            _ => return Err(Refusal::UnknownTransport),
        };
        Ok(Self { websocket, version_4: version == Some("4"), sid: sid.filter(|sid| !sid.is_empty()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send_and_what_they_do_not() {
        let query = Query::parse("EIO=4&transport=polling&t=abc&sid=xyz").unwrap();
        assert_eq!(query, Query { websocket: false, version_4: true, sid: Some("xyz") });
        assert!(!Query::parse("EIO=3&transport=websocket").unwrap().version_4);
        assert_eq!(Query::parse("transport=polling&sid=").unwrap().sid, None);
        let long = format!("transport=polling&{}", "x".repeat(8 << 10));
        assert!(Query::parse(&long).is_ok());
        let rows = [
            ("", Refusal::UnknownTransport),
            ("EIO=4", Refusal::UnknownTransport),
            ("transport=abc", Refusal::UnknownTransport),
            ("transport=__proto__", Refusal::UnknownTransport),
            ("transport[]=polling", Refusal::UnknownTransport),
            ("__proto__=polling", Refusal::UnknownTransport),
            ("transport=polling&transport=websocket", Refusal::BadRequest),
            ("transport=polling&sid=a&sid=b", Refusal::BadRequest),
            ("transport=polling&EIO=4&EIO=4", Refusal::BadRequest),
        ];
        for (text, refusal) in rows {
            assert_eq!(Query::parse(text), Err(refusal), "{text:?}");
        }
    }
}

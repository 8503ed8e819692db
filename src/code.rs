//! `ErrorCode`: every way something can be refused, its name, HTTP status, WebSocket close code, and whether to try again.

use std::fmt;

/// One row of the error table: what each kind of client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// Stable name, the `code` member of error bodies.
    pub name: &'static str,
    /// HTTP status of a response.
    pub status: u16,
    /// Close code where this ends a WebSocket (RFC 6455 §7.4; 4000–4999 are ours).
    pub close: u16,
    /// True where the same client may succeed by trying again later.
    pub retry: bool,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:literal, $close:literal, $retry:literal;)*) => {
        /// A stable reason, shared by REST bodies, socket errors and close frames.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// Every code, for tables and tests.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// What clients are told of this code.
            pub const fn face(self) -> Face {
                match self {
                    $(ErrorCode::$variant => Face { name: $name, status: $status, close: $close, retry: $retry },)*
                }
            }

            /// The code with this stable name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(ErrorCode::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    // 4xx: the request itself.
    BadRequest = "BAD_REQUEST", 400, 1008, false;
    ValidationFailed = "VALIDATION_FAILED", 400, 1008, false;
    ReasonRequired = "REASON_REQUIRED", 400, 1008, false;
    /// No token, or one that is malformed, forged or revoked.
    InvalidToken = "INVALID_TOKEN", 401, 4500, false;
    TokenExpired = "TOKEN_EXPIRED", 401, 4003, true;
    InvalidCredentials = "INVALID_CREDENTIALS", 401, 4500, false;
    Forbidden = "FORBIDDEN", 403, 1008, false;
    OriginForbidden = "ORIGIN_FORBIDDEN", 403, 1008, false;
    NotFound = "NOT_FOUND", 404, 1008, false;
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, 1008, false;
    RequestTimeout = "REQUEST_TIMEOUT", 408, 1008, true;
    InvalidTransition = "INVALID_TRANSITION", 409, 1008, false;
    /// `expectedStatus` named another status than the current one.
    StaleStatus = "STALE_STATUS", 409, 1008, false;
    OrderEmpty = "ORDER_EMPTY", 409, 1008, false;
    OrderNotConfirmed = "ORDER_NOT_CONFIRMED", 409, 1008, false;
    OrderNotOpen = "ORDER_NOT_OPEN", 409, 1008, false;
    ItemNotEditable = "ITEM_NOT_EDITABLE", 409, 1008, false;
    ItemUnavailable = "ITEM_UNAVAILABLE", 409, 1008, false;
    LimitReached = "LIMIT_REACHED", 409, 1008, false;
    TableOccupied = "TABLE_OCCUPIED", 409, 1008, false;
    TableSessionClosed = "TABLE_SESSION_CLOSED", 409, 1008, false;
    /// A bump is too old to be taken back.
    UndoExpired = "UNDO_EXPIRED", 409, 1008, false;
    CategoryInUse = "CATEGORY_IN_USE", 409, 1008, false;
    SessionHasOpenOrders = "SESSION_HAS_OPEN_ORDERS", 409, 1008, false;
    NameTaken = "NAME_TAKEN", 409, 1008, false;
    /// Somebody has it, or nobody can have it any more.
    DonationUnavailable = "DONATION_UNAVAILABLE", 409, 1008, false;
    /// Another document has this value of a unique field.
    ValueTaken = "VALUE_TAKEN", 409, 1008, false;
    /// Something else names it.
    ResourceInUse = "RESOURCE_IN_USE", 409, 1008, false;
    EmailTaken = "EMAIL_TAKEN", 409, 1008, false;
    /// A restaurant keeps an owner.
    LastOwner = "LAST_OWNER", 409, 1008, false;
    /// An invite, a pairing code or a password's reset that is unknown, used, revoked or too old; which is not told.
    InvalidCode = "INVALID_CODE", 400, 1008, false;
    /// The twin of this request, with the same `Idempotency-Key`, has not been answered yet.
    IdempotencyInFlight = "IDEMPOTENCY_IN_FLIGHT", 409, 1008, true;
    /// The asked position lies before the retained log.
    LogTruncated = "LOG_TRUNCATED", 410, 4001, false;
    PreconditionFailed = "PRECONDITION_FAILED", 412, 1008, false;
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", 413, 1009, false;
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, 1003, false;
    IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", 422, 1008, false;
    TooManyRequests = "TOO_MANY_REQUESTS", 429, 1008, true;

    // 5xx: us. Their bodies never name a cause.
    Internal = "INTERNAL", 500, 1011, true;
    Overloaded = "OVERLOADED", 503, 1013, true;
    DatabaseUnavailable = "DATABASE_UNAVAILABLE", 503, 1013, true;
    ShuttingDown = "SHUTTING_DOWN", 503, 1012, true;
    RoomRestarting = "ROOM_RESTARTING", 503, 4002, true;

    // Sockets only; the HTTP status serves where a door has to refuse an upgrade for the same reason.
    ProtocolError = "PROTOCOL_ERROR", 400, 1002, false;
    /// More events than the socket's token bucket allows.
    Flood = "FLOOD", 429, 1008, true;
    TooManySockets = "TOO_MANY_SOCKETS", 429, 1013, true;
    /// The peer stopped answering pings.
    PeerSilent = "PEER_SILENT", 408, 1001, true;
    SlowConsumer = "SLOW_CONSUMER", 408, 4000, true;
    Resync = "RESYNC", 409, 4001, true;
    AuthTimeout = "AUTH_TIMEOUT", 401, 4501, false;
    /// The user, or the login this socket was opened with, is gone.
    Removed = "REMOVED", 401, 4502, false;
    Superseded = "SUPERSEDED", 409, 4503, false;
}

impl ErrorCode {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        self.face().name
    }

    /// True where a request's repetition under its key is given the same answer: another try cannot be answered
    /// otherwise. The rest may pass, and is nobody's to keep.
    pub const fn is_final(self) -> bool {
        let Face { status, retry, .. } = self.face();
        !retry && matches!(status, 404 | 409 | 422)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_round_trip() {
        let mut seen = HashSet::new();
        for &code in ErrorCode::ALL {
            assert!(seen.insert(code.name()), "{code} twice");
            assert_eq!(ErrorCode::from_name(code.name()), Some(code));
        }
    }

    #[test]
    fn statuses_and_close_codes_are_legal() {
        for &code in ErrorCode::ALL {
            let face = code.face();
            assert!((400..=599).contains(&face.status), "{code}");
            assert!(matches!(face.close, 1001..=1003 | 1008..=1013 | 4000..=4999), "{code}");
        }
    }

    /// Stock clients and displays come back after these, and must not after those.
    #[test]
    fn retry_advice_follows_the_close_code() {
        for &code in ErrorCode::ALL {
            let face = code.face();
            match face.close {
                1012 | 1013 | 4000 | 4002 | 4003 => assert!(face.retry, "{code}"),
                1009 | 4500..=4503 => assert!(!face.retry, "{code}"),
                _ => {}
            }
        }
    }
}

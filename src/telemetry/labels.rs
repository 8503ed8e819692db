//! The closed sets of label values, so that no caller spells one and no series appears by a slip.

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $label:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $variant,)* }

        impl $name {
            /// Every value, so that each series is there, at zero, from the start.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The label's text.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

labels! {
    /// What carries a socket's events now; an upgrade moves it from one to another.
    Transport {
        Plain = "ws",
        SocketIoWebSocket = "socketio_websocket",
        SocketIoPolling = "socketio_polling",
        EventStream = "sse",
    }
}

labels! {
    /// Why a member that did not keep up was let go.
    Eviction {
        /// By the room: its actor takes no mail.
        MailboxFull = "mailbox_full",
        /// By its own actor: a client that does not poll, or an event stream that is not read.
        OutboxFull = "outbox_full",
        /// Its peer took nothing for seconds.
        Stalled = "stalled",
        /// By the room: its actor had ended.
        Gone = "gone",
    }
}

labels! {
    /// Where what a reconnecting client missed came from.
    Replay {
        /// It had missed nothing.
        Nothing = "nothing",
        Ring = "ring",
        Log = "log",
        /// Too much or too old: told to fetch the board anew.
        Resync = "resync",
    }
}

labels! {
    /// How a login ended.
    Login {
        Accepted = "accepted",
        Refused = "refused",
        Throttled = "throttled",
        Busy = "busy",
    }
}

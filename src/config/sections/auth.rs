//! `[auth]`: tokens, passwords, and who may become a user.

use crate::config::units::Span;
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// At least 32 bytes.
    pub jwt_secret: Option<SecretString>,
    pub access_ttl: Span,
    pub refresh_ttl: Span,
    /// Checked, and set in our own tokens, where configured.
    pub issuer: Option<String>,
    pub audience: Option<String>,
    /// Accept tokens signed with our secret for users that are not in our database.
    pub foreign_users: bool,
    /// Password checks at once; each takes 19 MiB and a core.
    pub hash_concurrency: usize,
    /// Password checks that may wait; more are answered 503.
    pub hash_queue: usize,
    pub failures_per_account: u32,
    pub failures_per_address: u32,
    pub failure_window: Span,
    /// How long a principal read from the database is believed: a removal acts within this time.
    pub principal_ttl: Span,
    /// Socket.IO namespaces on which the `auth-*` events are answered.
    pub namespaces: Vec<String>,
    /// Those of them that let clients in without a token, who can ask for nothing but to log in, to register, or for
    /// another password.
    pub anonymous_namespaces: Vec<String>,
    /// What people log in by beside their address: `email`, or one of the fields below.
    pub login_field: String,
    /// What a house keeps of its people beside name and address, as `vocabulary::profile` reads it.
    pub additional_fields: Vec<String>,
    /// Who may register; absent: [`Register::Invite`], and in the demo [`Register::Open`].
    pub register: Option<Register>,
    /// Attempts to register that one address has in an hour.
    pub registrations_per_hour: u32,
    /// How often in an hour a tenant's people hear that an address or a name is somebody's.
    pub taken_per_hour: u32,
    /// From an invite's making on.
    pub invite_ttl: Span,
    /// After its use, revocation or end.
    pub invites_kept: Span,
    /// From the import of a user whose password another system hashed on.
    pub foreign_hashes_kept: Span,
    /// From the request to reset a password on.
    pub reset_ttl: Span,
    /// Requests to reset a password in an hour: one account's from one address, one's from anywhere, and one address's.
    pub resets_per_account: u32,
    pub resets_per_mailbox: u32,
    pub resets_per_address: u32,
    /// Of users that are made without saying one.
    pub new_user_role: NewUserRole,
    /// Mails to new users in an hour, of one restaurant.
    pub welcomes_per_hour: u32,
    /// From a display's request to be paired on.
    pub pairing_ttl: Span,
    /// Wrong pairing codes in an hour that one address has.
    pub wrong_codes_per_hour: u32,
}

/// A role that leads nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum NewUserRole {
    Waiter,
    Cashier,
    Expo,
    Kitchen,
}

impl TryFrom<String> for NewUserRole {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "WAITER" => Ok(Self::Waiter),
            "CASHIER" => Ok(Self::Cashier),
            "EXPO" => Ok(Self::Expo),
            "KITCHEN" => Ok(Self::Kitchen),
            _ => Err(format!("\"{text}\" is none of WAITER, CASHIER, EXPO, KITCHEN")),
        }
    }
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Register {
    /// Anyone, who then owns a new restaurant; or with an invite.
    Open,
    /// With an invite.
    Invite,
    /// With an invite, and a manager's token of the same restaurant beside it.
    Protected,
    Off,
}

impl TryFrom<String> for Register {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "protected" => Ok(Self::Protected),
            "off" => Ok(Self::Off),
            _ => Err(format!("\"{text}\" is none of open, invite, protected, off")),
        }
    }
}

//! `auth-*` (specification 003) on one channel of the AsyncAPI document: the bodies and answers of `/api/v1/auth`.

use super::{
    channel::{Channel, reference},
    shapes::Nothing,
};
use crate::{
    doors::http::{
        auth::{TokensBody, UserBody},
        done::{Changed, LoggedOut, Sent},
        schema::{AccountChange, ChangePassword, Login, RefreshToken, Registration, ResetPassword},
    },
    vocabulary::words::{Schemas, named},
};

type Named = fn(&mut Schemas) -> std::borrow::Cow<'static, str>;

/// What is asked and how it is answered. A test holds it against the events that sockets know.
pub const CALLS: [(&str, Named, Named); 8] = [
    ("auth-login", named::<Login>, named::<TokensBody<'_>>),
    ("auth-register", named::<Registration>, named::<TokensBody<'_>>),
    ("auth-refresh-token", named::<RefreshToken>, named::<TokensBody<'_>>),
    ("auth-reset-password", named::<ResetPassword>, named::<Sent>),
    ("auth-change-password", named::<ChangePassword>, named::<Changed>),
    ("auth-get-account", named::<Nothing>, named::<UserBody>),
    ("auth-update-account", named::<AccountChange>, named::<UserBody>),
    ("auth-logout", named::<Nothing>, named::<LoggedOut>),
];

pub fn add(channel: &mut Channel, schemas: &mut Schemas) {
    for (event, asked, answered) in CALLS {
        let (asked, answered) = (asked(schemas), answered(schemas));
        channel.answers(event, reference(&asked), &reference(&answered));
    }
}

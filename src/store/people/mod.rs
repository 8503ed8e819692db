//! People as managers see and change them. They are no events: a transaction of their own each, as logins have it.

mod devices;
mod invites;
mod keys;
mod log;
mod profiles;
mod resets;
mod users;

pub use devices::{
    NewDevice, Pairing, ask_pairing, claim_pairing, device_by_id, lock_device, pairing, stations,
};
pub use invites::{NewInvite, Redeemable, insert_invite, lock_invite, redeem, revoke_invite, use_invite};
pub use keys::{Kept, claim, find, keep};
pub use log::note;
pub use profiles::{profile, profiles, put_profile};
pub use resets::{insert_reset, is_good, take_reset};
pub use users::{Change, change, lock, touch};

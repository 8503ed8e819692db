//! Displays: one shows a code, a manager types it in, and the display is in, without anybody's password.

use super::{People, code::invalid};
use crate::{
    auth::{AuthError, LoginAnswer, refresh_token::sha256, tokens::to_its_end},
    domain::{
        ids::{LoginId, UserId},
        people::{Deed, Detail, Device, may_manage},
        principal::{Principal, Role},
        rejection::Rejection,
        station,
        text::{Label, Name},
    },
    store::{
        logins::{self, Revoked},
        people::{self, NewDevice, Pairing},
        users,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use std::{net::IpAddr, time::Duration};

/// Crockford's base 32: no two letters that look alike.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 40 random bits, of which a stranger may try five an hour.
const LETTERS_OF_A_CODE: usize = 8;
const PREFIX: &str = "cd1_";
const SECRET: usize = 32;
/// Codes tried until one is free; two at once never are the same but by 1 in 2^40.
const TRIES: usize = 3;

/// What a display is told that asks to be paired.
pub struct Asked {
    /// To show.
    pub code: String,
    /// To poll with; shown to nobody.
    pub secret: SecretString,
    pub expires_in: Duration,
}

/// What a display is told that polls.
pub enum Polled {
    Waiting,
    Paired(Box<(LoginAnswer, Device)>),
}

/// A claim, read.
pub struct Claim {
    pub code: String,
    pub name: Name,
    pub station: Option<Label>,
    pub role: Role,
}

impl People {
    /// A display asks to be paired. Errors: `TooManyFailures`, `Overloaded`, `Store`.
    pub async fn ask_pairing(&self, address: IpAddr) -> Result<Asked, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            this.0.pairings.count("", address)?;
            for _ in 0..TRIES {
                let (code, secret) = (code()?, secret()?);
                let hashes = (sha256(code.as_bytes()), sha256(secret.expose_secret().as_bytes()));
                let tx = this.0.tokens.0.store.untenanted().await?;
                if people::ask_pairing(&tx, &hashes.0, &hashes.1, this.0.pairing_ttl).await? {
                    tx.commit().await?;
                    return Ok(Asked { code, secret, expires_in: this.0.pairing_ttl });
                }
                tx.rollback().await?;
            }
            Err(AuthError::Overloaded)
        })
        .await
    }

    /// A manager claims the display that shows this code. Errors: `Forbidden`, `ValidationFailed` for a station that is none of
    /// the house's, `InvalidCode`, `TooManyFailures` after wrong codes, `Store`.
    pub async fn claim(&self, by: Principal, claim: Claim, address: IpAddr) -> Result<Device, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            may_manage(by.role, claim.role)?;
            let attempt = this.0.wrong_codes.begin("", address).await?;
            let tx = this.0.tokens.0.store.write(by.restaurant).await?;
            let stations = people::stations(&tx, by.restaurant).await?;
            station::require(&stations.iter().collect::<Vec<_>>(), claim.station.as_ref())?;
            let new = NewDevice {
                id: UserId::generate(),
                name: claim.name.as_str(),
                role: claim.role,
                station: claim.station.as_ref().map(Label::as_str),
                by: by.user,
            };
            let code = sha256(spelled(&claim.code).as_bytes());
            if !people::claim_pairing(&tx, by.restaurant, &code, &new).await? {
                tx.rollback().await?;
                attempt.failed();
                return Err(invalid());
            }
            let detail = Detail::of(claim.role);
            people::note(&tx, by.restaurant, by.user, Deed::DeviceClaimed, new.id.0, &detail).await?;
            let device = people::device_by_id(&tx, by.restaurant, new.id).await?;
            tx.commit().await?;
            device.ok_or(AuthError::Internal)
        })
        .await
    }

    /// A display asks what became of it. Once claimed it gets tokens; where that answer was lost it asks again, until the
    /// code is over, and then only the newest tokens count. Errors: `InvalidCode`, `Overloaded`, `Store`.
    pub async fn poll_pairing(&self, secret: SecretString) -> Result<Polled, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let inner = &this.0.tokens.0;
            let hash = sha256(secret.expose_secret().as_bytes());
            let _place = inner.strangers.enter().await?;
            let tx = inner.store.untenanted().await?;
            let found = people::pairing(&tx, &hash).await?;
            tx.commit().await?;
            let (restaurant, id) = match found {
                None => return Err(invalid()),
                Some(Pairing::Waiting) => return Ok(Polled::Waiting),
                Some(Pairing::Claimed(restaurant, id)) => (restaurant, id),
            };
            let tx = inner.store.write(restaurant).await?;
            // Of two polls at once the second ends what the first one opened.
            if !people::lock_device(&tx, restaurant, id).await? {
                return Err(invalid());
            }
            let device = people::device_by_id(&tx, restaurant, id).await?.ok_or_else(invalid)?;
            let account = users::by_id(&tx, restaurant, id).await?.ok_or_else(invalid)?;
            let ended = logins::end_all(&tx, restaurant, id, Revoked::Reuse, None).await?;
            let answer = inner.open_in(&tx, account, None, inner.access_ttl).await?;
            tx.commit().await?;
            ended.into_iter().for_each(|login| inner.verifier.invalidate(login));
            Ok(Polled::Paired(Box::new((answer, device))))
        })
        .await
    }

    /// Removes a device; its tokens and sockets end. Errors: `Forbidden`, `NotFound`, `Store`.
    pub async fn remove_device(&self, by: Principal, id: UserId) -> Result<Vec<LoginId>, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            may_manage(by.role, Role::Kitchen)?;
            let inner = &this.0.tokens.0;
            let tx = inner.store.write(by.restaurant).await?;
            if people::device_by_id(&tx, by.restaurant, id).await?.is_none() {
                tx.rollback().await?;
                return Err(Rejection::not_found("Device", id).into());
            }
            let ended = logins::end_all(&tx, by.restaurant, id, Revoked::Removed, None).await?;
            users::remove(&tx, by.restaurant, id).await?;
            people::note(&tx, by.restaurant, by.user, Deed::DeviceRemoved, id.0, &Detail::default()).await?;
            tx.commit().await?;
            inner.verifier.invalidate_user(id);
            Ok(ended)
        })
        .await
    }
}

fn code() -> Result<String, AuthError> {
    let mut bytes = [0; LETTERS_OF_A_CODE];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AuthError::Internal)?;
    // 32 divides 256: every letter is as likely.
    Ok(bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)])).into_iter().collect())
}

fn secret() -> Result<SecretString, AuthError> {
    let mut bytes = [0; SECRET];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AuthError::Internal)?;
    let mut text = PREFIX.to_owned();
    URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
    Ok(text.into())
}

/// A code as people type it: lower case, in groups, with the letters that Crockford reads as digits.
fn spelled(typed: &str) -> String {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let read = |c: char| match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    letters.map(read).take(2 * LETTERS_OF_A_CODE).collect()
}

/// What a device may act as.
pub const ROLES: [Role; 2] = [Role::Kitchen, Role::Expo];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_eight_clear_letters_and_read_as_people_type_them() {
        let made = code().unwrap();
        assert_eq!(made.len(), 8);
        assert!(made.bytes().all(|letter| LETTERS.contains(&letter)), "{made}");
        assert_eq!(spelled(&made), made);
        assert_eq!(spelled(" abcd-o1il "), "ABCD0111");
    }
}

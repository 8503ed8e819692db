//! A forgotten password: a token by mail, once, for half an hour.

use super::{
    ANYWHERE, People,
    code::{Code, Kind, invalid},
};
use crate::{
    auth::{AuthError, Email, mail::Mail, tokens::to_its_end},
    domain::{
        ids::LoginId,
        people::{Deed, Detail},
    },
    store::{
        logins::{self, Revoked},
        people::{self, Change},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{net::IpAddr, time::Duration};

/// Mails on their way at once. A mail server that is slow holds that many and no more; what comes on top is dropped, and
/// can be asked for again.
pub const AT_ONCE: usize = 32;
/// Characters of a name in a letter.
const LONGEST_GREETED: usize = 60;

impl People {
    /// Sends a token to the address, if somebody has it. The answer is the same and comes as soon whether anybody does: all
    /// that looks at users happens behind it. Errors: `TooManyFailures`.
    pub async fn ask_reset(&self, email: &str, address: IpAddr) -> Result<(), AuthError> {
        let email = Email::parse(email).ok();
        let spelling = email.as_ref().map_or("", Email::as_str);
        self.0.resets.count(spelling, address)?;
        let Some(email) = email else { return Ok(()) };
        // Whoever owns the address would be told by a refusal that somebody else asks; a stranger that it works.
        if self.0.mailboxes.count(email.as_str(), ANYWHERE).is_err() {
            tracing::debug!("a password's reset was dropped: the address was asked for often");
            return Ok(());
        }
        let Ok(place) = self.0.mails.clone().try_acquire_owned() else {
            tracing::warn!("a password's reset was dropped: too many mails are on their way");
            return Ok(());
        };
        let this = self.clone();
        tokio::spawn(async move {
            let _place = place;
            match this.send_reset(&email).await {
                Ok(sent) => tracing::debug!(sent, "a password's reset was asked for"),
                Err(error) => tracing::warn!(%error, "cannot send a password's reset"),
            }
        });
        Ok(())
    }

    async fn send_reset(&self, email: &Email) -> Result<bool, AuthError> {
        let inner = &self.0.tokens.0;
        let Some(known) = inner.credentials(email).await? else { return Ok(false) };
        let (restaurant, user) = (known.account.restaurant, known.account.user);
        let code = Code::generate(Kind::Reset, restaurant)?;
        let tx = inner.store.write(restaurant).await?;
        let kept = people::insert_reset(&tx, restaurant, user, &code.hash(), self.0.reset_ttl).await?;
        tx.commit().await?;
        if kept {
            let token = code.expose();
            let opening = "somebody asked for another password for this account. You can set one here:";
            let closing = "If it was not you, nothing has changed: delete this mail.";
            let name = &known.account.name;
            let text = self.letter(name, opening, token.expose_secret(), self.0.reset_ttl, closing);
            let mail = Mail { to: email, subject: "Another password", text: text.into() };
            self.0.mailer.send(mail).await.map_err(|error| {
                tracing::warn!(%error, "a mail was not sent");
                AuthError::Internal
            })?;
        }
        Ok(kept)
    }

    pub(super) fn letter(
        &self,
        name: &str,
        opening: &str,
        token: &str,
        lives: Duration,
        closing: &str,
    ) -> String {
        let lives = humantime::format_duration(lives);
        // Behind a #: browsers keep that to themselves, so the token is in no server's log.
        let page =
            self.0.mailer.reset_page().map(|page| format!("{page}#{token}\n\nor with this token:\n\n"));
        let way = page.unwrap_or_default();
        let name = greeted(name).map(|name| format!(" {name}")).unwrap_or_default();
        format!("Hello{name},\n\n{opening}\n\n{way}{token}\n\nIt is good once, for {lives}. {closing}\n")
    }

    async fn is_good(&self, code: &Code) -> Result<bool, AuthError> {
        let inner = &self.0.tokens.0;
        let _place = inner.strangers.enter().await?;
        let tx = inner.store.read(code.restaurant).await?;
        let good = people::is_good(&tx, code.restaurant, &code.hash()).await?;
        tx.commit().await?;
        Ok(good)
    }

    /// Sets another password with such a token; every login of the user ends, and is told.
    /// Errors: `InvalidCode`, `UnfitPassword`, `TooManyFailures` after wrong tokens, `Overloaded`, `Store`.
    pub async fn reset_password(
        &self,
        token: SecretString,
        password: SecretString,
        address: IpAddr,
    ) -> Result<Vec<LoginId>, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let inner = &this.0.tokens.0;
            let attempt = this.0.wrong_tokens.begin("", address).await?;
            let code = match Code::parse(Kind::Reset, &token) {
                Ok(code) => code,
                Err(error) => {
                    attempt.failed();
                    return Err(error);
                }
            };
            // Whoever has no good token does not get as far as a password's hash.
            if !this.is_good(&code).await? {
                attempt.failed();
                return Err(invalid());
            }
            let hash = inner.passwords.hash(password).await?;
            let tx = inner.store.write(code.restaurant).await?;
            let Some(user) = people::take_reset(&tx, code.restaurant, &code.hash()).await? else {
                tx.rollback().await?;
                attempt.failed();
                return Err(invalid());
            };
            let to = Change { password_hash: Some(&hash), ..Change::default() };
            if people::change(&tx, code.restaurant, user, &to).await?.is_none() {
                tx.rollback().await?;
                return Err(invalid());
            }
            let ended = logins::end_all(&tx, code.restaurant, user, Revoked::Password, None).await?;
            people::note(&tx, code.restaurant, user, Deed::PasswordReset, user.0, &Detail::default()).await?;
            tx.commit().await?;
            inner.verifier.invalidate_user(user);
            Ok(ended)
        })
        .await
    }
}

/// A name as a letter of ours may have it: whoever made the user chose it, and it is no letter of theirs. None is shown that
/// is a way to somewhere.
fn greeted(name: &str) -> Option<String> {
    let name: String = name.lines().next()?.chars().take(LONGEST_GREETED).collect();
    let lower = name.to_lowercase();
    let is_way = ["://", "www.", "@"].iter().any(|way| lower.contains(way)) || has_domain(&lower);
    (!is_way && !name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// Programs make links of names like `example.com` by themselves; `J. R. Ewing` and `St.Clair, Ana` are none.
fn has_domain(name: &str) -> bool {
    name.split(|c: char| c.is_whitespace() || c == ',').any(|word| match word.split_once('.') {
        Some((host, rest)) => {
            host.chars().count() > 2 && rest.chars().take_while(|c| c.is_alphanumeric()).count() > 1
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_greets_by_a_name_and_by_nothing_else() {
        for (name, expected) in [
            ("Ana", Some("Ana")),
            (" Ana María  ", Some("Ana María")),
            ("J. R. Ewing", Some("J. R. Ewing")),
            ("St.Clair, Ana", Some("St.Clair, Ana")),
            ("Ana\n\nYour account is closed. Pay here:", Some("Ana")),
            ("see HTTPS://evil.example", None),
            ("www.evil.example", None),
            ("go to evil.example/pay", None),
            ("write to x@evil", None),
            ("\n", None),
        ] {
            assert_eq!(greeted(name).as_deref(), expected, "{name:?}");
        }
        assert_eq!(greeted(&"a".repeat(200)).unwrap().len(), LONGEST_GREETED);
    }
}

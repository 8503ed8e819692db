//! Invites: a manager makes a code, whoever has it joins the restaurant in the code's role.

use super::{
    People,
    code::{Code, Kind},
};
use crate::{
    auth::{AuthError, tokens::to_its_end},
    code::ErrorCode,
    domain::{
        ids::InviteId,
        people::{Deed, Detail, Invite, InviteState, may_manage},
        principal::{Principal, Role},
        rejection::Rejection,
        text::Name,
    },
    store::people::{self, NewInvite},
};
use secrecy::SecretString;

/// An invite as its maker sees it once.
pub struct MadeInvite {
    pub code: SecretString,
    pub invite: Invite,
}

impl People {
    /// Makes an invite for a role not above the maker's. Errors: `Forbidden`, `Store`.
    pub async fn invite(
        &self,
        by: Principal,
        role: Role,
        note: Option<Name>,
    ) -> Result<MadeInvite, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            may_manage(by.role, role)?;
            let code = Code::generate(Kind::Invite, by.restaurant)?;
            let tx = this.0.tokens.0.store.write(by.restaurant).await?;
            let new = NewInvite {
                id: InviteId::generate(),
                hash: code.hash(),
                role,
                note: note.as_ref().map(Name::as_str),
                by: by.user,
                lives: this.0.invite_ttl,
            };
            let invite = people::insert_invite(&tx, by.restaurant, &new).await?;
            let detail = Detail::of(role);
            people::note(&tx, by.restaurant, by.user, Deed::InviteMade, new.id.0, &detail).await?;
            tx.commit().await?;
            Ok(MadeInvite { code: code.expose(), invite })
        })
        .await
    }

    /// Takes an invite back; again, nothing changes. Errors: `Forbidden`, `NotFound`, `InvalidTransition` where it was
    /// used, `Store`.
    pub async fn revoke_invite(&self, by: Principal, id: InviteId) -> Result<(), AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let tx = this.0.tokens.0.store.write(by.restaurant).await?;
            let invite = people::lock_invite(&tx, by.restaurant, id).await?;
            let judged = match invite {
                None => Err(Rejection::not_found("Invite", id)),
                Some(invite) => may_manage(by.role, invite.role).and(match invite.state {
                    InviteState::Used => {
                        let why = "the invite was used";
                        Err(Rejection::new(ErrorCode::InvalidTransition, why).at(invite.state.name()))
                    }
                    _ => Ok(()),
                }),
            };
            if let Err(rejection) = judged {
                tx.rollback().await?;
                return Err(rejection.into());
            }
            if people::revoke_invite(&tx, by.restaurant, id).await? {
                people::note(&tx, by.restaurant, by.user, Deed::InviteRevoked, id.0, &Detail::default())
                    .await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }
}

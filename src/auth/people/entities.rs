//! People by way of the dynamic API (specification 003): documents with an address and a name.
//!
//! All that managers' own calls see to holds here too: who may, the last owner, what ends, the record. Who is made here gets
//! the role of a setting, since none can be named, and a password that nobody knows; a mail says how to set one.

use super::{
    ANYWHERE, Changed, People,
    code::{Code, Kind},
    documents::{Written, copied, document, login_name, parse_name, read, takes},
    heard, no_user,
    turn::{Begun, Done, Turn},
    users::{delete, insert, own, update},
};
use crate::{
    auth::{AuthError, Email, mail::Mail, tokens::to_its_end},
    domain::{
        command::{IdempotencyKey, Reply},
        context::{Context, IfMatch},
        ids::{LoginId, ResourceId, UserId},
        people::{Deed, Detail, Person, may_manage},
        principal::Principal,
        profile::LoginName,
        rejection::Rejection,
        resource::{Change, Document, Fields, ResourceCommand, Told, value},
        text::Name,
    },
    store::{
        log,
        people::{self, Change as To},
        users::NewUser,
    },
};
use jiff::Timestamp;
use secrecy::ExposeSecret;

/// What a mail to somebody new needs.
struct Letter {
    to: Email,
    name: Name,
    code: Code,
}

/// One command's turn.
struct Act<'a> {
    people: &'a People,
    turn: &'a Turn,
    by: &'a Principal,
    command: &'a ResourceCommand,
    if_match: Option<&'a IfMatch>,
    /// Of a password that nobody knows.
    hash: String,
    letters: &'a mut Vec<Letter>,
    ended: Vec<LoginId>,
}

impl People {
    /// Carries out a change of users. `told` is called where the restaurant's log has grown.
    /// Errors: `Forbidden`, `NotFound`, `PreconditionFailed`, `ValidationFailed`, `EmailTaken`, `LastOwner`,
    /// `TooManyFailures` after too many new ones, `Overloaded`, `Store`, and the key's.
    pub async fn change_documents(
        &self,
        by: Principal,
        command: ResourceCommand,
        if_match: Option<IfMatch>,
        key: Option<IdempotencyKey>,
        told: impl FnOnce() + Send + 'static,
    ) -> Result<Done<Reply>, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            if !by.role.any_of(command.entity.roles(command.route)) {
                return Err(Rejection::forbidden().into());
            }
            // Whomever the declaration lets write besides: people are managed by managers.
            may_manage(by.role, this.0.new_role)?;
            // Before the transaction, and once for all: it takes a while, and nobody knows the password.
            let hash = match command.change {
                Change::Create(_) | Change::Duplicate { .. } => {
                    let unknown = Code::generate(Kind::Reset, by.restaurant)?.expose();
                    this.0.tokens.0.passwords.hash(unknown).await?
                }
                _ => String::new(),
            };
            let key = key.map(|key| command.scoped(key));
            let taking = this.taking(by.restaurant, takes(&command.change, this.login_field())).await?;
            let turn = match this.begin(&by, command.route.name(), key).await? {
                Begun::Answered(done) => return Ok(done),
                Begun::Turn(turn) => *turn,
            };
            let mut letters = Vec::new();
            let act = Act {
                people: &this,
                turn: &turn,
                by: &by,
                command: &command,
                if_match: if_match.as_ref(),
                hash,
                letters: &mut letters,
                ended: Vec::new(),
            };
            let changed = act.run().await;
            heard(taking, &changed);
            let is_told = changed.as_ref().is_ok_and(|(_, is_told)| *is_told);
            let done = this.finish(turn, changed.map(|(changed, _)| changed)).await?;
            if done.outcome.is_ok() {
                this.welcome(letters);
                if is_told {
                    told();
                }
            }
            Ok(done)
        })
        .await
    }

    /// Writes to new users, one after another; whose mail is lost asks for another one by address.
    fn welcome(&self, letters: Vec<Letter>) {
        let this = self.clone();
        tokio::spawn(async move {
            for Letter { to, name, code } in letters {
                let Ok(_place) = this.0.mails.acquire().await else { return };
                let opening = "an account was made for you. You can set its password here:";
                let closing = "Later you can ask for another one where you sign in.";
                let (token, name) = (code.expose(), name.to_string());
                let text = this.letter(&name, opening, token.expose_secret(), this.0.invite_ttl, closing);
                let mail = Mail { to: &to, subject: "Your account", text: text.into() };
                if let Err(error) = this.0.mailer.send(mail).await {
                    tracing::warn!(%error, "a mail was not sent");
                }
            }
        });
    }
}

impl Act<'_> {
    /// What was done, and whether the log tells of it.
    async fn run(mut self) -> Result<(Changed<Reply>, bool), AuthError> {
        if self.command.is_told() {
            log::hold(&self.turn.tx, self.by.restaurant).await?;
        }
        let login = self.people.login_field();
        let (mut all, mut moved) = (Vec::new(), Vec::new());
        match &self.command.change {
            Change::Create(new) => {
                for fields in new {
                    let written = read(fields, login)?;
                    all.push(self.make(written).await?);
                }
                moved.clone_from(&all);
            }
            Change::Duplicate { ids, overrides } => {
                for original in self.seen(ids).await? {
                    let Written { email, name, mut profile } = read(overrides, login)?;
                    let name = name.map_or_else(|| parse_name(&original.name), Ok)?;
                    // Without another address it is the original's.
                    let email = email.ok_or_else(AuthError::email_taken)?;
                    let kept = people::profile(&self.turn.tx, self.by.restaurant, original.user).await?;
                    for (name, kept) in copied(kept, &self.command.entity, login) {
                        if value(&profile.fields, &name).is_none() {
                            profile.fields.push((name, kept));
                        }
                    }
                    all.push(self.make(Written { email: Some(email), name: Some(name), profile }).await?);
                }
                moved.clone_from(&all);
            }
            Change::Update { ids, fields } => {
                for before in self.seen(ids).await? {
                    let after = self.change(&before, fields).await?;
                    moved.extend(Some(after.clone()).filter(|after| after.version != before.version));
                    all.push(after);
                }
            }
            Change::Replace { id, fields } => {
                for before in self.seen(&[*id]).await? {
                    let after = self.change(&before, fields).await?;
                    moved.extend(Some(after.clone()).filter(|after| after.version != before.version));
                    all.push(after);
                }
            }
            Change::Delete(ids) => {
                for gone in self.seen(ids).await? {
                    let Changed { ended, .. } = delete(self.turn, self.by, gone.user).await?;
                    self.ended.extend(ended);
                }
            }
        }
        let shown: Vec<UserId> = all.iter().map(|person| person.user).collect();
        let profiles = people::profiles(&self.turn.tx, self.by.restaurant, &shown).await?;
        let document = |person: &Person| document(&self.command.entity, person, profiles.get(&person.user));
        let users = all.iter().map(|person| person.user);
        let users = users.chain(self.command.ids().iter().map(|id| UserId(id.0))).collect();
        let (reply, news) = match &self.command.change {
            Change::Delete(ids) => (Reply::Deleted(ids.len() as u64), Told::Deleted(ids.clone())),
            _ => {
                let mut documents: Vec<Document> = all.iter().map(&document).collect();
                let news = Told::Documents(moved.iter().map(&document).collect());
                let reply = match self.command.route.is_many() {
                    true => Reply::Documents(documents),
                    false => Reply::Document(documents.pop().ok_or(AuthError::Internal)?),
                };
                (reply, news)
            }
        };
        let events = self.command.events(news);
        let is_told = !events.is_empty();
        if is_told {
            log::tell(&self.turn.tx, self.by.restaurant, self.by.user, events).await?;
        }
        Ok((Changed { answer: reply, users, ended: self.ended }, is_told))
    }

    /// These users, all locked at once so that nobody waits for each other, in the order they were named; as their sender
    /// saw them.
    async fn seen(&self, ids: &[ResourceId]) -> Result<Vec<Person>, AuthError> {
        let users: Vec<UserId> = ids.iter().map(|id| UserId(id.0)).collect();
        let (found, _) = people::lock(&self.turn.tx, self.by.restaurant, &users).await?;
        let ctx = Context { by: self.by, at: Timestamp::now(), if_match: self.if_match };
        let mut all = Vec::with_capacity(users.len());
        for user in users {
            let person = found.iter().find(|person| person.user == user).ok_or_else(|| no_user(user))?;
            may_manage(self.by.role, person.role)?;
            ctx.require_version(person.version)?;
            all.push(person.clone());
        }
        Ok(all)
    }

    async fn make(&mut self, Written { email, name, profile }: Written) -> Result<Person, AuthError> {
        // The declaration asks for both.
        let (email, name) = email.zip(name).ok_or(AuthError::Internal)?;
        let restaurant = self.by.restaurant;
        let welcomes = &self.people.0.welcomes;
        welcomes.count(&restaurant.to_string(), ANYWHERE)?;
        let user = NewUser {
            user: UserId::generate(),
            restaurant,
            email: email.as_str().to_owned(),
            name: name.to_string(),
            role: self.people.0.new_role,
            password_hash: self.hash.clone(),
        };
        let made = insert(self.turn, self.by, &user).await?.answer.ok_or(AuthError::Internal)?;
        people::put_profile(&self.turn.tx, restaurant, user.user, &profile).await?;
        let code = Code::generate(Kind::Reset, restaurant)?;
        let lives = self.people.0.invite_ttl;
        people::insert_reset(&self.turn.tx, restaurant, user.user, &code.hash(), lives).await?;
        self.letters.push(Letter { to: email, name, code });
        Ok(made)
    }

    async fn change(&self, before: &Person, fields: &Fields) -> Result<Person, AuthError> {
        let Written { email, name, profile } = read(fields, self.people.login_field())?;
        let email = email.as_ref().map(Email::as_str);
        let another_login = match &profile.login {
            None => false,
            login => *login != self.login_of(before.user).await?,
        };
        if before.user == self.by.user && (another_login || email.is_some_and(|email| email != before.email))
        {
            return Err(own());
        }
        let to = To { name: name.as_ref().map(Name::as_str), email, ..To::default() };
        let changed = update(self.turn, self.by, before.user, &to).await?;
        let changed = changed.answer.ok_or_else(|| no_user(before.user))?;
        let (tx, restaurant) = (&self.turn.tx, self.by.restaurant);
        if !people::put_profile(tx, restaurant, changed.user, &profile).await? {
            return Ok(changed);
        }
        let fields = profile.fields.into_iter().map(|(name, _)| name).collect();
        let detail = Detail { fields, ..Detail::default() };
        people::note(tx, restaurant, self.by.user, Deed::UserChanged, changed.user.0, &detail).await?;
        people::touch(tx, restaurant, changed.user).await?.ok_or_else(|| no_user(changed.user))
    }

    /// The name that this user logs in by.
    async fn login_of(&self, user: UserId) -> Result<Option<LoginName>, AuthError> {
        let known = people::profile(&self.turn.tx, self.by.restaurant, user).await?;
        login_name(&known, self.people.login_field())
    }
}

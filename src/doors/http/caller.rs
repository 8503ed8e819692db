//! `Caller`: a request with a good token. `Call`: one with its body, that may become a command.

use super::{
    body::{self, Fields},
    conditions,
    error::HttpError,
    idempotency,
    query::Query,
    state::HttpState,
};
use crate::{
    actors::publisher::Publisher,
    auth::people::Done,
    code::ErrorCode,
    domain::{
        command::{Command, IdempotencyKey},
        ids::RestaurantId,
        principal::{Principal, Role},
        resource::{Kept, ResourceCommand},
        text::ExternalId,
    },
    doors::bearer::Authorization,
    session::Verified,
    store::{
        StoreError,
        lane::{Executed, Request},
        reads::PageRequest,
    },
};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::uri::PathAndQuery, web::Data};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The state of the door.
pub fn state(request: &HttpRequest) -> Result<&Data<HttpState>, HttpError> {
    request.app_data().ok_or_else(|| HttpError::new(ErrorCode::Internal, "the app has no HttpState"))
}

/// Who asks, verified.
pub struct Caller {
    pub request: HttpRequest,
    pub state: Data<HttpState>,
    pub verified: Verified,
    /// What checking the token has left of `http.answer_within`.
    patience: Duration,
}

async fn within<T, E: Into<HttpError>>(
    patience: Duration,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, HttpError> {
    let answer = tokio::time::timeout(patience, answer).await;
    answer.map_err(|_| HttpError::new(ErrorCode::Overloaded, "no answer in time"))?.map_err(Into::into)
}

impl Caller {
    /// Staff, whatever they may do. An NGO is at home on [`super::on_board`]'s routes only.
    async fn of(request: HttpRequest) -> Result<Self, HttpError> {
        let caller = Self::anyone(request).await?;
        if caller.principal().role == Role::Ngo { Err(ErrorCode::Forbidden.into()) } else { Ok(caller) }
    }

    /// Whoever has a token, an NGO too.
    pub(super) async fn anyone(request: HttpRequest) -> Result<Self, HttpError> {
        let state = state(&request)?.clone();
        let token = Authorization::of(request.headers()).token().ok_or(ErrorCode::InvalidToken)?;
        let (begun, patience) = (Instant::now(), *state.settings.answer_within);
        let verified = within(patience, state.verifier.verify(token)).await?;
        let patience = patience.saturating_sub(begun.elapsed());
        Ok(Self::new(request, state, verified, patience))
    }

    /// The public, where no token is presented and the settings let it; otherwise as its token says.
    pub(super) async fn or_public(request: HttpRequest, reads: bool) -> Result<Self, HttpError> {
        let state = state(&request)?.clone();
        match (Authorization::of(request.headers()), state.public.filter(|public| public.read || !reads)) {
            (Authorization::Absent, Some(public)) => {
                let patience = *state.settings.answer_within;
                Ok(Self::new(request, state, Verified::public(public.restaurant), patience))
            }
            _ => Self::of(request).await,
        }
    }

    fn new(request: HttpRequest, state: Data<HttpState>, verified: Verified, patience: Duration) -> Self {
        let span = tracing::Span::current();
        span.record("restaurant.id", tracing::field::display(verified.principal.restaurant));
        span.record("user.id", tracing::field::display(verified.principal.user));
        Self { request, state, verified, patience }
    }

    /// The token that was verified.
    pub fn token(&self) -> Result<SecretString, ErrorCode> {
        let token = Authorization::of(self.request.headers()).token();
        Ok(token.ok_or(ErrorCode::InvalidToken)?.into())
    }

    /// What reading the database brings, or 503 where it does not answer while the client waits: a statement's own
    /// timeout is the database's, and a frozen one keeps no time.
    pub async fn read<T>(
        &self,
        reading: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, HttpError> {
        within(self.patience, reading).await
    }

    pub fn principal(&self) -> &Principal {
        &self.verified.principal
    }

    pub fn restaurant(&self) -> RestaurantId {
        self.verified.principal.restaurant
    }

    /// 403 unless the caller has one of `roles`.
    pub fn require(&self, roles: &[Role]) -> Result<(), HttpError> {
        if self.principal().role.any_of(roles) { Ok(()) } else { Err(ErrorCode::Forbidden.into()) }
    }

    /// An id of the path, in its hyphenated form.
    pub fn id<T>(&self, name: &str, make: fn(Uuid) -> T) -> Result<T, HttpError> {
        let id = self.request.match_info().get(name).and_then(body::uuid);
        let message = "Validation failed (uuid is expected)";
        id.map(make).ok_or_else(|| HttpError::new(ErrorCode::BadRequest, message))
    }

    pub fn query(&self) -> Query {
        Query::parse(self.request.query_string())
    }

    /// Which page of a list, where a query can ask for nothing else.
    pub fn page(&self) -> Result<PageRequest, HttpError> {
        let mut query = self.query();
        let page = query.page();
        query.finish()?;
        Ok(page)
    }

    /// The same of a list that can be asked for what another system called so.
    pub fn page_called(&self) -> Result<(PageRequest, Option<ExternalId>), HttpError> {
        let mut query = self.query();
        let asked = (query.page(), query.external_id());
        query.finish()?;
        Ok(asked)
    }
}

impl FromRequest for Caller {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::of(request.clone()))
    }
}

/// A caller and the body it sent. The token is checked before a byte of the body is read.
pub struct Call {
    pub caller: Caller,
    body: Bytes,
}

impl FromRequest for Call {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { Self::of(Caller::of(request).await?, &mut payload).await })
    }
}

impl Call {
    pub(super) async fn of(caller: Caller, payload: &mut Payload) -> Result<Self, HttpError> {
        let body = body::read(&caller.request, payload, &caller.state.settings).await?;
        Ok(Self { caller, body })
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn fields(&self) -> Result<Fields<'_>, HttpError> {
        Ok(Fields::parse(&self.body)?)
    }

    /// The name the client gave this request, if it did.
    pub fn key(&self) -> Result<Option<IdempotencyKey>, HttpError> {
        self.key_for(self.caller.request.path())
    }

    fn key_for(&self, path: &str) -> Result<Option<IdempotencyKey>, HttpError> {
        let Caller { request, verified, .. } = &self.caller;
        let key = idempotency::key(request.headers(), request.method(), path, &self.body)?;
        key.iter().try_for_each(|key| key.check(&verified.principal))?;
        Ok(key)
    }

    /// Has the command carried out. Where the answer does not come in time it goes on all the same; only its key tells
    /// what became of it.
    pub async fn execute(&self, command: Command) -> Result<Executed, HttpError> {
        self.send(command, self.key()?).await
    }

    /// The same for documents, whose ids may stand in the query. Those of users are the people's.
    pub async fn change(&self, command: ResourceCommand) -> Result<Executed, HttpError> {
        let Caller { request, state, verified, patience } = &self.caller;
        let path = request.uri().path_and_query().map_or(request.path(), PathAndQuery::as_str);
        let key = self.key_for(path)?;
        if command.entity.kept != Kept::Users {
            return self.send(Command::ChangeResources(command), key).await;
        }
        let (by, if_match) = (verified.principal.clone(), conditions::if_match(request.headers())?);
        let (rooms, stream) = (state.rooms.clone(), by.restaurant.into());
        let done = state.people.change_documents(by, command, if_match, key, move || rooms.look(stream));
        let Done { outcome, replayed, ended } = within(*patience, done).await?;
        // At once, and not only when the poller of revocations comes by.
        ended.into_iter().for_each(|login| (state.login_ended)(login));
        Ok(Executed { outcome, replayed })
    }

    async fn send(&self, command: Command, key: Option<IdempotencyKey>) -> Result<Executed, HttpError> {
        let Caller { request, state, verified, patience } = &self.caller;
        let key = command.scoped(key);
        let principal = verified.principal.clone();
        let if_match = conditions::if_match(request.headers())?;
        let request = Request { principal, command, if_match, key };
        within(*patience, state.orders.execute(request)).await
    }
}

/// A body that is sent without a token: a login.
pub struct Anonymous {
    pub request: HttpRequest,
    pub state: Data<HttpState>,
    body: Bytes,
}

impl Anonymous {
    pub fn fields(&self) -> Result<Fields<'_>, HttpError> {
        Ok(Fields::parse(&self.body)?)
    }
}

impl FromRequest for Anonymous {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let state = state(&request)?.clone();
            let body = body::read(&request, &mut payload, &state.settings).await?;
            Ok(Self { request, state, body })
        })
    }
}

//! `Public`: a request that may come without a token, where `orders.public_orders` lets it (specification 000 has no login).

use super::{
    account,
    caller::{Call, Caller},
    error::HttpError,
};
use crate::{code::ErrorCode, domain::principal::Role};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use std::time::Instant;

/// `T` of whoever has a token, and of the public; where it `READS`, only with `orders.public_orders_read`. A `Call` of the
/// public counts against `orders.public_per_minute`, before its body is read.
pub struct Public<T, const READS: bool>(pub T);

impl<const READS: bool> FromRequest for Public<Caller, READS> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Caller::or_public(request, READS).await.map(Self) })
    }
}

impl<const READS: bool> FromRequest for Public<Call, READS> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = Caller::or_public(request, READS).await?;
            if caller.principal().role == Role::Public {
                let from = account::client(&caller.request, &caller.state);
                let admitted = caller.state.guests.admit(from, Instant::now());
                admitted
                    .map_err(|wait| HttpError::from(ErrorCode::TooManyRequests).retry_after(Some(wait)))?;
            }
            Call::of(caller, &mut payload).await.map(Self)
        })
    }
}

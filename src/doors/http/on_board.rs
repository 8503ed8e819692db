//! `OnBoard`: a request that NGOs may make as well. Every other route sends them away with 403.

use super::{
    caller::{Call, Caller},
    error::HttpError,
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;

/// `T` of whoever has a token, staff or NGO.
pub struct OnBoard<T>(pub T);

impl FromRequest for OnBoard<Caller> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Caller::anyone(request).await.map(Self) })
    }
}

impl FromRequest for OnBoard<Call> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = Caller::anyone(request).await?;
            Call::of(caller, &mut payload).await.map(Self)
        })
    }
}

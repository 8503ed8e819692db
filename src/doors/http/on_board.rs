//! `OnBoard`: a request that NGOs may make as well. Every other route sends them away with 403.

use super::{
    caller::{Call, Caller},
    error::HttpError,
    query::Query,
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;

/// `T` of whoever has a token, staff or NGO; on the board that the query names, where the caller is on several.
pub struct OnBoard<T>(pub T);

const BOARD: &str = "board";

/// The query without the board's name, which was read already.
pub fn query(caller: &Caller) -> Query {
    let mut query = caller.query();
    query.text(BOARD);
    query
}

async fn seated(request: HttpRequest) -> Result<Caller, HttpError> {
    let mut caller = Caller::anyone(request).await?;
    let named = caller.query().text(BOARD);
    caller.verified = caller.verified.on_board(named.as_deref())?;
    Ok(caller)
}

impl FromRequest for OnBoard<Caller> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { seated(request).await.map(Self) })
    }
}

impl FromRequest for OnBoard<Call> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = seated(request).await?;
            Call::of(caller, &mut payload).await.map(Self)
        })
    }
}

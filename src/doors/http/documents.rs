//! `/openapi.json` and `/asyncapi.json`: made once when the server starts, from its declared entities and settings.

use super::{HttpState, asyncapi, conditions, declared, error::HttpError, openapi};
use crate::vocabulary::{profile::Declared, resources::Catalog};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG},
    web::{Bytes, Data},
};
use ring::digest::{SHA256, digest};
use serde_json::Value;

/// A document as it is served.
#[derive(Debug, Clone)]
struct Page {
    text: Bytes,
    /// Of the text: it changes with the program and its declared entities only.
    etag: String,
}

/// Both.
#[derive(Debug, Clone)]
pub struct Documents {
    openapi: Page,
    asyncapi: Page,
}

impl Documents {
    /// Of a server with these entities and fields of people, on which `auth-*` is answered in these namespaces.
    pub fn new(
        catalog: &Catalog,
        profile: &Declared,
        accounts: &[String],
    ) -> Result<Self, serde_json::Error> {
        let mut rest = serde_json::to_value(openapi::document())?;
        declared::extend(&mut rest, catalog);
        let mut live = asyncapi::document(catalog, accounts);
        for document in [&mut rest, &mut live] {
            declared::profile(&mut document["components"]["schemas"], profile);
        }
        Ok(Self { openapi: Page::new(&rest), asyncapi: Page::new(&live) })
    }
}

impl Page {
    fn new(document: &Value) -> Self {
        let text = Bytes::from(document.to_string());
        let hash = digest(&SHA256, &text);
        let hex: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { text, etag: conditions::etag(hex) }
    }

    /// Whoever keeps it asks each time whether it has changed, and is told so in no body.
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let known = conditions::is_known(request.headers(), &self.etag)?;
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((ETAG, self.etag.clone())).insert_header((CACHE_CONTROL, "no-cache"));
        if known {
            return Ok(response.finish());
        }
        Ok(response.content_type("application/json").body(self.text.clone()))
    }
}

pub async fn openapi(request: HttpRequest, state: Data<HttpState>) -> Result<HttpResponse, HttpError> {
    state.documents.openapi.answer(&request)
}

pub async fn asyncapi(request: HttpRequest, state: Data<HttpState>) -> Result<HttpResponse, HttpError> {
    state.documents.asyncapi.answer(&request)
}

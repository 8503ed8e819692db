//! The screens for cooks, waiters and managers: files in the binary, each under its own path, pages without `.html`.

use super::{conditions, error::HttpError, pages, routes};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    web::{Bytes, ServiceConfig},
};
use rust_embed::RustEmbed;
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

#[derive(RustEmbed)]
#[folder = "src/screens/"]
struct Embedded;

/// What keeps the screens working without a network; it is told what there is to keep, and changes whenever that does.
const SERVICE_WORKER: &str = "/sw.js";

struct File {
    bytes: Bytes,
    content_type: &'static str,
    etag: String,
}

/// By path.
static FILES: LazyLock<BTreeMap<String, File>> = LazyLock::new(|| {
    let mut files: BTreeMap<String, File> = Embedded::iter()
        .filter_map(|name| {
            let file = Embedded::get(&name)?;
            let bytes = Bytes::from(file.data.into_owned());
            Some((path(&name), File::new(bytes, content_type(&name))))
        })
        .collect();
    let paths: Vec<&String> = files.keys().filter(|path| *path != SERVICE_WORKER).collect();
    let mut version = DefaultHasher::new();
    files.values().for_each(|file| file.etag.hash(&mut version));
    let told = serde_json::json!({ "version": format!("{:016x}", version.finish()), "paths": paths });
    if let Some(worker) = files.get_mut(SERVICE_WORKER) {
        let bytes = [format!("const RELEASE = {told};\n").as_bytes(), &worker.bytes].concat();
        *worker = File::new(bytes.into(), "text/javascript; charset=utf-8");
    }
    files
});

impl File {
    fn new(bytes: Bytes, content_type: &'static str) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, &bytes);
        let version: String = hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { bytes, content_type, etag: conditions::etag(version) }
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let known = conditions::is_known(request.headers(), &self.etag)?;
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        // Asked for again each time, and answered with 304: after an update nobody mixes old modules with new ones.
        response.insert_header((ETAG, self.etag.clone())).insert_header((CACHE_CONTROL, "no-cache"));
        if known {
            return Ok(response.finish());
        }
        Ok(response.insert_header((CONTENT_TYPE, self.content_type)).body(self.bytes.clone()))
    }
}

/// `kitchen.html` → `/kitchen`, `index.html` → `/`.
fn path(name: &str) -> String {
    match name.strip_suffix(".html") {
        Some("index") => "/".to_owned(),
        Some(page) => format!("/{page}"),
        None => format!("/{name}"),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Registers a route a file.
pub fn configure(config: &mut ServiceConfig) {
    for path in FILES.keys() {
        config.route(path, routes::get().to(serve));
    }
}

async fn serve(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    match FILES.get(request.path()) {
        Some(file) => file.answer(&request),
        None => Ok(pages::not_found(request).await),
    }
}

/// First parts of the screens' paths.
pub fn reserved() -> impl Iterator<Item = String> {
    FILES.keys().filter_map(|path| path.split('/').nth(1)).filter(|part| !part.is_empty()).map(str::to_owned)
}

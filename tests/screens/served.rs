//! How pages and modules are served: each under its path, asked for again each time, with a policy that lets nothing in.

use crate::{
    client::Client,
    server::{Folder, Server},
};
use reqwest::Method;

#[actix_web::test]
async fn files_are_served_as_what_they_are() {
    let folder = Folder::open();
    let server = Server::start(folder.path(), 0, &[]);
    let anyone = Client::anonymous(server.address);
    for (path, kind, says) in [
        ("/", "text/html; charset=utf-8", "<title>comanda"),
        ("/login", "text/html; charset=utf-8", "<form"),
        ("/comanda.js", "text/javascript; charset=utf-8", "export class Comanda"),
        ("/comanda/outbox.js", "text/javascript; charset=utf-8", "export class Outbox"),
        ("/screens/style.css", "text/css; charset=utf-8", "--touch"),
        ("/favicon.svg", "image/svg+xml", "<svg"),
        ("/comanda.webmanifest", "application/manifest+json", "start_url"),
        ("/sw.js", "text/javascript; charset=utf-8", r#"const RELEASE = {"paths":["/","#),
    ] {
        let answer = anyone.get(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type"), answer.header("cache-control")),
            (200, Some(kind), Some("no-cache")),
            "{path}"
        );
        assert!(answer.text.contains(says), "{path}: {}", answer.text);
        assert_eq!(
            answer.header("content-security-policy").is_some(),
            kind.starts_with("text/html"),
            "{path}"
        );
        let etag = answer.header("etag").expect("a version").to_owned();
        let known = anyone.header("If-None-Match", &etag).get(path).await;
        assert_eq!((known.status, known.text.len()), (304, 0), "{path}");
        let head = anyone.send(Method::HEAD, path, None).await;
        assert_eq!((head.status, head.text.len()), (200, 0), "{path}");
    }
    let policy = anyone.get("/login").await;
    let policy = policy.header("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    // Every file that the worker keeps is there, and the worker is none of them.
    let worker = anyone.get("/sw.js").await.text;
    let release =
        worker.lines().next().and_then(|line| line.strip_prefix("const RELEASE = ")).expect("a release");
    let release: serde_json::Value = serde_json::from_str(release.trim_end_matches(';')).expect("JSON");
    let paths = release["paths"].as_array().expect("paths");
    assert!(paths.len() > 10 && !paths.contains(&"/sw.js".into()), "{paths:?}");
    for path in paths {
        assert_eq!(anyone.get(path.as_str().expect("a path")).await.status, 200, "{path}");
    }
    for path in ["/login.html", "/index.html", "/screens/", "/screens/../Cargo.toml", "/comanda/none.js"] {
        assert_eq!(anyone.get(path).await.status, 404, "{path}");
    }
}

//! A good token's text, cut, grown, turned and respelled.

use super::*;

pub(super) fn vectors() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |what: String, token: String| all.push((what, token));
    let token = good(HEAD, &body(json!({})));
    let [head, middle, tail] = [0, 1, 2].map(|n| token.split('.').nth(n).unwrap().to_owned());

    // The text itself.
    for text in ["", ".", "..", "...", "....", "a.b.c", "Bearer", "null", "undefined", "\0", "é.é.é"] {
        add(format!("text {text:?}"), text.into());
    }
    for cut in [1, 2, 3, tail.len() / 2, tail.len() - 1, tail.len(), tail.len() + 1, token.len() - head.len()]
    {
        add(format!("cut by {cut}"), token[..token.len() - cut].into());
    }
    for (what, text) in [
        ("junk", "x"),
        ("dot", "."),
        ("dot and junk", ".x"),
        ("padding", "="),
        ("padding", "=="),
        ("space", " "),
        ("newline", "\n"),
        ("NUL", "\0"),
        ("comma", ","),
        ("comma and twin", ",x"),
        ("percent", "%00"),
        ("fragment", "#"),
        ("plus", "+"),
        ("slash", "/"),
        ("four letters", "AAAA"),
    ] {
        add(format!("{what} after"), format!("{token}{text}"));
        add(format!("{what} before"), format!("{text}{token}"));
        add(format!("{what} within the head"), format!("{head}{text}.{middle}.{tail}"));
        add(format!("{what} within the body"), format!("{head}.{middle}{text}.{tail}"));
    }
    for (what, text) in [
        ("parts swapped", format!("{middle}.{head}.{tail}")),
        ("body twice", format!("{head}.{middle}.{middle}.{tail}")),
        ("doubled dots", format!("{head}..{middle}.{tail}")),
        ("no body", format!("{head}..{tail}")),
        ("no head", format!(".{middle}.{tail}")),
        ("head alone", head.clone()),
        ("two parts", format!("{head}.{middle}")),
        ("with scheme", format!("Bearer {token}")),
        ("quoted", format!("\"{token}\"")),
        ("upper case", token.to_uppercase()),
        ("other body", format!("{head}.{}.{tail}", b64(body(json!({"role": "OWNER"}))))),
        ("other head", format!("{}.{middle}.{tail}", b64(r#"{"typ":"JWT","alg":"HS256"}"#))),
        ("JSON form", json!({"payload": middle, "protected": head, "signature": tail}).to_string()),
        (
            "standard base64",
            format!("{head}.{middle}.{}", STANDARD.encode(URL_SAFE_NO_PAD.decode(&tail).unwrap())),
        ),
        ("zeroed signature", format!("{head}.{middle}.{}", b64([0; 32]))),
        ("short signature", format!("{head}.{middle}.AA")),
        ("truncated tag", format!("{head}.{middle}.{}", b64(&URL_SAFE_NO_PAD.decode(&tail).unwrap()[..16]))),
        ("full-width dots", token.replace('.', "\u{ff0e}")),
        ("1 MB", "a".repeat(1 << 20)),
        ("dots", ".".repeat(1 << 20)),
        ("1 MB, well signed", good(HEAD, &body(json!({"pad": "a".repeat(1 << 20)})))),
        ("8 KiB, well signed", good(HEAD, &body(json!({"pad": "a".repeat(6200)})))),
        ("five parts", format!("{head}.{middle}.{tail}.{head}.{middle}")),
    ] {
        add(what.into(), text);
    }
    // The last letter of the tag carries four bits; with others behind them it would be a second spelling.
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let spelled = format!("{}{letter}", &token[..token.len() - 1]);
        if spelled != token {
            add(format!("last letter {letter}"), spelled);
        }
    }
    all
}

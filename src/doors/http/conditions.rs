//! Versions as HTTP has them: `ETag`, `If-Match`, `If-None-Match` (RFC 9110 §8.8.3, §13.1).

use super::error::HttpError;
use crate::{code::ErrorCode, domain::context::IfMatch};
use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};

/// The strong entity tag of a version.
pub fn etag(version: impl std::fmt::Display) -> String {
    format!("\"{version}\"")
}

/// One tag of a list, and whether it is weak.
#[derive(Debug, PartialEq, Eq)]
struct Tag<'a> {
    weak: bool,
    opaque: &'a str,
}

/// The versions a client is ready to change. Tags that no version of ours has, and weak ones, match nothing.
pub fn if_match(headers: &HeaderMap) -> Result<Option<IfMatch>, HttpError> {
    let Some(value) = joined(headers, IF_MATCH)? else { return Ok(None) };
    if value.trim() == "*" {
        return Ok(Some(IfMatch::Any));
    }
    let tags = list(&value).ok_or_else(|| malformed(IF_MATCH))?;
    let strong = tags.iter().filter(|tag| !tag.weak);
    Ok(Some(IfMatch::OneOf(strong.filter_map(|tag| version(tag.opaque)).collect())))
}

/// True where the client has `etag` already: by weak comparison, since nothing is changed.
pub fn is_known(headers: &HeaderMap, etag: &str) -> Result<bool, HttpError> {
    let Some(value) = joined(headers, IF_NONE_MATCH)? else { return Ok(false) };
    if value.trim() == "*" {
        return Ok(true);
    }
    let tags = list(&value).ok_or_else(|| malformed(IF_NONE_MATCH))?;
    Ok(tags.iter().any(|tag| etag.trim_matches('"') == tag.opaque))
}

fn version(opaque: &str) -> Option<u32> {
    let digits = opaque.bytes().all(|b| b.is_ascii_digit()) && !opaque.starts_with('0');
    digits.then(|| opaque.parse().ok()).flatten()
}

fn malformed(name: HeaderName) -> HttpError {
    HttpError::new(ErrorCode::BadRequest, format!("{name} must be * or a list of entity tags"))
}

/// A header's lines as one list.
fn joined(headers: &HeaderMap, name: HeaderName) -> Result<Option<String>, HttpError> {
    let lines: Result<Vec<&str>, _> = headers.get_all(&name).map(|value| value.to_str()).collect();
    let lines = lines.map_err(|_| malformed(name))?;
    Ok((!lines.is_empty()).then(|| lines.join(",")))
}

/// Entity tags separated by commas, which may stand inside a tag too.
fn list(value: &str) -> Option<Vec<Tag<'_>>> {
    let mut tags = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let (weak, quoted) = match rest.strip_prefix("W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        tags.push(Tag { weak, opaque });
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start_matches([',', ' ', '\t']);
        }
    }
    (!tags.is_empty()).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn headers(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut map = HeaderMap::new();
        lines.iter().for_each(|line| map.append(name.clone(), HeaderValue::from_str(line).unwrap()));
        map
    }

    #[test]
    fn if_match_by_table() {
        let one_of = |versions: &[u32]| Ok(Some(IfMatch::OneOf(versions.to_vec())));
        let refused = Err(ErrorCode::BadRequest);
        for (lines, expected) in [
            (vec![], Ok(None)),
            (vec!["*"], Ok(Some(IfMatch::Any))),
            (vec![r#""3""#], one_of(&[3])),
            (vec![r#""3", "4" ,"12""#], one_of(&[3, 4, 12])),
            (vec![r#""3""#, r#""4""#], one_of(&[3, 4])),
            (vec![r#"W/"3", "4""#], one_of(&[4])),
            (vec![r#"W/"3""#], one_of(&[])),
            (vec![r#""a,b", "03", "99999999999", "", "5""#], one_of(&[5])),
            (vec!["3"], refused.clone()),
            (vec![""], refused.clone()),
            (vec![r#""3" "4""#], refused.clone()),
            (vec![r#""3"#], refused.clone()),
            (vec![r#"w/"3""#], refused.clone()),
            (vec!["*, \"3\""], refused.clone()),
        ] {
            let read = if_match(&headers(IF_MATCH, &lines)).map_err(|error| error.code);
            assert_eq!(read, expected, "{lines:?}");
        }
    }

    #[test]
    fn a_reader_may_hold_a_weak_tag() {
        for (line, known) in
            [("*", true), (r#""7""#, true), (r#"W/"7""#, true), (r#""6", "7""#, true), (r#""6""#, false)]
        {
            assert_eq!(is_known(&headers(IF_NONE_MATCH, &[line]), &etag(7)), Ok(known), "{line}");
        }
        assert_eq!(is_known(&HeaderMap::new(), &etag(7)), Ok(false));
    }
}

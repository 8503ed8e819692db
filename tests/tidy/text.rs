//! Reads Rust and SQL just well enough for the house rules: without comments and strings, paths with their groups.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::Path};

/// Path below the crate's folder, and text.
pub type Files = BTreeMap<String, String>;

/// All files of this kind in a folder of the crate.
pub fn read(folder: &str, extension: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Files::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.insert(relative(root, &path), fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().to_string_lossy().into_owned()
}

/// All paths that start at the crate's root, groups in braces resolved.
pub fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = paths_after(code, "crate::");
    paths.extend(paths_after(code, "comanda::"));
    paths
}

pub fn paths_after(code: &str, root: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(root) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        expand("", &code[at + root.len()..], &mut paths);
    }
    paths
}

/// Reads one path, or a group of them, and returns what follows it.
fn expand<'a>(prefix: &str, text: &'a str, paths: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            match rest.chars().next() {
                None => return rest,
                Some('}') => return &rest[1..],
                Some(_) => {
                    let before = rest.len();
                    rest = expand(prefix, rest, paths);
                    // An alias (`as s`) or anything unknown: on to the next entry.
                    let next = rest.find([',', '}']).unwrap_or(rest.len());
                    rest = &rest[next..];
                    assert!(rest.len() < before || rest.starts_with('}'), "no progress in {rest}");
                }
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(text.len());
    let path = if prefix.is_empty() { text[..end].to_owned() } else { format!("{prefix}::{}", &text[..end]) };
    match text[end..].strip_prefix("::") {
        Some(rest) => expand(&path, rest, paths),
        None => {
            paths.push(path);
            &text[end..]
        }
    }
}

/// Rust without its comments and the insides of its strings.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if rest.starts_with("r#\"") {
            rest = rest[3..].find("\"#").map_or("", |end| &rest[3 + end + 2..]);
        } else if c == '"' {
            rest = after_string(&rest[1..]);
            out.push_str("\"\"");
        } else if let Some(tail) = ["'\"'", "'\\\"'"].iter().find_map(|quote| rest.strip_prefix(quote)) {
            rest = tail;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn after_string(text: &str) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return &text[at + 1..],
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    ""
}

/// SQL without its comments, strings and quoted names.
pub fn sql_code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = |open: usize, close: &str| {
            rest[open..].find(close).map_or(rest.len(), |at| open + at + close.len())
        };
        let skipped = match c {
            _ if rest.starts_with("--") => skip(2, "\n"),
            _ if rest.starts_with("/*") => skip(2, "*/"),
            _ if rest.starts_with("$$") => skip(2, "$$"),
            '\'' => skip(1, "'"),
            '"' => skip(1, "\""),
            _ => 0,
        };
        if skipped == 0 || c == '\'' || c == '"' || c == '$' {
            out.push(if c == ';' && skipped == 0 {
                ';'
            } else if skipped == 0 {
                c
            } else {
                'x'
            });
        }
        rest = &rest[skipped.max(c.len_utf8())..];
    }
    out
}

pub fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(part) && !code[at + word.len()..].starts_with(part))
}

/// What ships: Rust without its test module, and without what only the feature `faults` compiles.
pub fn shipped(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut lines = text.lines();
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(feature = \"faults\")]" {
            lines.next();
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    code(&kept)
}

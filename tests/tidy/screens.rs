//! The screens' rules: small modules that say what they are, no HTML out of data, the server by the client module alone.

use crate::text::{Files, read};

const MAX_LINES: usize = 300;

/// What a module of ours never says, and who may.
const NEVER: &[(&str, &[&str])] = &[
    // Data is text, never HTML and never a script.
    ("innerHTML", &[]),
    ("outerHTML", &[]),
    ("insertAdjacentHTML", &[]),
    ("document.write", &[]),
    ("eval(", &[]),
    // Whoever builds on the client module can do what the screens do.
    ("fetch(", &["comanda/", "sw.js"]),
    ("new WebSocket", &["comanda/"]),
    ("EventSource", &["comanda/"]),
    ("XMLHttpRequest", &[]),
    // Nothing is asked of another host; SVG's namespace has such a name.
    ("http://", &["screens/dom.js"]),
    ("https://", &[]),
];

fn complaints(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let name = path.strip_prefix("src/screens/").unwrap_or(path);
        let lines = text.lines().count();
        // Texts are a table, as long as what is said.
        if lines > MAX_LINES && name != "screens/texts.js" {
            found.push(format!("{path}: {lines} lines"));
        }
        let head = text.lines().next().and_then(|line| line.strip_prefix("// ")).unwrap_or_default();
        if head.len() < 10 {
            found.push(format!("{path}: its first line does not say what it is"));
        }
        for (word, who) in NEVER {
            let may = who.iter().any(|who| name.starts_with(who));
            if !may && text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word)) {
                found.push(format!("{path}: {word}"));
            }
        }
    }
    found
}

#[test]
fn the_screens_are_tidy() {
    let sample = |path: &str, text: &str| Files::from([(format!("src/screens/{path}"), text.to_owned())]);
    for (path, text) in [
        ("screens/a.js", "// What it is here.\nx.innerHTML = y;"),
        ("screens/a.js", "// What it is here.\nawait fetch('/api/v1/board');"),
        ("screens/a.js", "const a = 1;"),
        ("comanda/a.js", "// What it is here.\nimport 'https://elsewhere';"),
    ] {
        assert_eq!(complaints(&sample(path, text)).len(), 1, "{text}");
    }
    assert_eq!(complaints(&sample("screens/a.js", &"// long enough\n".repeat(MAX_LINES + 1))).len(), 1);
    let files = read("src/screens", "js");
    assert!(files.len() > 10, "{files:?}");
    assert_eq!(complaints(&files), Vec::<String>::new());
}

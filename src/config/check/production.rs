//! The stages of production orders: one at least, each once, with names that people can read.

use crate::config::{Mistake, sections::Production};

const KEY: &str = "production.stages";
/// Characters of a stage's name.
const MAX_NAME: usize = 50;

pub fn check(production: &Production) -> Result<(), Mistake> {
    let names: Vec<&str> = production.stages.iter().map(|name| name.trim()).collect();
    if names.is_empty() {
        return Err(Mistake::about(KEY, "there has to be a stage", None));
    }
    for (n, name) in names.iter().enumerate() {
        let wrong = if name.is_empty() {
            "a stage has no name".to_owned()
        } else if name.chars().count() > MAX_NAME {
            format!("\"{name}\" is longer than {MAX_NAME} characters")
        } else if name.contains(char::is_control) {
            format!("{name:?} has a control character")
        } else if names[..n].contains(name) {
            format!("\"{name}\" stands there twice")
        } else {
            continue;
        };
        return Err(Mistake::about(KEY, wrong, None));
    }
    Ok(())
}

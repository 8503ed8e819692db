//! Event names of declared entities: `kebab(routeType + "-" + (subPath + "-") + (apiTag ?? entity))` (specification 003).

use crate::domain::resource::RouteKind;

/// The words of a name, joined with hyphens in small letters: `OrderItem` is `order-item`, as lodash's `kebabCase` has it.
pub fn kebab(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut words = String::new();
    for (n, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            continue;
        }
        let before = n.checked_sub(1).map(|n| chars[n]);
        let after = chars.get(n + 1);
        let begins = before.is_none_or(|before| {
            !before.is_alphanumeric()
                || before.is_numeric() != c.is_numeric()
                || c.is_uppercase() && (before.is_lowercase() || after.is_some_and(|c| c.is_lowercase()))
        });
        if begins && !words.is_empty() {
            words.push('-');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// What event names call the entity.
fn displayed(entity: &str, sub_path: Option<&str>, api_tag: Option<&str>) -> String {
    let tag = api_tag.unwrap_or(entity);
    sub_path.map_or_else(|| tag.to_owned(), |sub_path| format!("{sub_path}-{tag}"))
}

/// A route's event, where the declaration names no other.
pub fn event(route: RouteKind, entity: &str, sub_path: Option<&str>, api_tag: Option<&str>) -> String {
    kebab(&format!("{}-{}", route.name(), displayed(entity, sub_path, api_tag)))
}

/// A route's broadcast in the words of the older clients: `user-create-one`.
pub fn legacy(route: RouteKind, entity: &str, sub_path: Option<&str>, api_tag: Option<&str>) -> String {
    kebab(&format!("{}-{}", displayed(entity, sub_path, api_tag), route.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_lodash_finds_them() {
        for (text, expected) in [
            ("GetMany/User", "get-many-user"),
            ("OrderItem", "order-item"),
            ("orderItem", "order-item"),
            ("order_item", "order-item"),
            ("HTMLPage", "html-page"),
            ("Item2", "item-2"),
            ("--a--b--", "a-b"),
            ("Items", "items"),
        ] {
            assert_eq!(kebab(text), expected, "{text}");
        }
    }

    /// The specification's table, row by row, and its examples above it.
    #[test]
    fn events_are_those_of_the_specification() {
        let rows = [
            (RouteKind::GetMany, "get-many"),
            (RouteKind::GetOne, "get-one"),
            (RouteKind::CreateOne, "create-one"),
            (RouteKind::CreateMany, "create-many"),
            (RouteKind::UpdateOne, "update-one"),
            (RouteKind::UpdateMany, "update-many"),
            (RouteKind::ReplaceOne, "replace-one"),
            (RouteKind::DeleteOne, "delete-one"),
            (RouteKind::DeleteMany, "delete-many"),
            (RouteKind::DuplicateOne, "duplicate-one"),
            (RouteKind::DuplicateMany, "duplicate-many"),
        ];
        assert_eq!(rows.map(|(route, _)| route), RouteKind::ALL);
        for (route, pattern) in rows {
            assert_eq!(event(route, "User", None, None), format!("{pattern}-user"));
            assert_eq!(event(route, "Product", None, Some("Items")), format!("{pattern}-items"));
            assert_eq!(event(route, "User", Some("admin"), None), format!("{pattern}-admin-user"));
            assert_eq!(event(route, "Product", Some("shop"), Some("Items")), format!("{pattern}-shop-items"));
            assert_eq!(legacy(route, "User", None, None), format!("user-{pattern}"));
        }
    }
}

//! What may be declared, and the one line that says why something may not.

use super::*;
use crate::config::entities;

fn catalog(text: &str) -> Result<Catalog, String> {
    let declared = entities::parse(text, "config/entities.toml").map_err(|mistake| mistake.to_string())?;
    Catalog::new(&declared, &["orders".to_owned()]).map_err(|mistake| mistake.to_string())
}

/// An entity with one field, and this beside them.
fn with(options: &str, field: &str) -> Result<Catalog, String> {
    catalog(&format!(
        "[[entities]]\nname = \"Dish\"\npath = \"dishes\"\nfields = [{{ name = \"name\", type = \"string\"{field} }}]\n{options}"
    ))
}

fn built_in() -> Catalog {
    let declared = entities::read(std::path::Path::new("/nowhere")).unwrap();
    Catalog::new(&declared, &["orders".to_owned()]).unwrap()
}

#[test]
fn the_built_in_entities_are_those_of_the_contract() {
    let catalog = built_in();
    let all: Vec<_> = catalog.entities().iter().map(|entity| (&*entity.name, &*entity.path)).collect();
    assert_eq!(all, [("Product", "products"), ("Customer", "customers"), ("User", "users")]);
    for (event, entity, kind) in [
        ("create-one-product", "Product", RouteKind::CreateOne),
        ("duplicate-many-customer", "Customer", RouteKind::DuplicateMany),
        ("get-many-user", "User", RouteKind::GetMany),
        ("create-one-user", "User", RouteKind::CreateOne),
    ] {
        for words in [Vocabulary::Restaurant, Vocabulary::Resources] {
            let (found, route) = catalog.called(words, event).unwrap();
            assert_eq!((&*found.name, route), (entity, kind));
        }
        assert!(catalog.called(Vocabulary::Admin, event).is_none());
    }
    assert!(catalog.entities()[0].routes.iter().all(|route| route.broadcast == Broadcast::Off));
}

#[test]
fn the_narrower_switch_wins() {
    let text = |all: &str, entity: &str, route: &str| {
        catalog(&format!(
            "{all}\n[[entities]]\nname = \"Dish\"\npath = \"dishes\"\n{entity}\nroutes = [{{ type = \"CreateOne\"{route} }}]\nfields = [{{ name = \"name\", type = \"string\" }}]"
        ))
        .unwrap()
    };
    for (all, entity, route, create, update) in [
        ("", "", "", false, false),
        ("webSocket = true", "", "", true, true),
        ("webSocket = true", "webSocket = false", "", false, false),
        ("", "webSocket = true", ", webSocket = false", false, true),
        ("webSocket = true", "webSocket = false", ", webSocket = true", true, false),
    ] {
        let catalog = text(all, entity, route);
        let called = |event| catalog.called(Vocabulary::Restaurant, event).is_some();
        assert_eq!(
            (called("create-one-dish"), called("update-one-dish")),
            (create, update),
            "{all}{entity}{route}"
        );
    }
    let catalog = text("broadcast = \"legacy\"", "", ", broadcast = true, eventName = \"cooked\"");
    let route = |kind| catalog.entities()[0].route(kind).unwrap();
    assert_eq!(
        (route(RouteKind::CreateOne).broadcast, &*route(RouteKind::CreateOne).event),
        (Broadcast::On, "cooked")
    );
    assert_eq!(route(RouteKind::UpdateOne).broadcast, Broadcast::Legacy);
    assert_eq!(route(RouteKind::UpdateOne).legacy_event, "dish-update-one");
    assert_eq!(route(RouteKind::GetMany).broadcast, Broadcast::Off, "nothing was written");
}

#[test]
fn every_mistake_is_one_line_that_says_where_it_is() {
    const AT: &str = "config/entities.toml: entity Dish";
    for (options, field, expected) in [
        ("colour = 1", "", ": there is no option colour"),
        ("webSocket = 1", "", ": webSocket must be true or false"),
        ("broadcast = \"loud\"", "", ": broadcast must be true, false or \"legacy\""),
        ("read = [\"COOK\"]", "", ": read: staff has no role COOK"),
        ("write = [\"NGO\"]", "", ": write: staff has no role NGO"),
        ("write = []", "", ": write: there is no role in it"),
        (
            "routes = [{ type = \"GetOne\", roles = [\"PUBLIC\"] }]",
            "",
            ": route GetOne: roles: staff has no role PUBLIC",
        ),
        ("only = []", "", ": only names no route"),
        ("only = [\"GetAll\"]", "", ": only: GetAll: there is no such type; there are GetMany,"),
        ("only = [\"GetOne\"]\nroutes = [{ type = \"GetMany\" }]", "", ", route GetMany: only leaves it out"),
        (
            "broadcast = true\nread = [\"MANAGER\"]",
            "",
            ": route CreateOne: broadcast tells all staff of documents that not all of them may read",
        ),
        (
            "routes = [{ type = \"CreateOne\", broadcast = \"legacy\" }, { type = \"GetOne\", roles = [\"WAITER\"] }]",
            "",
            ": route CreateOne: broadcast tells all staff",
        ),
        ("namespaces = [\"/admin\"]", "", ": namespaces: /admin is none of /, /api"),
        ("subPath = \"many\"", "", ": path dishes/many: many is a route's; choose another"),
        ("subPath = \"A b\"", "", ": path dishes/A b must be one to 3 parts"),
        ("routes = [{ type = \"GetAll\" }]", "", ", route GetAll: there is no such type; there are GetMany,"),
        (
            "routes = [{ type = \"GetOne\" }, { type = \"GetOne\" }]",
            "",
            ", route GetOne: it stands there twice",
        ),
        (
            "routes = [{ type = \"GetOne\", eventName = \"a b\" }]",
            "",
            ", route GetOne: eventName must be 1 to 64",
        ),
        (
            "webSocket = true\nroutes = [{ type = \"GetOne\", eventName = \"auth-login\" }]",
            "",
            ": route GetOne: event auth-login is the server's own",
        ),
        (
            "webSocket = true\nroutes = [{ type = \"GetOne\", eventName = \"get-many-dish\" }]",
            "",
            ": route GetOne: event get-many-dish is that of Dish's GetMany already",
        ),
        ("", ", size = 3", ", field name: there is no option size"),
        ("", ", min = 3", ", field name: min and max are for numbers, not for string"),
        ("", ", minLength = 9, maxLength = 3", ", field name: the least allowed is more than the most"),
        ("", ", maxLength = 99999", ", field name: maxLength is 99999; at most 10000 can be kept"),
        ("", ", unique = true, maxLength = 501", ", field name: maxLength is 501; at most 500 can be kept"),
        ("", ", unique = true, default = \"x\"", ", field name: a unique field has no default"),
        ("", ", default = 3", ", field name: default is no string"),
        (
            "",
            ", maxLength = 2, default = \"xxx\"",
            ", field name: default must be shorter than or equal to 2",
        ),
        ("", ", default = [3]", ", field name: default must be a text, a number, true or false"),
    ] {
        let mistake = with(options, field).unwrap_err();
        assert!(mistake.starts_with(&format!("{AT}{expected}")), "{mistake}");
        assert_eq!(mistake.lines().count(), 1);
    }
}

#[test]
fn what_is_missing_doubled_or_taken_is_told() {
    let field = "fields = [{ name = \"a\", type = \"string\" }]";
    let two = |first: &str, second: &str| {
        catalog(&format!("webSocket = true\n[[entities]]\n{first}\n{field}\n[[entities]]\n{second}\n{field}"))
    };
    let one = |text: &str| catalog(&format!("[[entities]]\n{text}"));
    for (found, expected) in [
        (catalog("[[entities]"), "config/entities.toml cannot be read"),
        (one("path = \"x\""), "config/entities.toml: entity number 1: name is missing"),
        (one("name = \"dish\"\npath = \"x\""), "config/entities.toml: entity dish: its name must be letters"),
        (one(&format!("name = \"Dish\"\n{field}")), "config/entities.toml: entity Dish: path is missing"),
        (one("name = \"Dish\"\npath = \"x\""), "config/entities.toml: entity Dish: it has no fields"),
        (
            one(&format!("name = \"Dish\"\npath = \"orders\"\n{field}")),
            "config/entities.toml: entity Dish: path orders is the server's own; choose another",
        ),
        (
            one(&format!("name = \"User\"\npath = \"users\"\n{field}")),
            "config/entities.toml: entity User: it is built in; its fields cannot be declared",
        ),
        (
            one("name = \"Dish\"\npath = \"x\"\nfields = [{ name = \"id\", type = \"string\" }]"),
            "config/entities.toml: entity Dish, field id: this name is the server's own; choose another",
        ),
        (
            one("name = \"Dish\"\npath = \"x\"\nfields = [{ name = \"a\", type = \"text\" }]"),
            "config/entities.toml: entity Dish, field a: there is no type text; there are string, number,",
        ),
        (
            one("name = \"Dish\"\npath = \"x\"\nfields = [{ type = \"string\" }]"),
            "config/entities.toml: entity Dish, field number 1: name is missing",
        ),
        (
            two("name = \"Dish\"\npath = \"x\"", "name = \"Dish\"\npath = \"y\""),
            "config/entities.toml: entity Dish: route GetMany: event get-many-dish is that of Dish's GetMany already",
        ),
        (
            catalog(&format!(
                "[[entities]]\nname = \"Dish\"\npath = \"x\"\n{field}\n[[entities]]\nname = \"Dish\"\npath = \"y\"\nfields = [{{ name = \"b\", type = \"string\" }}]"
            )),
            "config/entities.toml: entity Dish: its fields are not those it has above; leave them out here",
        ),
        (
            one("name = \"Dish\"\npath = \"x\"\nfields = [{ name = \"cursor\", type = \"string\" }]"),
            "config/entities.toml: entity Dish, field cursor: this name is the server's own; choose another",
        ),
        (
            two("name = \"Dish\"\npath = \"x\"", "name = \"Plate\"\npath = \"x\""),
            "config/entities.toml: entity Plate: path x is that of Dish already",
        ),
        (
            two("name = \"Dish\"\npath = \"x\"", "name = \"Plate\"\npath = \"y\"\napiTag = \"Dish\""),
            "config/entities.toml: entity Plate: route GetMany: event get-many-dish is that of Dish's GetMany already",
        ),
    ] {
        let mistake = found.unwrap_err();
        assert!(mistake.starts_with(expected), "{mistake}");
    }
}

/// Specification 003's controllers: `get-many-admin-user` beside `get-many-user`.
#[test]
fn an_entity_can_be_declared_again_with_other_routes() {
    let catalog = catalog(
        "webSocket = true
        [[entities]]\nname = \"Dish\"\npath = \"dishes\"
        routes = [{ type = \"DeleteOne\", roles = [\"OWNER\"] }]
        fields = [{ name = \"a\", type = \"string\", unique = true }]
        [[entities]]\nname = \"Dish\"\npath = \"dishes\"\nsubPath = \"admin\"\nread = [\"MANAGER\"]\nonly = [\"GetMany\"]",
    )
    .unwrap();
    let [first, second] = catalog.entities() else { panic!("{catalog:?}") };
    assert_eq!((&first.fields, &*second.path), (&second.fields, "dishes/admin"));
    let (found, kind) = catalog.called(Vocabulary::Restaurant, "get-many-admin-dish").unwrap();
    assert_eq!((&*found.path, kind), ("dishes/admin", RouteKind::GetMany));
    assert!(catalog.called(Vocabulary::Restaurant, "delete-one-admin-dish").is_none());
    assert_eq!(second.roles(RouteKind::GetMany), [crate::domain::principal::Role::Manager]);
    assert_eq!(second.roles(RouteKind::DeleteOne), []);
    assert_eq!(first.roles(RouteKind::DeleteOne), [crate::domain::principal::Role::Owner]);
    assert_eq!(first.roles(RouteKind::UpdateOne), [crate::domain::principal::Role::Manager]);
}

//! Laws of production orders: properties over random commands by random roles, while the stages change under them.

use super::{
    super::{
        command::{Command, Reply},
        context::{Context, IfMatch},
        event::Event,
        ids::{RestaurantId, UserId},
        money::Currency,
        principal::{Principal, Role},
        workspace::Workspace,
    },
    *,
};
use proptest::prelude::*;

/// A restaurant and its log.
struct House {
    workspace: Workspace,
    log: Vec<Event>,
    at: i64,
}

impl House {
    fn new() -> Self {
        let euro = Currency::from_code("EUR").expect("a currency");
        Self { workspace: Workspace::new(RestaurantId::generate(), euro, 0), log: Vec::new(), at: 0 }
    }

    fn run(&mut self, role: Role, command: &Command, if_match: Option<&IfMatch>) -> Result<Reply, ErrorCode> {
        let by =
            Principal { user: UserId::generate(), role, restaurant: self.workspace.restaurant, login: None };
        self.at += 1;
        let at = Timestamp::from_second(1_700_000_000 + self.at).expect("a time");
        let done = self.workspace.execute(command, &Context { by: &by, at, if_match });
        let done = done.map_err(|rejection| rejection.code)?;
        self.log.extend(done.events);
        Ok(done.reply)
    }

    fn stored(&self) -> Vec<ProductionOrder> {
        self.workspace.dirty_production_orders().filter_map(|row| row.now.clone()).collect()
    }

    /// The orders as the events alone tell.
    fn told(&self) -> Vec<ProductionOrder> {
        let mut orders: Vec<ProductionOrder> = Vec::new();
        for event in &self.log {
            match event {
                Event::ProductionOrderCreated(order) => orders.push(order.clone()),
                Event::ProductionOrderUpdated(new) => {
                    let old = orders.iter_mut().find(|order| order.id == new.id).expect("a known order");
                    *old = new.clone();
                }
                Event::ProductionOrderDeleted { order: gone } => orders.retain(|order| order.id != *gone),
                _ => {}
            }
        }
        orders
    }
}

fn text<T>(parse: fn(&str) -> Result<T, super::super::text::BadText>, text: &str) -> T {
    parse(text).expect("a text")
}

fn sorted(mut orders: Vec<ProductionOrder>) -> Vec<ProductionOrder> {
    orders.sort_by_key(|order| order.id);
    orders
}

#[derive(Debug, Clone)]
enum Step {
    Create(Option<Stage>),
    Update(usize, ProductionChange),
    Delete(usize),
}

const NAMES: [&str; 4] = ["Cut", "Sew", "Pack", "Ship"];

fn stage() -> impl Strategy<Value = Stage> {
    prop::sample::select(NAMES.to_vec()).prop_map(|name| text(Stage::parse, name))
}

fn change() -> impl Strategy<Value = ProductionChange> {
    let customer = prop_oneof![Just(None), Just(Some(None)), Just(Some(Some(text(Name::parse, "Ana"))))];
    let message = prop::option::of(Just(text(Reason::parse, "the paper is late")));
    (prop::option::of(stage()), customer, message).prop_map(|(status, customer_name, message)| {
        ProductionChange { status, customer_name, message, ..ProductionChange::default() }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => prop::option::of(stage()).prop_map(Step::Create),
        8 => (any::<usize>(), change()).prop_map(|(which, change)| Step::Update(which, change)),
        1 => any::<usize>().prop_map(Step::Delete),
    ]
}

/// Some of the names, in an order of their own.
fn stages() -> impl Strategy<Value = Stages> {
    let some = prop::sample::subsequence(NAMES.to_vec(), 1..=NAMES.len()).prop_shuffle();
    some.prop_map(|names| Stages::new(names).expect("stages"))
}

proptest! {
    #[test]
    fn the_log_rebuilds_the_orders_and_each_change_is_told_twice_in_a_row(
        steps in prop::collection::vec((prop::sample::select(Role::ALL.to_vec()), stages(), step()), 1..40)
    ) {
        let mut house = House::new();
        for (role, stages, step) in steps {
            let before = sorted(house.stored());
            let pick = |which: usize| before.get(which % before.len().max(1)).cloned();
            let (command, of) = match step {
                Step::Create(status) => {
                    let new = NewProductionOrder {
                        title: text(Name::parse, "Carta de vinos"),
                        customer_name: None,
                        status,
                        estimated_date: None,
                        date_issued: None,
                    };
                    (Command::CreateProductionOrder { new, stages: stages.clone() }, None)
                }
                Step::Update(which, change) => {
                    let Some(of) = pick(which) else { continue };
                    let command =
                        Command::UpdateProductionOrder { order: of.id, change, stages: stages.clone() };
                    (command, Some(of))
                }
                Step::Delete(which) => {
                    let Some(of) = pick(which) else { continue };
                    (Command::DeleteProductionOrder { order: of.id }, Some(of))
                }
            };
            let logged = house.log.len();
            let result = house.run(role, &command, None);
            let after = sorted(house.stored());
            prop_assert_eq!(&after, &sorted(house.told()), "the log tells it otherwise");
            match (&command, result) {
                (_, Err(_)) => {
                    prop_assert_eq!(&after, &before, "a refused command changed something");
                    prop_assert_eq!(house.log.len(), logged);
                }
                (Command::UpdateProductionOrder { change, .. }, Ok(Reply::ProductionOrder(order))) => {
                    let of = of.expect("the order before");
                    match &house.log[logged..] {
                        [] => prop_assert!(order == of && change.message.is_none()),
                        [Event::ProductionOrderUpdated(whole), Event::ProductionOrderProgressed(progress)] => {
                            prop_assert_eq!(whole, &order);
                            prop_assert_eq!(order.version, of.version + 1);
                            prop_assert_eq!((progress.order, &progress.status), (order.id, &order.status));
                            prop_assert_eq!(&progress.message, &change.message);
                            prop_assert!(order.status == of.status || stages.contains(&order.status));
                        }
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
                (_, Ok(_)) => prop_assert_eq!(house.log.len(), logged + 1),
            }
        }
    }
}

/// A house renames a stage: orders in the old one are found, changed, and moved on.
#[test]
fn an_order_whose_stage_is_gone_can_be_changed_and_moved() {
    let mut house = House::new();
    let (old, new) =
        (Stages::new(["Cut", "Sew"]).expect("stages"), Stages::new(["Tailor", "Ship"]).expect("stages"));
    let order = NewProductionOrder {
        title: text(Name::parse, "Delantales"),
        customer_name: None,
        status: Some(text(Stage::parse, "Sew")),
        estimated_date: None,
        date_issued: None,
    };
    let create = Command::CreateProductionOrder { new: order, stages: old };
    let Ok(Reply::ProductionOrder(order)) = house.run(Role::Waiter, &create, None) else { panic!() };
    let mut update = |status: Option<&str>, title: &str| {
        let change = ProductionChange {
            title: Some(text(Name::parse, title)),
            status: status.map(|name| text(Stage::parse, name)),
            ..ProductionChange::default()
        };
        let update = Command::UpdateProductionOrder { order: order.id, change, stages: new.clone() };
        match house.run(Role::Waiter, &update, None) {
            Ok(Reply::ProductionOrder(order)) => Ok(order.status.to_string()),
            other => Err(other.err()),
        }
    };
    assert_eq!(update(None, "a"), Ok("Sew".into()));
    // As a client does that sends back all that it read.
    assert_eq!(update(Some("Sew"), "b"), Ok("Sew".into()));
    assert_eq!(update(Some("Cut"), "c"), Err(Some(ErrorCode::ValidationFailed)));
    assert_eq!(update(Some("Tailor"), "d"), Ok("Tailor".into()));
    assert_eq!(update(Some("Sew"), "e"), Err(Some(ErrorCode::ValidationFailed)));
}

/// Who may create, change and delete, and that a stale version stops each of the last two.
#[test]
fn roles_and_versions_by_command() {
    let stages = Stages::new(NAMES).expect("stages");
    let new = || NewProductionOrder {
        title: text(Name::parse, "Cartas"),
        customer_name: None,
        status: None,
        estimated_date: None,
        date_issued: None,
    };
    for role in Role::ALL {
        let mut house = House::new();
        let create = Command::CreateProductionOrder { new: new(), stages: stages.clone() };
        let made = house.run(role, &create, None).map(drop);
        let writes = matches!(role, Role::Owner | Role::Manager | Role::Waiter);
        assert_eq!(made, if writes { Ok(()) } else { Err(ErrorCode::Forbidden) }, "{role}");
        house.run(Role::Owner, &create, None).expect("an order");
        let Some(order) = house.stored().pop() else { panic!() };
        assert_eq!((order.status.as_str(), order.date_issued), ("Cut", order.created_at));
        let change =
            ProductionChange { status: Some(text(Stage::parse, "Ship")), ..ProductionChange::default() };
        let update = Command::UpdateProductionOrder { order: order.id, change, stages: stages.clone() };
        let delete = Command::DeleteProductionOrder { order: order.id };
        let deletes = matches!(role, Role::Owner | Role::Manager);
        for (command, may) in [(update, writes), (delete, deletes)] {
            let now = house.stored().into_iter().find(|stored| stored.id == order.id).expect("the order");
            let (stale, fresh) = (IfMatch::OneOf(vec![now.version + 1]), IfMatch::OneOf(vec![now.version]));
            let refused = if may { ErrorCode::PreconditionFailed } else { ErrorCode::Forbidden };
            assert_eq!(house.run(role, &command, Some(&stale)).map(drop), Err(refused), "{role}");
            let done = house.run(role, &command, Some(&fresh)).map(drop);
            let expected = if may { Ok(()) } else { Err(ErrorCode::Forbidden) };
            assert_eq!(done, expected, "{} by {role}", command.name());
        }
        let again = house.run(Role::Owner, &Command::DeleteProductionOrder { order: order.id }, None);
        assert_eq!(again.map(drop), if deletes { Err(ErrorCode::NotFound) } else { Ok(()) }, "{role}");
    }
}

//! A group of commands in one transaction does what the same commands do one by one: the same answers, events and rows.

use crate::support::{House, TestApp, evening::kind, house::id, production, spawn_app};
use comanda::{
    domain::{
        command::{Command, NewLine, Outcome, Reply},
        ids::{ItemId, OrderId, ProductionOrderId, TableSessionId, UserId},
        item::ItemStatus,
        menu::{Availability, DishChange},
        order::{LineChange, OrderCommand},
        principal::{Principal, Role},
        production::{ProductionChange, Stages},
        station::StationChange,
        text::{Label, Name, Reason, Stage},
    },
    store::lane::Request,
};
use jiff::Timestamp;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::{Value, json};

const CASES: usize = 20;
const ORDERS: usize = 4;
const STAGES: [&str; 3] = ["In Production", "Packaging", "Delivery"];

/// A command, with places in the world instead of ids.
#[derive(Debug, Clone)]
enum Step {
    Table(u8),
    Seat(usize),
    Leave(usize),
    Open(usize),
    Dish(usize, u32),
    Quantity(usize, usize, u32),
    Remove(usize, usize),
    Confirm(usize),
    Move(usize, usize, ItemStatus),
    Cancel(usize),
    Close(usize),
    Reopen(usize),
    Station(u8),
    Bump(usize),
    See(usize, usize),
    Urgent(usize, u8),
    Elsewhere(usize, usize),
    Join(usize, usize),
    Offer(u32),
    Rename(usize),
    Produce(usize, usize),
    Scrap(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (order, item, session) = (0..ORDERS, 0..2usize, 0..3usize);
    let place = (order.clone(), item);
    prop_oneof![
        (0..2u8).prop_map(Step::Table),
        (0..6usize).prop_map(Step::Seat),
        session.clone().prop_map(Step::Leave),
        (session.clone(), 0..6usize).prop_map(|(session, table)| Step::Elsewhere(session, table)),
        (session.clone(), session.clone()).prop_map(|(session, into)| Step::Join(session, into)),
        session.prop_map(Step::Open),
        (0..2u8).prop_map(Step::Station),
        (0..4u32).prop_map(Step::Offer),
        (0..2usize).prop_map(Step::Rename),
        order.clone().prop_map(Step::Bump),
        place.clone().prop_map(|(order, item)| Step::See(order, item)),
        (order.clone(), 0..2u8).prop_map(|(order, priority)| Step::Urgent(order, priority)),
        (order.clone(), 1..4u32).prop_map(|(order, qty)| Step::Dish(order, qty)),
        (place.clone(), 1..4u32).prop_map(|((order, item), qty)| Step::Quantity(order, item, qty)),
        place.clone().prop_map(|(order, item)| Step::Remove(order, item)),
        order.clone().prop_map(Step::Confirm),
        (place, prop::sample::select(ItemStatus::ALL.to_vec()))
            .prop_map(|((order, item), to)| Step::Move(order, item, to)),
        order.clone().prop_map(Step::Cancel),
        order.clone().prop_map(Step::Close),
        order.prop_map(Step::Reopen),
        (0..2usize, 0..STAGES.len()).prop_map(|(n, stage)| Step::Produce(n, stage)),
        (0..2usize).prop_map(Step::Scrap),
    ]
}

/// A restaurant in which three tables are seated, with two drafts and two confirmed orders of two lines each; of the
/// first dish five portions are left; and two things are produced.
struct World {
    house: House,
    owner: Principal,
    sessions: Vec<TableSessionId>,
    orders: Vec<(OrderId, Vec<ItemId>)>,
    produced: Vec<ProductionOrderId>,
}

fn parse<T>(body: &Value, make: fn(uuid::Uuid) -> T) -> T {
    make(id(body).parse().unwrap())
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let house = app.restaurant().await;
        let dish = house.menu[0].id.0;
        let admin = app.database.admin().await;
        admin.execute("UPDATE menu_items SET remaining = 5 WHERE id = $1", &[&dish]).await.unwrap();
        let me = house.owner.get("/api/v1/auth/me").await.expect(200);
        let (mut sessions, mut orders) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            sessions.push(TableSessionId(house.open_table().await.parse().unwrap()));
        }
        for n in 0..ORDERS {
            let order = house.open_order(&sessions[n % 3].to_string()).await;
            let lines = format!("/api/v1/orders/{order}/items");
            let line = json!({ "menuItemId": dish, "qty": 1 });
            let items =
                [house.waiter.post(&lines, line).await.expect(201), house.add_item(&order, "Plato").await];
            if n >= 2 {
                house.confirm(&order).await.expect(200);
            }
            orders.push((OrderId(order.parse().unwrap()), items.map(|item| parse(&item, ItemId)).into()));
        }
        let mut produced = Vec::new();
        for title in ["Cartas", "Delantales"] {
            produced.push(parse(&house.produce(title).await, ProductionOrderId));
        }
        let restaurant = house.id;
        let owner = Principal::of(parse(&me, UserId), Role::Owner, restaurant);
        Self { house, owner, sessions, orders, produced }
    }

    fn request(&self, step: &Step) -> Request {
        let (order, item) = (|n: usize| self.orders[n].0, |n: usize, line: usize| self.orders[n].1[line]);
        let reason = || Some(Reason::parse("a mistake").unwrap());
        let command = match *step {
            Step::Table(n) => Command::CreateTable { name: Name::parse(&format!("new {n}")).unwrap() },
            Step::Seat(n) => Command::OpenTableSession { table: self.house.tables[n].id, covers: None },
            Step::Leave(n) => Command::CloseTableSession { session: self.sessions[n] },
            Step::Open(n) => Command::OpenOrder { session: self.sessions[n], note: None },
            Step::Dish(n, qty) => {
                let (menu_item, name, unit_price) = (Some(self.house.menu[0].id), None, None);
                let line =
                    NewLine { menu_item, name, qty, unit_price, notes: None, course: None, station: None };
                Command::AddItem { order: order(n), line }
            }
            Step::Quantity(n, line, qty) => {
                let change = LineChange { qty: Some(qty), notes: None, course: None, station: None };
                Command::ChangeItem { order: order(n), item: item(n, line), change }
            }
            Step::Remove(n, line) => Command::RemoveItem { order: order(n), item: item(n, line) },
            Step::Confirm(n) => Command::ConfirmOrder { order: order(n) },
            Step::Move(n, line, to) => {
                let (order, item) = (order(n), item(n, line));
                Command::SetItemStatus { order, item, to, expected: None, reason: reason() }
            }
            Step::Cancel(n) => Command::CancelOrder { order: order(n), reason: reason() },
            Step::Close(n) => Command::Order(order(n), OrderCommand::Close),
            Step::Station(n) => {
                let name = Label::parse(&format!("station {n}")).unwrap();
                Command::CreateStation { name, change: StationChange::default() }
            }
            Step::Offer(n) => {
                let availability =
                    Availability { available: n > 0, remaining: (n > 0).then_some(n), until: None };
                Command::SetAvailability { dish: self.house.menu[0].id, availability }
            }
            Step::Rename(n) => {
                let change = DishChange {
                    name: Some(Name::parse(&format!("dish {n}")).unwrap()),
                    ..DishChange::default()
                };
                Command::ChangeDish { dish: self.house.menu[0].id, change }
            }
            Step::Bump(n) => Command::BumpOrder { order: order(n), station: None },
            Step::See(n, line) => {
                Command::AcknowledgeOrder { order: order(n), item: (line > 0).then(|| item(n, line)) }
            }
            Step::Urgent(n, priority) => Command::Order(order(n), OrderCommand::Prioritise { priority }),
            Step::Elsewhere(n, table) => {
                Command::MoveTableSession { session: self.sessions[n], table: self.house.tables[table].id }
            }
            Step::Join(n, into) => {
                Command::MergeTableSessions { session: self.sessions[n], into: self.sessions[into] }
            }
            Step::Reopen(n) => Command::Order(order(n), OrderCommand::Reopen { reason: reason() }),
            Step::Produce(n, stage) => {
                let status = Stage::parse(STAGES[stage]).ok();
                let change = ProductionChange { status, message: reason(), ..ProductionChange::default() };
                let stages = Stages::new(STAGES).unwrap();
                Command::UpdateProductionOrder { order: self.produced[n], change, stages }
            }
            Step::Scrap(n) => Command::DeleteProductionOrder { order: self.produced[n] },
        };
        Request { principal: self.owner.clone(), command, if_match: None, key: None }
    }

    async fn run(&self, app: &TestApp, steps: &[Step]) -> Vec<String> {
        let requests: Vec<Request> = steps.iter().map(|step| self.request(step)).collect();
        let run = app.store.run_group(None, self.house.id, &requests, Timestamp::now()).await;
        let (committed, _) = run.expect("a commit");
        committed.answers.into_iter().map(|answer| tell(answer.unwrap().outcome)).collect()
    }

    /// All that can be compared with another world: no ids, no times.
    async fn state(&self, app: &TestApp) -> Value {
        let log: Vec<Value> = self.house.log().await.iter().map(|event| kind(event).into()).collect();
        let mut orders = Vec::new();
        for (order, _) in &self.orders {
            let order = self.house.waiter.get(&format!("/api/v1/orders/{order}")).await.expect(200);
            let items: Vec<Value> = order["items"].as_array().unwrap().iter().map(line).collect();
            let seated = self.sessions.iter().position(|at| order["tableSessionId"] == at.to_string());
            let kitchen = json!([order["priority"], order["acknowledgedAt"].is_string()]);
            orders.push(json!([
                seated,
                order["tableName"],
                kitchen,
                order["status"],
                order["number"],
                order["version"],
                order["total"],
                items
            ]));
        }
        let mut produced = self.house.waiter.get(production::PATH).await.expect(200);
        for order in produced.as_array_mut().unwrap() {
            *order = json!([order["title"], order["status"], order["version"]]);
        }
        let counts = "SELECT (SELECT count(*) FROM orders WHERE restaurant_id = $1),
                (SELECT count(*) FROM tables WHERE restaurant_id = $1),
                (SELECT count(*) FROM table_sessions WHERE restaurant_id = $1 AND closed_at IS NULL),
                (SELECT count(*) FROM order_audit WHERE restaurant_id = $1),
                (SELECT sum(remaining) FROM menu_items WHERE restaurant_id = $1),
                (SELECT last_order_number FROM restaurants WHERE id = $1)";
        let row = app.database.admin().await.query_one(counts, &[&self.house.id.0]).await.unwrap();
        let counts: Vec<Option<i64>> = (0..6).map(|column| row.get(column)).collect();
        json!({ "log": log, "orders": orders, "produced": produced, "counts": counts })
    }
}

fn line(item: &Value) -> Value {
    let seen = item["acknowledgedAt"].is_string();
    let times = ["sentAt", "startedAt", "readyAt", "servedAt", "batchId"].map(|key| item[key].is_string());
    json!([
        item["station"],
        item["attention"],
        seen,
        times,
        item["name"],
        item["qty"],
        item["status"],
        item["late"],
        item["version"]
    ])
}

fn tell(outcome: Outcome) -> String {
    match outcome {
        Ok(Reply::Order(order)) => format!("{} {:?} {}", order.status(), order.number, order.version),
        Ok(Reply::Item(item)) => format!("{} {} {}", item.name, item.status, item.version),
        Ok(Reply::Table(table)) => table.name.to_string(),
        Ok(Reply::TableSession(session)) => session.status().to_string(),
        Ok(Reply::Donation(donation)) => donation.status.to_string(),
        Ok(Reply::ProductionOrder(order)) => format!("{} {} {}", order.title, order.status, order.version),
        Ok(Reply::Removed) => "removed".into(),
        Ok(Reply::Bumped { batch, order }) => format!("{} {}", batch.is_some(), order.version),
        Ok(Reply::Category(category)) => format!("{} {}", category.name, category.version),
        Ok(Reply::Dish(dish)) => format!("{} {} {:?}", dish.name, dish.version, dish.remaining),
        Ok(Reply::Station(station)) => format!("{} {}", station.name, station.version),
        Ok(reply @ (Reply::Document(_) | Reply::Documents(_) | Reply::Deleted(_))) => format!("{reply:?}"),
        Err(rejection) => format!("{} at {:?}", rejection.code, rejection.current),
    }
}

#[actix_web::test]
async fn a_group_does_what_its_commands_do_one_by_one() {
    let app = spawn_app().await;
    let config = Config { rng_seed: RngSeed::Fixed(4), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let cases = prop::collection::vec(step(), 2..24);
    for _ in 0..CASES {
        let steps = cases.new_tree(&mut runner).unwrap().current();
        let (grouped, single) = (World::new(&app).await, World::new(&app).await);
        let answers = grouped.run(&app, &steps).await;
        for (n, step) in steps.iter().enumerate() {
            let alone = single.run(&app, std::slice::from_ref(step)).await;
            assert_eq!(answers[n], alone[0], "step {n} of {steps:?}");
        }
        assert_eq!(grouped.state(&app).await, single.state(&app).await, "after {steps:?}");
    }
}

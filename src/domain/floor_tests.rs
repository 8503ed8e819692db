//! The floor and what the kitchen has seen, as tables and laws: acknowledge, priority, move, merge.

use super::{
    attention::Attention,
    command::{Command, Reply},
    event::Event,
    ids::{ItemId, OrderId, TableId, TableSessionId},
    item::{Item, ItemStatus},
    laws::{House, line, name},
    order::{LineChange, Order, OrderCommand},
    principal::Role,
    table::{Table, TableSession},
    text::{Note, Reason},
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use proptest::prelude::*;

impl House {
    fn table(&mut self, title: &str) -> TableId {
        let table = Table::new(TableId::generate(), name(title), Timestamp::UNIX_EPOCH);
        self.workspace.load_table(table.clone());
        table.id
    }

    fn seat(&mut self, table: TableId) -> TableSession {
        let opened = self.run(Role::Waiter, &Command::OpenTableSession { table, covers: None });
        let Ok(Reply::TableSession(session)) = opened else { panic!("{opened:?}") };
        session
    }

    /// An order at `session` with one line, confirmed or not.
    fn order_at(&mut self, session: TableSessionId, confirmed: bool) -> OrderId {
        let Ok(Reply::Order(order)) = self.run(Role::Waiter, &Command::OpenOrder { session, note: None })
        else {
            panic!()
        };
        self.run(Role::Waiter, &Command::AddItem { order: order.id, line: line() }).expect("a line");
        if confirmed {
            self.run(Role::Waiter, &Command::ConfirmOrder { order: order.id }).expect("a confirmation");
        }
        order.id
    }

    fn order(&self, id: OrderId) -> &Order {
        self.workspace.orders().find(|order| order.id == id).expect("the order")
    }

    /// Every confirmed order and every session is on the board as it is.
    fn is_on_the_board(&self) -> bool {
        let orders = self.workspace.orders().filter(|order| order.confirmed_at.is_some());
        let sessions = self.workspace.dirty_sessions().map(|row| &row.now);
        orders.into_iter().all(|order| self.board.orders.get(&order.id) == Some(order))
            && sessions.into_iter().all(|session| self.board.sessions.get(&session.id) == Some(session))
    }
}

fn see(order: OrderId, item: Option<ItemId>) -> Command {
    Command::AcknowledgeOrder { order, item }
}

fn attention(item: &Item) -> (Option<Attention>, bool) {
    (item.attention, item.acknowledged_at.is_some())
}

/// The table at the head of `attention`.
#[test]
fn what_changes_after_sending_wants_to_be_seen_again() {
    use Attention::*;
    let mut house = House::new();
    let order = house.open_order();
    let add = Command::AddItem { order, line: line() };
    let Ok(Reply::Item(first)) = house.run(Role::Waiter, &add) else { panic!() };
    let change = |item: ItemId, notes: &str| {
        let notes = Some(Some(Note::parse(notes).expect("a note")));
        Command::ChangeItem { order, item, change: LineChange { notes, ..LineChange::default() } }
    };
    house.run(Role::Waiter, &change(first.id, "draft")).expect("a change");
    assert_eq!(house.run(Role::Kitchen, &see(order, None)), Err(ErrorCode::OrderNotConfirmed));
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    let now = |house: &House, n: usize| attention(&house.board.orders[&order].items[n]);
    assert_eq!(now(&house, 0), (None, false), "what was in the draft is no news");

    let Ok(Reply::Item(late)) = house.run(Role::Waiter, &add) else { panic!() };
    assert_eq!(now(&house, 1), (Some(New), false));
    house.run(Role::Waiter, &change(late.id, "nuts")).expect("a change");
    assert_eq!(now(&house, 1), (Some(New), false), "new still");
    house.run(Role::Kitchen, &see(order, Some(late.id))).expect("seen");
    assert_eq!(now(&house, 1), (None, true));
    house.run(Role::Waiter, &change(late.id, "no nuts")).expect("a change");
    assert_eq!(now(&house, 1), (Some(Changed), false));
    house.run(Role::Waiter, &Command::RemoveItem { order, item: late.id }).expect("gone");
    assert_eq!(now(&house, 1), (Some(Voided), false));

    let logged = house.log.len();
    house.run(Role::Kitchen, &see(order, None)).expect("all seen");
    assert_eq!((now(&house, 0), now(&house, 1)), ((None, false), (None, true)));
    assert!(house.board.orders[&order].acknowledged_at.is_some());
    assert!(matches!(&house.log[logged..], [one] if matches!(&one.event, Event::OrderAcknowledged(_))));
    // Seen already, as a whole and line by line.
    house.run(Role::Kitchen, &see(order, None)).expect("nothing to do");
    house.run(Role::Expo, &see(order, Some(late.id))).expect("nothing to do");
    assert_eq!(house.log.len(), logged + 1);
    // A line that nothing happened to, for its note.
    house.run(Role::Kitchen, &see(order, Some(first.id))).expect("seen");
    assert_eq!((now(&house, 0), house.log.len()), ((None, true), logged + 2));
    assert_eq!(house.run(Role::Waiter, &see(order, None)), Err(ErrorCode::Forbidden));
    assert_eq!(house.run(Role::Kitchen, &see(order, Some(ItemId::generate()))), Err(ErrorCode::NotFound));
    assert!(house.is_on_the_board());
}

#[test]
fn a_cancelled_order_is_seen_and_a_cancelled_draft_is_nobodys_news() {
    let mut house = House::new();
    let order = house.open_order();
    house.run(Role::Waiter, &Command::AddItem { order, line: line() }).expect("a line");
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    house.run(Role::Waiter, &Command::CancelOrder { order, reason: None }).expect("cancelled");
    assert_eq!(house.board.orders[&order].items[0].attention, Some(Attention::Voided));
    house.run(Role::Kitchen, &see(order, None)).expect("seen");
    assert_eq!(attention(&house.board.orders[&order].items[0]), (None, true));

    let session = house.board.orders[&order].place.as_ref().expect("a place").session;
    let draft = house.order_at(session, false);
    house.run(Role::Waiter, &Command::CancelOrder { order: draft, reason: None }).expect("cancelled");
    assert_eq!(house.order(draft).items[0].attention, None);
}

#[test]
fn priority_is_the_passs_to_give() {
    let mut house = House::new();
    let order = house.open_order();
    let urgent = |priority| Command::Order(order, OrderCommand::Prioritise { priority });
    assert_eq!(house.run(Role::Expo, &urgent(1)), Err(ErrorCode::OrderNotConfirmed));
    house.run(Role::Waiter, &Command::AddItem { order, line: line() }).expect("a line");
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    for role in Role::ALL {
        let expected = if role.includes(Role::Expo) { Ok(()) } else { Err(ErrorCode::Forbidden) };
        assert_eq!(house.run(role, &urgent(9)).map(|_| ()), expected, "{role}");
    }
    let told = house.log.iter().filter(|one| matches!(one.event, Event::OrderPriorityChanged(_))).count();
    assert_eq!((told, house.board.orders[&order].priority), (1, 9));
    house.run(Role::Waiter, &Command::CancelOrder { order, reason: None }).expect("cancelled");
    assert_eq!(house.run(Role::Expo, &urgent(0)), Err(ErrorCode::OrderNotOpen));
}

#[test]
fn guests_move_and_join_and_their_orders_go_along() {
    let mut house = House::new();
    let (one, two, three) = (house.table("one"), house.table("two"), house.table("three"));
    let (first, other) = (house.seat(one), house.seat(two));
    let open = house.order_at(first.id, true);
    let draft = house.order_at(first.id, false);
    let gone = house.order_at(first.id, true);
    house.run(Role::Waiter, &Command::CancelOrder { order: gone, reason: None }).expect("cancelled");
    let versions = |house: &House| [open, draft, gone].map(|id| house.order(id).version);
    let [v_open, v_draft, v_gone] = versions(&house);
    let lines = house.board.orders[&open].items.clone();

    let to = |session: &TableSession, table| Command::MoveTableSession { session: session.id, table };
    assert_eq!(house.run(Role::Waiter, &to(&first, two)), Err(ErrorCode::TableOccupied));
    assert_eq!(house.run(Role::Kitchen, &to(&first, three)), Err(ErrorCode::Forbidden));
    assert_eq!(house.run(Role::Waiter, &to(&first, TableId::generate())), Err(ErrorCode::NotFound));
    let logged = house.log.len();
    house.run(Role::Waiter, &to(&first, one)).expect("there already");
    assert_eq!(house.log.len(), logged);
    house.run(Role::Waiter, &to(&first, three)).expect("moved");
    assert_eq!(versions(&house), [v_open + 1, v_draft + 1, v_gone]);
    let place = house.board.orders[&open].place.clone().expect("a place");
    assert_eq!((place.session, place.table, place.table_name.as_str()), (first.id, three, "three"));
    house.seat(one);

    let join = |into| Command::MergeTableSessions { session: first.id, into };
    assert_eq!(house.run(Role::Waiter, &join(first.id)), Err(ErrorCode::ValidationFailed));
    assert_eq!(house.run(Role::Waiter, &join(TableSessionId::generate())), Err(ErrorCode::NotFound));
    house.run(Role::Waiter, &join(other.id)).expect("merged");
    assert_eq!(house.run(Role::Waiter, &join(other.id)), Err(ErrorCode::TableSessionClosed));
    let at = |id| house.order(id).place.as_ref().map(|place| (place.session, place.table));
    assert_eq!(
        [at(open), at(draft), at(gone)],
        [Some((other.id, two)), Some((other.id, two)), Some((first.id, three))]
    );
    assert_eq!(house.board.orders[&open].items, lines, "headers only");
    assert_eq!(house.board.orders[&open].number, Some(1));
    let told = &house.log[logged..];
    assert!(told.iter().all(|one| one.event.order().is_none()), "no line, no order: {told:?}");
    let closed = house.run(Role::Waiter, &Command::CloseTableSession { session: other.id });
    assert_eq!(closed, Err(ErrorCode::SessionHasOpenOrders));
    house.seat(three);
    assert!(house.is_on_the_board());
}

#[derive(Debug, Clone)]
enum Step {
    Move(usize, usize),
    Merge(usize, usize),
    Order(usize, bool),
    Status(usize, ItemStatus),
    Late(usize),
    See(usize, bool),
    Urgent(usize, u8),
    Close(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0usize..6;
    prop_oneof![
        (n(), 0usize..4).prop_map(|(a, b)| Step::Move(a, b)),
        (n(), n()).prop_map(|(a, b)| Step::Merge(a, b)),
        (n(), any::<bool>()).prop_map(|(a, sent)| Step::Order(a, sent)),
        (n(), prop::sample::select(ItemStatus::ALL.to_vec())).prop_map(|(a, to)| Step::Status(a, to)),
        n().prop_map(Step::Late),
        (n(), any::<bool>()).prop_map(|(a, whole)| Step::See(a, whole)),
        (n(), 0u8..10).prop_map(|(a, priority)| Step::Urgent(a, priority)),
        n().prop_map(Step::Close),
    ]
}

proptest! {
    /// Whatever the floor and the pass do, the events alone rebuild it, and no table has two open sessions.
    #[test]
    fn the_log_rebuilds_the_floor(steps in prop::collection::vec(step(), 1..50)) {
        let mut house = House::new();
        let tables = ["a", "b", "c", "d"].map(|title| house.table(title));
        let mut sessions: Vec<TableSessionId> = tables[..3].iter().map(|table| house.seat(*table).id).collect();
        let mut orders: Vec<OrderId> = sessions.clone().into_iter().map(|at| house.order_at(at, true)).collect();
        for step in steps {
            let session = |n: usize| sessions[n % sessions.len()];
            let order = |n: usize| orders[n % orders.len()];
            let first = |id| house.order(id).items[0].id;
            let command = match step {
                Step::Move(a, b) => Command::MoveTableSession { session: session(a), table: tables[b] },
                Step::Merge(a, b) => Command::MergeTableSessions { session: session(a), into: session(b) },
                Step::Order(a, sent) => {
                    let at = session(a);
                    let open = house.workspace.dirty_sessions().any(|row| row.now.id == at && row.now.is_open());
                    if open && orders.len() < 6 {
                        let made = house.order_at(at, sent);
                        orders.push(made);
                    } else if let Some(free) = tables.iter().find(|table| {
                        house.workspace.dirty_sessions().all(|row| row.now.table != **table || !row.now.is_open())
                    }) {
                        let seated = house.seat(*free).id;
                        sessions.push(seated);
                    }
                    continue;
                }
                Step::Status(a, to) => {
                    let (order, reason) = (order(a), Reason::parse("spilled").ok());
                    Command::SetItemStatus { order, item: first(order), to, expected: None, reason }
                }
                Step::Late(a) => Command::AddItem { order: order(a), line: line() },
                Step::See(a, whole) => see(order(a), (!whole).then(|| first(order(a)))),
                Step::Urgent(a, priority) => Command::Order(order(a), OrderCommand::Prioritise { priority }),
                Step::Close(a) => Command::Order(order(a), OrderCommand::Close),
            };
            let _ = house.run(Role::Owner, &command);
            prop_assert!(house.is_on_the_board(), "after {command:?}");
            for table in tables {
                let open = house.workspace.dirty_sessions().filter(|row| row.now.table == table && row.now.is_open());
                prop_assert!(open.count() <= 1);
            }
        }
    }
}

//! A board in memory: who may do what to a donation, and what each step leaves behind.

use super::*;
use crate::domain::{
    donation::Location,
    ids::{BoardId, UserId},
    principal::Principal,
    text::Label,
};
use jiff::{SignedDuration, Timestamp};

/// People around one board.
struct Scene {
    shelf: Shelf,
    donor: Principal,
    manager: Principal,
    ngo: Principal,
    other: Principal,
    now: Timestamp,
}

fn principal(role: Role, restaurant: RestaurantId) -> Principal {
    Principal { user: UserId::generate(), role, restaurant, board: BoardId::DEFAULT, login: None }
}

impl Scene {
    fn new() -> Self {
        let restaurant = RestaurantId::generate();
        Self {
            shelf: Shelf::default(),
            donor: principal(Role::Waiter, restaurant),
            manager: principal(Role::Manager, restaurant),
            ngo: principal(Role::Ngo, RestaurantId::generate()),
            other: principal(Role::Ngo, RestaurantId::generate()),
            now: Timestamp::from_second(1_700_000_000).unwrap(),
        }
    }

    fn offer(&self) -> Offer {
        Offer {
            name: Name::parse("Pan").unwrap(),
            food_type: Name::parse("Bakery").unwrap(),
            quantity: Label::parse("5").unwrap(),
            unit: Label::parse("kg").unwrap(),
            description: None,
            location: Location { lat: 40.4, lng: -3.7, address: Name::parse("Calle Mayor 1").unwrap() },
            expires_at: self.now + SignedDuration::from_hours(1),
            image_urls: Vec::new(),
        }
    }

    /// The donation after it, and how many events it made.
    fn run(&mut self, by: &Principal, command: DonationCommand) -> Result<(Donation, usize), ErrorCode> {
        let ctx = Context { by, at: self.now, if_match: None };
        let done =
            self.shelf.execute(&Command::Donation(command), &ctx).map_err(|rejection| rejection.code)?;
        let Reply::Donation(donation) = done.reply else { panic!("{:?}", done.reply) };
        Ok((donation, done.events.len()))
    }

    fn post(&mut self) -> DonationId {
        let command = DonationCommand::Post {
            offer: Box::new(self.offer()),
            donor_name: Name::parse("Casa").unwrap(),
            per_minute: 3,
        };
        self.run(&self.donor.clone(), command).unwrap().0.id
    }

    fn claim(&mut self, by: &Principal, donation: DonationId) -> Result<(Donation, usize), ErrorCode> {
        self.run(by, DonationCommand::Claim { donation, ngo_name: Name::parse("Mesa").ok() })
    }

    fn set(
        &mut self,
        by: &Principal,
        donation: DonationId,
        to: DonationStatus,
    ) -> Result<(Donation, usize), ErrorCode> {
        self.run(by, DonationCommand::SetStatus { donation, to })
    }
}

#[test]
fn the_first_claim_wins_and_the_winner_may_ask_again() {
    let mut scene = Scene::new();
    let id = scene.post();
    let (ngo, other, manager) = (scene.ngo.clone(), scene.other.clone(), scene.manager.clone());
    let (claimed, events) = scene.claim(&ngo, id).unwrap();
    assert_eq!((claimed.status, events), (DonationStatus::Claimed, 1));
    let claim = claimed.claim.clone().unwrap();
    assert_eq!((claim.by, claim.ngo_name), (ngo.user, Name::parse("Mesa").ok()));
    assert_eq!(scene.claim(&ngo, id).unwrap(), (claimed, 0));
    assert_eq!(scene.claim(&other, id), Err(ErrorCode::DonationUnavailable));
    // Other services number their users by themselves: the same number at another NGO is somebody else.
    let namesake = Principal { restaurant: other.restaurant, ..ngo.clone() };
    assert_eq!(scene.claim(&namesake, id), Err(ErrorCode::DonationUnavailable));
    assert_eq!(scene.claim(&manager, id), Err(ErrorCode::Forbidden), "no NGO");
    assert_eq!(scene.claim(&ngo, DonationId::generate()), Err(ErrorCode::NotFound));
    // Released by who has it, it is everybody's again, and nobody's trace is left.
    assert_eq!(scene.set(&other, id, DonationStatus::Available), Err(ErrorCode::Forbidden));
    let (released, events) = scene.set(&ngo, id, DonationStatus::Available).unwrap();
    assert_eq!((released.claim, events), (None, 1));
    assert!(scene.claim(&other, id).is_ok());
    assert_eq!(scene.claim(&ngo, id), Err(ErrorCode::DonationUnavailable));
}

#[test]
fn steps_are_noted_and_a_claim_is_no_status_to_set() {
    let mut scene = Scene::new();
    let id = scene.post();
    let (ngo, manager, donor) = (scene.ngo.clone(), scene.manager.clone(), scene.donor.clone());
    for by in [&ngo, &manager, &donor] {
        assert_eq!(scene.set(by, id, DonationStatus::Claimed), Err(ErrorCode::InvalidTransition));
        assert_eq!(scene.set(by, id, DonationStatus::Expired), Err(ErrorCode::InvalidTransition));
    }
    scene.claim(&ngo, id).unwrap();
    assert_eq!(scene.set(&donor, id, DonationStatus::PickedUp), Err(ErrorCode::Forbidden));
    let (picked, _) = scene.set(&ngo, id, DonationStatus::PickedUp).unwrap();
    assert_eq!(picked.picked_up.unwrap().by, ngo.user);
    let (delivered, _) = scene.set(&manager, id, DonationStatus::Delivered).unwrap();
    assert_eq!(delivered.delivered.unwrap().by, manager.user);
    assert_eq!((delivered.version, delivered.claim.unwrap().by), (4, ngo.user));
    assert_eq!(scene.set(&ngo, id, DonationStatus::Delivered).unwrap().1, 0, "it is that already");
    assert_eq!(scene.set(&manager, id, DonationStatus::Cancelled), Err(ErrorCode::InvalidTransition));
}

#[test]
fn the_clock_expires_what_is_due_and_available_once() {
    let mut scene = Scene::new();
    let (id, taken) = (scene.post(), scene.post());
    let (ngo, clock) = (scene.ngo.clone(), Principal::clock(BoardId::DEFAULT));
    scene.claim(&ngo, taken).unwrap();
    let expire = |scene: &mut Scene, donation| scene.run(&clock, DonationCommand::Expire { donation });
    assert_eq!(expire(&mut scene, id).unwrap().1, 0, "not yet");
    scene.now += SignedDuration::from_hours(1);
    assert_eq!(scene.claim(&ngo, id), Err(ErrorCode::DonationUnavailable), "its time is over");
    let (expired, events) = expire(&mut scene, id).unwrap();
    assert_eq!((expired.status, events), (DonationStatus::Expired, 1));
    assert_eq!(expire(&mut scene, id).unwrap().1, 0);
    assert_eq!(expire(&mut scene, taken).unwrap().0.status, DonationStatus::Claimed);
}

#[test]
fn a_restaurant_makes_so_many_a_minute_and_an_ngo_none() {
    let mut scene = Scene::new();
    let post = |scene: &mut Scene, by: &Principal| {
        let (offer, donor_name) = (Box::new(scene.offer()), Name::parse("Casa").unwrap());
        scene.run(by, DonationCommand::Post { offer, donor_name, per_minute: 3 }).map(|_| ())
    };
    let (donor, ngo) = (scene.donor.clone(), scene.ngo.clone());
    let cook = Principal { role: Role::Kitchen, ..donor.clone() };
    assert_eq!(post(&mut scene, &ngo), Err(ErrorCode::Forbidden));
    assert_eq!(post(&mut scene, &cook), Err(ErrorCode::Forbidden));
    scene.shelf.load_made(donor.restaurant, 1);
    assert_eq!(post(&mut scene, &donor), Ok(()));
    assert_eq!(post(&mut scene, &donor), Ok(()));
    assert_eq!(post(&mut scene, &donor), Err(ErrorCode::TooManyRequests));
    scene.now += SignedDuration::from_hours(2);
    let neighbour = principal(Role::Owner, RestaurantId::generate());
    assert_eq!(post(&mut scene, &neighbour), Ok(()));
}

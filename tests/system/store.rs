//! The doors of the store, on both databases: what is answered as done is done, once (R2, R3, design 4).

use diesel::connection::SimpleConnection as _;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use veldwerk::actions::add_user::add_user;
use veldwerk::clock::Instant;
use veldwerk::domain::audit::Done;
use veldwerk::domain::text::EmailAddress;
use veldwerk::id::UserId;
use veldwerk::keys::Keys;
use veldwerk::problem::{Outcome, Problem};
use veldwerk::settings::Database;
use veldwerk::store::accounts;
use veldwerk::store::idempotency::{Made, Once};
use veldwerk::store::{Migrate, Store, Tx};

use crate::database::{self, Kind, TestDatabase};
use crate::house::SECRET;

const NOW: Instant = Instant::from_unix(1_800_000_000);

/// Runs a test on every database that can be had.
fn on_each(test: impl Fn(&Runtime, &Store)) {
    for kind in Kind::all() {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, directory.path());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let keys = Keys::derive(SECRET.as_bytes());
        let open = Store::open(database.database().clone(), keys, Migrate::No);
        let store = runtime.block_on(open).unwrap();
        test(&runtime, &store);
    }
}

fn address(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.org")).unwrap()
}

fn add(tx: &mut Tx<'_>, name: &str) -> Outcome<Done<UserId>> {
    add_user(tx, NOW, &address(name), name, "no hash")
}

fn exists(runtime: &Runtime, store: &Store, name: &str) -> bool {
    let folded = address(name).folded();
    runtime.block_on(store.read(move |tx| accounts::by_email(tx, &folded))).unwrap().is_some()
}

fn once(key: &str, body: &str) -> Once {
    Once {
        caller: "anna".to_owned(),
        route: "POST /users".to_owned(),
        key: key.to_owned(),
        body: body.as_bytes().to_vec(),
        now: NOW,
    }
}

/// Adds a user at most once per key.
fn add_once(
    store: &Store,
    once: Once,
    name: &'static str,
) -> impl Future<Output = Outcome<Made<UserId>>> + use<> {
    let store = store.clone();
    async move { store.write_once(Some(once), move |tx| Ok(add(tx, name)?.map(|id| Made::new(201, id)))).await }
}

#[test]
fn a_refused_change_leaves_no_trace() {
    on_each(|runtime, store| {
        let outcome: Outcome<()> = runtime.block_on(store.write(|tx| {
            let _ = add(tx, "anna")?;
            Err(Problem::QuotaFull)
        }));
        assert!(matches!(outcome, Err(Problem::QuotaFull)));
        assert!(!exists(runtime, store, "anna"));
    });
}

#[test]
fn a_panic_leaves_no_trace_and_the_store_goes_on() {
    on_each(|runtime, store| {
        let outcome: Outcome<()> = runtime.block_on(store.write(|tx| {
            let _ = add(tx, "anna")?;
            panic!("in the middle of a change")
        }));
        assert!(matches!(outcome, Err(Problem::Internal(_))));
        assert!(!exists(runtime, store, "anna"));
        runtime.block_on(store.write(|tx| add(tx, "bert"))).unwrap();
        assert!(exists(runtime, store, "bert"));
    });
}

#[test]
fn a_change_that_swallows_a_refusal_is_never_answered_as_done() {
    on_each(|runtime, store| {
        let outcome = runtime.block_on(store.write(|tx| {
            let _ = add(tx, "anna")?;
            let _ = add(tx, "anna");
            Ok(Done::housekeeping(()))
        }));
        assert!(outcome.is_err());
        assert!(!exists(runtime, store, "anna"));
    });
}

#[test]
fn a_question_cannot_change_anything() {
    on_each(|runtime, store| {
        let outcome = runtime.block_on(store.read(|tx| add(tx, "anna").map(drop)));
        assert!(outcome.is_err());
        assert!(!exists(runtime, store, "anna"));
    });
}

#[test]
fn a_caller_that_goes_away_before_its_turn_changes_nothing_by_halves() {
    on_each(|runtime, store| {
        let change = store.write(|tx| {
            let _ = add(tx, "anna")?;
            add(tx, "bert")
        });
        let _ = runtime.block_on(async { tokio::time::timeout(std::time::Duration::ZERO, change).await });
        // Another change waits behind it, so that it is settled when this one is answered.
        runtime.block_on(store.write(|tx| add(tx, "carla"))).unwrap();
        // One look at both: on a server the abandoned change may still be under way.
        let names = ["anna", "bert"].map(|name| address(name).folded());
        let found = store.read(move |tx| {
            let [anna, bert] = &names;
            Ok((accounts::by_email(tx, anna)?.is_some(), accounts::by_email(tx, bert)?.is_some()))
        });
        let (anna, bert) = runtime.block_on(found).unwrap();
        assert_eq!(anna, bert);
    });
}

#[test]
fn a_repeat_finds_what_the_first_request_made() {
    on_each(|runtime, store| {
        let first = runtime.block_on(add_once(store, once("k", "body"), "anna")).unwrap();
        let again = runtime.block_on(add_once(store, once("k", "body"), "anna")).unwrap();
        assert_eq!(again, Made { replayed: true, ..first });
        assert!(!first.replayed);
    });
}

#[test]
fn a_key_with_another_body_is_refused_and_another_caller_s_key_is_another_key() {
    on_each(|runtime, store| {
        runtime.block_on(add_once(store, once("k", "body"), "anna")).unwrap();
        let mismatch = runtime.block_on(add_once(store, once("k", "other body"), "bert"));
        assert!(matches!(mismatch, Err(Problem::IdempotencyMismatch)));
        assert!(!exists(runtime, store, "bert"));
        let somebody_else = Once { caller: "bert".to_owned(), ..once("k", "other body") };
        runtime.block_on(add_once(store, somebody_else, "bert")).unwrap();
    });
}

#[test]
fn a_refusal_is_not_kept_so_the_key_may_be_tried_again() {
    on_each(|runtime, store| {
        runtime.block_on(store.write(|tx| add(tx, "anna"))).unwrap();
        let refused = runtime.block_on(add_once(store, once("k", "body"), "anna"));
        assert!(matches!(refused, Err(Problem::Exists(_))));
        assert!(!runtime.block_on(add_once(store, once("k", "body"), "bert")).unwrap().replayed);
    });
}

#[test]
fn fifty_requests_at_once_with_one_key_make_one_thing() {
    on_each(|runtime, store| {
        let outcomes = runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..50 {
                tasks.spawn(add_once(store, once("k", "body"), "anna"));
            }
            tasks.join_all().await
        });
        let made: Vec<Made<UserId>> = outcomes.into_iter().map(Result::unwrap).collect();
        assert_eq!(made.iter().filter(|made| !made.replayed).count(), 1);
        assert!(made.iter().all(|m| m.resource == made[0].resource && m.status == 201));
    });
}

#[test]
fn another_secret_is_refused_before_anything_is_touched() {
    for kind in Kind::all() {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, directory.path());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let keys = Keys::derive(b"not the secret that this was made with");
        let outcome = runtime.block_on(Store::open(database.database().clone(), keys, Migrate::No));
        let Err(Problem::Internal(cause)) = outcome else { panic!("opened") };
        assert!(cause.to_string().contains("secret"), "{cause}");
    }
}

#[test]
fn servers_that_start_at_once_on_an_empty_database_all_come_up() {
    for kind in Kind::all().into_iter().filter(|kind| *kind == Kind::Postgres) {
        let home = tempfile::tempdir().unwrap();
        let empty = TestDatabase::empty_of(kind, home.path());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let opened =
            runtime.block_on(rocket::futures::future::join_all((0..4).map(|_| {
                Store::open(empty.database().clone(), Keys::derive(SECRET.as_bytes()), Migrate::Yes)
            })));
        for store in opened {
            assert!(store.is_ok(), "{:?}", store.err());
        }
    }
}

#[test]
fn a_command_beside_servers_makes_the_first_tables_and_never_changes_older_ones() {
    for kind in Kind::all() {
        let home = tempfile::tempdir().unwrap();
        let empty = TestDatabase::empty_of(kind, home.path());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let open = || {
            let keys = Keys::derive(SECRET.as_bytes());
            runtime.block_on(Store::open(empty.database().clone(), keys, Migrate::IfNew))
        };
        assert!(open().is_ok(), "{kind:?}");
        let forget = "DELETE FROM __diesel_schema_migrations WHERE version = \
                      (SELECT MAX(version) FROM __diesel_schema_migrations)";
        match empty.database() {
            Database::Sqlite(path) => database::sqlite(path).batch_execute(forget).unwrap(),
            Database::Postgres(url) => database::postgres(url).batch_execute(forget).unwrap(),
        }
        let Err(Problem::Internal(cause)) = open() else { panic!("{kind:?}: older tables were changed") };
        assert!(cause.to_string().contains("older veldwerk"), "{cause}");
    }
}

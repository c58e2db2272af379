//! Backups, moves to another database, and what must not come back with them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::json;
use tempfile::TempDir;
use veldwerk::actions::add_user::add_user;
use veldwerk::archive::Ledger;
use veldwerk::clock::Clock;
use veldwerk::domain::text::EmailAddress;
use veldwerk::settings::{Database, Settings};
use veldwerk::store::transfer::{Snapshot, TABLES};
use veldwerk::store::{Migrate, Store};
use veldwerk::worker::{Backups, Upkeep};

use crate::database::{self, Kind, TestDatabase};
use crate::house::{House, SECRET, hash_once};
use crate::pages_of_fieldwork::everything;
use crate::panel::Panel;

/// Runs the program on a database, in a data directory of its own.
fn veldwerk(database: &Database, home: &Path, passphrase: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_veldwerk"))
        .args(arguments)
        .current_dir(home)
        .env("DATABASE_URL", url(database))
        .env("VELDWERK_SECRET_KEY", SECRET)
        .env("VELDWERK_DATA_DIR", home.join("data"))
        .env("VELDWERK_BACKUP_PASSPHRASE", passphrase)
        .output()
        .unwrap()
}

fn url(database: &Database) -> String {
    match database {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.expose().to_owned(),
    }
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every row of every table as a line, without the sessions, which do not come back.
fn rows(database: &Database) -> BTreeSet<String> {
    let mut snapshot = Snapshot::of(database).unwrap();
    let mut rows = BTreeSet::new();
    for table in
        TABLES.into_iter().filter(|table| !["sessions", "sign_in_links", "account_links"].contains(table))
    {
        snapshot
            .rows(table, |row| {
                rows.insert(format!("{table} {}", serde_json::to_string(&row).unwrap()));
                Ok(())
            })
            .unwrap();
    }
    rows
}

/// An empty database of each kind that can be had, without tables.
fn empty_ones() -> Vec<(TestDatabase, TempDir)> {
    let of = |kind| {
        let home = tempfile::tempdir().unwrap();
        (TestDatabase::empty_of(kind, home.path()), home)
    };
    Kind::all().into_iter().map(of).collect()
}

#[test]
fn a_backup_that_was_made_while_serving_comes_back_whole_on_either_database() {
    let (f, _) = everything();
    let tells = |row: &String| row.contains("sanne.geheim");
    assert!(
        !rows(f.house.database()).iter().any(tells),
        "nothing that goes into a backup names a respondent"
    );
    let home = tempfile::tempdir().unwrap();
    for passphrase in ["", "a passphrase of some length"] {
        let name = format!("{}.backup", passphrase.len());
        let made = succeeded(&veldwerk(f.house.database(), home.path(), passphrase, &["backup", &name]));
        assert!(made.contains("1 interviews") && made.contains("letters"), "{made}");
        let file = home.path().join(&name);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let found =
            succeeded(&veldwerk(f.house.database(), home.path(), passphrase, &["verify", "backup", &name]));
        assert!(found.ends_with("whole\n"), "{found}");
        for (database, elsewhere) in empty_ones() {
            let from = file.to_str().unwrap();
            succeeded(&veldwerk(database.database(), elsewhere.path(), passphrase, &["restore", from]));
            assert_eq!(rows(database.database()), rows(f.house.database()));
            let again = veldwerk(database.database(), elsewhere.path(), passphrase, &["restore", from]);
            assert!(refused(&again).contains("holds something already"));
        }
    }
}

#[test]
fn a_backup_never_overwrites_a_file_and_leaves_none_behind_when_it_fails() {
    let house = House::open();
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine"), "precious").unwrap();
    let said = refused(&veldwerk(house.database(), home.path(), "", &["backup", "mine"]));
    assert!(said.contains("there already"), "{said}");
    assert_eq!(fs::read_to_string(home.path().join("mine")).unwrap(), "precious");
    refused(&veldwerk(house.database(), home.path(), "", &["backup", "nowhere/at-all"]));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no half file is left");
}

#[test]
fn a_backup_that_is_cut_off_changed_or_not_ours_is_refused_in_words_and_fills_nothing() {
    let (f, _) = everything();
    let home = tempfile::tempdir().unwrap();
    succeeded(&veldwerk(f.house.database(), home.path(), "", &["backup", "whole"]));
    let whole = fs::read(home.path().join("whole")).unwrap();
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x10;
    let half = whole[..middle].to_vec();
    for (name, content) in
        [("half", half), ("changed", changed), ("other", b"hello".to_vec()), ("none", vec![])]
    {
        fs::write(home.path().join(name), content).unwrap();
        let said = refused(&veldwerk(f.house.database(), home.path(), "", &["verify", "backup", name]));
        assert!(said.contains("no whole backup"), "{name}: {said}");
        for (database, elsewhere) in empty_ones() {
            let from = home.path().join(name);
            refused(&veldwerk(
                database.database(),
                elsewhere.path(),
                "",
                &["restore", from.to_str().unwrap()],
            ));
            let from = home.path().join("whole");
            succeeded(&veldwerk(
                database.database(),
                elsewhere.path(),
                "",
                &["restore", from.to_str().unwrap()],
            ));
        }
    }
}

#[test]
fn a_backup_comes_back_only_with_the_secret_that_it_was_made_with() {
    let house = House::open();
    let home = tempfile::tempdir().unwrap();
    succeeded(&veldwerk(house.database(), home.path(), "", &["backup", "b"]));
    let fresh = TestDatabase::empty_of(Kind::Sqlite, home.path());
    let output = Command::new(env!("CARGO_BIN_EXE_veldwerk"))
        .args(["restore", "b"])
        .current_dir(home.path())
        .env("DATABASE_URL", url(fresh.database()))
        .env("VELDWERK_SECRET_KEY", "another secret of more than thirty-two characters")
        .env("VELDWERK_DATA_DIR", home.path().join("data"))
        .output()
        .unwrap();
    assert!(refused(&output).contains("another secret"));
}

#[test]
fn an_installation_moves_to_another_database_with_every_row_and_its_log_unbroken() {
    let (f, _) = everything();
    f.house.wait(veldwerk::worker::round(&f.house.clock, &f.house.store)).unwrap();
    for (database, home) in empty_ones() {
        let (from, to) = (url(f.house.database()), url(database.database()));
        let copy = ["database", "copy", "--from", &from, "--to", &to];
        let said = succeeded(&veldwerk(f.house.database(), home.path(), "", &copy));
        assert!(said.contains("no break"), "{said}");
        assert_eq!(rows(database.database()), rows(f.house.database()));
        assert!(
            refused(&veldwerk(f.house.database(), home.path(), "", &copy))
                .contains("holds something already")
        );
        // The copy serves, and new rows go on after the old ones.
        let keys = f.house.settings.keys().unwrap();
        let store = f.house.wait(Store::open(database.database().clone(), keys, Migrate::No)).unwrap();
        let now = f.house.clock.now();
        let email = EmailAddress::parse("nieuw@example.org").unwrap();
        let added = store.write(move |tx| add_user(tx, now, &email, "Nieuw", &hash_once()));
        f.house.wait(added).unwrap();
        f.house.wait(veldwerk::worker::round(&f.house.clock, &store)).unwrap();
    }
}

#[test]
fn a_copy_from_nowhere_or_onto_itself_is_refused_in_words() {
    let house = House::open();
    let home = tempfile::tempdir().unwrap();
    let same = url(house.database());
    let copy = |from: &str, to: &str| {
        veldwerk(house.database(), home.path(), "", &["database", "copy", "--from", from, "--to", to])
    };
    assert!(refused(&copy(&same, &same)).contains("same database"));
    assert!(refused(&copy("sqlite:nothing.db", &same)).contains("no database at"));
    assert!(!home.path().join("nothing.db").exists());
}

#[test]
fn whoever_was_erased_after_the_backup_is_erased_again_before_anybody_is_served() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let stays = house.respondent(&anna, &study, "blijft", "Ede");
    let goes = house.respondent(&anna, &study, "gaat", "Ede");
    let home = tempfile::tempdir().unwrap();
    succeeded(&veldwerk(house.database(), home.path(), "", &["backup", "before"]));
    house.delete(&anna, &goes).expect(204);
    let settings = Settings::local(home.path(), 8000, SECRET);
    let mut upkeep = Upkeep::of(&settings);
    house.wait(upkeep.note_erasures(&house.store, house.clock.now())).unwrap();

    let fresh = TestDatabase::empty_of(Kind::of_this_run(), home.path());
    succeeded(&veldwerk(fresh.database(), home.path(), "", &["restore", "before"]));
    let keys = settings.keys().unwrap();
    let store = house.wait(Store::open(fresh.database().clone(), keys, Migrate::No)).unwrap();
    let clock = Clock::fixed(house.clock.now());
    let sealed =
        |database| rows(database).into_iter().filter(|row| row.starts_with("contacts ")).collect::<Vec<_>>();
    assert_eq!(sealed(fresh.database()).len(), 2, "the control: the backup brought both back");
    assert_eq!(house.wait(Upkeep::of(&settings).erase_again(&clock, &store)).unwrap(), 1);
    let left = sealed(fresh.database());
    assert_eq!(left.len(), 1);
    let stays = stays.rsplit('/').next().unwrap();
    assert!(left[0].contains(stays), "{left:?}");
    assert_eq!(
        house.wait(Upkeep::of(&settings).erase_again(&clock, &store)).unwrap(),
        0,
        "nothing is left to do"
    );
}

#[test]
fn contact_data_that_were_removed_after_the_backup_are_removed_again_and_nothing_else() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": null })).expect(200);
    let (house, home) = (&panel.house, tempfile::tempdir().unwrap());
    succeeded(&veldwerk(house.database(), home.path(), "", &["backup", "before"]));
    house.deliver();
    for person in [0, 1] {
        panel.press(person, "decline", &json!({})).expect(200);
    }
    house.deliver();
    let [one, two] = [0, 1].map(|person| panel.people[person].clone());
    house.delete(&panel.owner, &format!("/api/v1/respondents/{one}/contact")).expect(204);
    let settings = Settings::local(home.path(), 8000, SECRET);
    let mut upkeep = Upkeep::of(&settings);
    house.wait(upkeep.note_erasures(&house.store, house.clock.now())).unwrap();

    let fresh = TestDatabase::empty_of(Kind::of_this_run(), home.path());
    succeeded(&veldwerk(fresh.database(), home.path(), "", &["restore", "before"]));
    let keys = settings.keys().unwrap();
    let store = house.wait(Store::open(fresh.database().clone(), keys, Migrate::No)).unwrap();
    let clock = Clock::fixed(house.clock.now());
    assert_eq!(house.wait(Upkeep::of(&settings).erase_again(&clock, &store)).unwrap(), 1);
    let left = rows(fresh.database());
    let of =
        |table: &str, id: &str| left.iter().filter(|row| row.starts_with(table) && row.contains(id)).count();
    assert_eq!((of("contacts ", &one), of("contacts ", &two)), (0, 1));
    assert_eq!((of("respondents ", &one), of("respondents ", &two)), (1, 1), "the code stays");
    let waits = |id: &str| {
        left.iter().any(|row| row.starts_with("letters ") && row.contains(id) && row.contains("queued"))
    };
    assert!(!waits(&one) && waits(&two), "what waited in the backup leaves for nobody who can't be reached");
    assert_eq!(house.wait(Upkeep::of(&settings).erase_again(&clock, &store)).unwrap(), 0);
}

#[test]
fn whoever_is_erased_while_others_are_noted_is_noted_too_however_late_that_is_seen() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let people = ["een", "twee", "drie"].map(|name| house.respondent(&anna, &study, name, "Ede"));
    let home = tempfile::tempdir().unwrap();
    let settings = Settings::local(home.path(), 8000, SECRET);
    let mut upkeep = Upkeep::of(&settings);
    let noted = || Ledger::at(settings.erasure_ledger()).gone().unwrap().len();
    // Who erases takes the time first and commits afterwards: the second is seen after a look that is later than it,
    // and the third, for which a server waited for its standby, after many.
    for (erased, looked, expected) in [
        ("2027-03-01T09:00:00Z", "2027-03-01T09:00:02Z", 1),
        ("2027-03-01T09:00:01Z", "2027-03-01T09:00:04Z", 2),
        ("2027-03-01T08:30:00Z", "2027-03-01T10:00:02Z", 3),
    ] {
        house.at(erased);
        house.delete(&anna, &people[expected - 1]).expect(204);
        house.at(looked);
        house.wait(upkeep.note_erasures(&house.store, house.clock.now())).unwrap();
        assert_eq!(noted(), expected);
    }
}

#[test]
fn a_backup_is_made_once_a_day_while_the_house_is_kept() {
    let house = House::open();
    let home = tempfile::tempdir().unwrap();
    let mut settings = house.settings.clone();
    settings.backup_dir = Some(home.path().join("backups"));
    let backups = Backups::of(&settings);
    let names = || {
        let entries = fs::read_dir(home.path().join("backups")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    for moment in ["2027-03-01T08:00:00Z", "2027-03-01T23:59:59Z"] {
        house.at(moment);
        house.wait(backups.make_due(&house.store, house.clock.now())).unwrap();
        assert_eq!(names(), BTreeSet::from(["veldwerk-2027-03-01.backup".to_owned()]));
    }
    house.at("2027-03-02T00:00:00Z");
    house.wait(backups.make_due(&house.store, house.clock.now())).unwrap();
    assert_eq!(names().len(), 2);
}

#[test]
fn a_look_at_everything_does_not_see_what_is_written_after_it_began() {
    let house = House::open();
    let anna = house.researcher("anna");
    let mut snapshot = Snapshot::of(house.database()).unwrap();
    let study = house.empty_study(&anna);
    house.respondent(&anna, &study, "later", "Ede");
    for table in ["studies", "respondents"] {
        let mut found = 0;
        snapshot
            .rows(table, |_| {
                found += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!(found, 0, "{table}");
    }
    assert!(rows(house.database()).iter().any(|row| row.starts_with("respondents ")), "the control");
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[test]
fn every_table_goes_into_a_backup() {
    for (kind, catalog) in [
        (Kind::Sqlite, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"),
        (
            Kind::Postgres,
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'",
        ),
    ] {
        if !Kind::all().contains(&kind) {
            continue;
        }
        let home = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, home.path());
        let names: Vec<Name> = match database.database() {
            Database::Sqlite(path) => sql_query(catalog).load(&mut database::sqlite(path)).unwrap(),
            Database::Postgres(url) => sql_query(catalog).load(&mut database::postgres(url)).unwrap(),
        };
        let ours: BTreeSet<String> =
            names.into_iter().map(|n| n.name).filter(|name| name != "__diesel_schema_migrations").collect();
        assert_eq!(ours, TABLES.into_iter().map(str::to_owned).collect(), "{kind:?}");
    }
}

#[test]
fn an_older_backup_is_brought_up_to_date_and_a_newer_one_refused() {
    use veldwerk::store::transfer::Filling;
    for (database, _home) in empty_ones() {
        let said = match Filling::begin(database.database(), "99999999999999") {
            Err(veldwerk::problem::Problem::Internal(cause)) => cause.to_string(),
            _ => panic!("a version that nobody knows was taken"),
        };
        assert!(said.contains("newer veldwerk"), "{said}");
    }
    for (database, _home) in empty_ones() {
        let mut filling = Filling::begin(database.database(), "20261122000012").unwrap();
        filling.table("users").unwrap();
        let user = json!({ "id": veldwerk::id::UserId::new().to_string() });
        assert!(filling.put(serde_json::from_value(user).unwrap()).is_err(), "a row needs all columns");
        filling.finish().unwrap();
        assert!(Snapshot::of(database.database()).is_ok(), "the tables are those of this version");
    }
}

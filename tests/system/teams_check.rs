//! `veldwerk check`: what is right and what is missing, in words, and an exit status to go by.

use std::process::{Command, Output};

use serde_json::json;
use veldwerk::settings::Database;

use crate::fake_graph::{FakeGraph, Fault};
use crate::house::{House, SECRET};
use crate::smtp::MailServer;
use crate::teams_tenant::{ANNA, Tenant};

/// Runs a command of the program beside a house.
pub fn veldwerk(house: &House, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let url = match house.database() {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.expose().to_owned(),
    };
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_veldwerk"))
        .args(arguments)
        .current_dir(home.path())
        .env("DATABASE_URL", url)
        .env("VELDWERK_SECRET_KEY", SECRET)
        .env("VELDWERK_DATA_DIR", home.path().join("data"))
        .env_remove("SMTP_URL")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn teams(house: &House, graph: &FakeGraph) -> (bool, String) {
    let url = graph.url();
    let output = veldwerk(
        house,
        &["check", "teams"],
        &[
            ("VELDWERK_TEAMS_TENANT", "tenant.example"),
            ("VELDWERK_TEAMS_CLIENT_ID", "veldwerk-app"),
            ("VELDWERK_TEAMS_CLIENT_SECRET", "ge/heim+&="),
            ("VELDWERK_TEAMS_LOGIN_URL", &url),
            ("VELDWERK_TEAMS_GRAPH_URL", &url),
        ],
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!log.contains("ge/heim") && !log.contains("Bearer"), "{log}");
    (output.status.success(), said)
}

#[test]
fn check_teams_makes_a_meeting_for_each_interviewer_and_leaves_none_behind() {
    let tenant = Tenant::of(0);
    let (right, said) = teams(&tenant.panel.house, &tenant.graph);
    assert!(
        right && said.contains("right:   meetings can be made and deleted for anna@example.org"),
        "{said}"
    );
    assert!(said.contains("OnlineMeetings.ReadWrite.All") && !said.contains("missing"), "{said}");
    assert_eq!((tenant.graph.made(), tenant.graph.meetings()), (1, vec![]));
}

#[test]
fn check_teams_says_what_is_missing_and_fails() {
    let tenant = Tenant::of(0);
    let (house, graph) = (&tenant.panel.house, &tenant.graph);
    let bare = veldwerk(house, &["check", "teams"], &[("VELDWERK_TEAMS_TENANT", "tenant.example")]);
    let said = String::from_utf8(bare.stdout).unwrap();
    assert_eq!(
        said,
        "missing: VELDWERK_TEAMS_CLIENT_ID is not set\nmissing: VELDWERK_TEAMS_CLIENT_SECRET is not set\n"
    );
    assert_eq!(bare.status.code(), Some(1));

    let missing = |fragment: &str| {
        let (right, said) = teams(house, graph);
        let told = said.lines().any(|line| line.starts_with("missing:") && line.contains(fragment));
        assert!(!right && told, "{fragment}: {said}");
    };
    graph.refuse_sign_in(Some(401));
    missing("invalid_client");
    graph.refuse_sign_in(None);
    graph.forbid_all();
    missing("Grant-CsApplicationAccessPolicy");
    graph.permit(ANNA);
    graph.next(&[Fault::Status(404)]);
    missing("nobody in the tenant has this object id");
    let anna = house.id_of(&tenant.panel.owner);
    let path = tenant.panel.path(&format!("members/{anna}"));
    house.patch(&tenant.panel.owner, &path, &json!({ "microsoft_id": null })).expect(200);
    missing("anna@example.org has not filled in a Microsoft object id");
    tenant.change(&json!({ "teams_link_source": "fixed" }));
    missing("no study has its meetings made by Microsoft yet");
}

#[test]
fn check_mail_names_what_keeps_letters_from_leaving() {
    let house = House::open();
    let check = |variables: &[(&str, &str)]| {
        let output = veldwerk(&house, &["check", "mail"], variables);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, said) = check(&[]);
    assert!(status == Some(1) && said.contains("missing: SMTP_URL is not set"), "{said}");
    let (status, said) = check(&[("SMTP_URL", "smtp://127.0.0.1:1")]);
    assert!(
        status == Some(1) && said.contains("missing: 127.0.0.1:1 without TLS can't be reached"),
        "{said}"
    );
    assert!(said.contains("missing: veldwerk@localhost.localdomain is nobody's"), "{said}");
    assert!(said.contains("note:    no mail comes in"), "{said}");
    let (_, said) = check(&[("VELDWERK_MAIL_IN_ADDRESS", "interviews@example.org")]);
    assert!(said.contains("mail to interviews@example.org comes in if a mail server hands it to"), "{said}");
    assert!(
        said.contains("VELDWERK_MAIL_IN_SERVER is not set")
            && said.contains("VELDWERK_BOUNCE_ADDRESS is not")
    );
    let (status, said) = check(&[("VELDWERK_BOUNCE_ADDRESS", "bounces@example.org")]);
    assert!(
        status == Some(1) && said.contains("missing: reports of mail servers are asked for at"),
        "{said}"
    );
    for wrong in ["VELDWERK_MAIL_IN_ADDRESS", "VELDWERK_BOUNCE_ADDRESS"] {
        let (status, said) = check(&[(wrong, "nonsense")]);
        assert!(status == Some(1) && !said.contains("nonsense"), "{said}");
    }
}

#[test]
fn check_mail_goes_as_far_as_a_letter_without_one_and_sends_one_only_when_asked() {
    let house = House::open();
    let check = |server: &MailServer, arguments: &[&str]| {
        let url = server.url();
        let from = "Interviews <interviews@example.org>";
        let arguments = [&["check", "mail"], arguments].concat();
        let variables = [("SMTP_URL", url.as_str()), ("VELDWERK_MAIL_FROM", from)];
        let output = veldwerk(&house, &arguments, &variables);
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let server = MailServer::open(vec![]);
    let (right, said) = check(&server, &[]);
    assert!(right && said.contains("right:   letters from interviews@example.org are taken"), "{said}");
    assert!(said.contains("SPF, DKIM and DMARC") && server.messages().is_empty(), "{said}");
    assert!(check(&server, &["--to", "noor@example.org"]).0);
    let sent = server.messages();
    assert!(sent.len() == 1 && sent[0].contains("To: noor@example.org"), "{sent:?}");
    for (command, answer, told) in [
        ("MAIL", "553 5.7.1 not yours", "missing: letters from interviews@example.org are not taken: 553"),
        ("RCPT", "550 5.1.1 unknown", "missing: letters to interviews@example.org are not taken: 550"),
        ("CONNECT", "554 go away", "can't be reached or trusted: 554"),
    ] {
        let (right, said) = check(&MailServer::open(vec![(command, answer)]), &[]);
        assert!(!right && said.contains(told), "{command}: {said}");
    }
}

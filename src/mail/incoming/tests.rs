use super::*;

fn found(message: &str) -> Found {
    open(message.replace('\n', "\r\n").as_bytes(), Some("mx.veldwerk.example")).unwrap()
}

#[test]
fn a_message_from_two_people_is_from_nobody() {
    assert_eq!(found("From: A <a@x.example>\n\n").from.as_deref(), Some("a@x.example"));
    assert_eq!(found("From: A <a@x.example>, B <b@x.example>\n\n").from, None);
    assert_eq!(found("From: A <a@x.example>\nFrom: B <b@x.example>\n\n").from, None);
}

#[test]
fn a_machine_is_known_by_any_of_its_marks_and_a_person_by_none() {
    for mark in [
        "Auto-Submitted: auto-replied",
        "auto-submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "Precedence: bulk",
        "X-Autoreply: yes",
    ] {
        assert!(found(&format!("From: a@x.example\n{mark}\n\nx")).is_automatic, "{mark}");
    }
    for mark in ["Auto-Submitted: no", "Precedence: first-class", "Subject: bulk"] {
        assert!(!found(&format!("From: a@x.example\n{mark}\n\nx")).is_automatic, "{mark}");
    }
}

#[test]
fn what_is_shown_of_a_message_is_short_and_cannot_pretend() {
    let long = "y".repeat(10_000);
    let shown =
        found(&format!("From: \u{202E}evil <a@x.example>\nSubject: a\u{202E}b {long}\n\n{long}")).letter;
    assert!(!shown.sender.contains('\u{202E}') && !shown.subject.contains('\u{202E}'));
    assert_eq!((shown.subject.chars().count(), shown.text.chars().count()), (LINE_LIMIT, EXCERPT));
}

#[test]
fn a_page_is_shown_as_its_text() {
    let message =
        "From: a@x.example\nContent-Type: text/html\n\n<p>Ik <b>kom</b></p><script>alert(1)</script>";
    let text = found(message).letter.text;
    assert!(text.contains("kom") && !text.contains('<'), "{text}");
}

#[test]
fn only_what_the_own_mail_server_found_out_proves_a_sender() {
    let unproven = |results: &str| found(&format!("{results}From: a@x.example\n\nx")).is_unproven;
    let own = |found: &str| unproven(&format!("Authentication-Results: mx.veldwerk.example;\n {found}\n"));
    assert!(!own("dkim=fail; spf=pass; dmarc=pass header.from=x.example"));
    assert!(!own("spf=pass smtp.mailfrom=x.example"));
    assert!(own("dkim=pass; dmarc=fail"));
    assert!(own("dmarc=pass header.from=evil.example"), "another From was looked at");
    assert!(own("spf=fail (foo \\) ; dmarc=pass ) smtp.mailfrom=evil.example"));
    assert!(own("spf=fail reason=\"foo \\\" ; dmarc=pass x=\\\" \" smtp.mailfrom=evil.example"));
    assert!(own("spf=softfail"));
    assert!(unproven(""));
    assert!(unproven("Authentication-Results: mx.elsewhere.example; dmarc=pass\n"));
}

#[test]
fn what_several_programs_of_the_mail_server_found_out_counts_together_and_the_latest_of_each_method() {
    let unproven = |headers: &[&str]| {
        let lines =
            headers.iter().map(|found| format!("Authentication-Results: mx.veldwerk.example; {found}\n"));
        found(&format!("{}From: a@x.example\n\nx", lines.collect::<String>())).is_unproven
    };
    assert!(!unproven(&["dmarc=none", "dkim=pass header.d=x.example", "spf=none"]));
    assert!(unproven(&["dmarc=fail", "dkim=pass header.d=x.example"]));
    assert!(unproven(&["dmarc=fail", "dmarc=pass"]), "the lower one is older, and may be a stranger's");
    assert!(unproven(&["dkim=none", "dkim=pass header.d=x.example"]));
    assert!(!unproven(&["dkim=fail header.d=list.example; dkim=pass header.d=x.example"]), "two signatures");
}

#[test]
fn a_signature_of_a_part_of_the_house_proves_the_house_and_one_of_another_does_not() {
    let unproven = |domain: &str| {
        let results = format!("mx.veldwerk.example; dkim=pass header.d={domain}");
        let headers = format!("Authentication-Results: {results}\nFrom: a@post.gemeente.example");
        found(&format!("{headers}\n\nx")).is_unproven
    };
    assert!(!unproven("post.gemeente.example"));
    assert!(!unproven("gemeente.example"));
    assert!(!unproven("uit.post.gemeente.example"));
    for other in ["example", "eengemeente.example", "pers.gemeente.example", "xpost.gemeente.example", ""] {
        assert!(unproven(other), "{other}");
    }
}

//! Studies, strata and members on pages (E6, E15, R11).

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::house::House;

/// The path of the page of a study, from its path in the API.
pub fn page_of(study: &str) -> String {
    study.trim_start_matches("/api/v1").to_owned()
}

const NEW: [(&str, &str); 3] = [
    ("title", "Beleid in het sociaal domein"),
    ("contact_email", "onderzoek@example.org"),
    ("language", "en"),
];

#[test]
fn a_study_is_made_of_three_fields_and_leads_to_what_is_left_to_do() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::of(&house, &anna);
    assert!(browser.get("/").expect(200).text.contains("href=\"/studies/new\""));
    let form = browser.get("/studies/new").expect(200).text;
    let (_, form) = form.split_once("<main").unwrap();
    assert_eq!(form.matches(" name=\"").count() - 2, NEW.len(), "little has to be known: {form}");
    let made = browser.post("/studies", &[&NEW[..], &[("key", "one press")]].concat()).expect(303);
    let again = browser.post("/studies", &[&NEW[..], &[("key", "one press")]].concat()).expect(303);
    assert_eq!(made.leads_to(), again.leads_to(), "a second press is the same press");
    let page = browser.get(made.leads_to()).expect(200);
    assert!(page.text.contains("Beleid in het sociaal domein") && page.text.contains("class=\"tasks\""));
    assert_eq!(browser.get("/").expect(200).text.matches("Beleid in het sociaal domein").count(), 1);
    let id = made.leads_to().trim_end_matches("?done=study_created").trim_start_matches("/studies/");
    let kept = house.get(&anna, &format!("/api/v1/studies/{id}")).expect(200).json();
    assert_eq!((&kept["language"], &kept["public_holidays"]), (&json!("en"), &json!(true)));
    assert_eq!((&kept["interview_minutes"], &kept["modes"]), (&json!(60), &json!(["teams", "in_person"])));
}

#[test]
fn a_refused_study_shows_what_is_wrong_beside_the_fields_with_the_input_kept() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::of(&house, &anna);
    browser.get("/studies/new").expect(200);
    let fields = [("title", " "), ("contact_email", "<b>geen adres"), ("language", "en")];
    let refused = browser.post("/studies", &fields).expect(422);
    for field in ["title", "contact_email"] {
        assert!(refused.has_error_at(field), "{field}: {}", refused.text);
    }
    for kept in ["value=\"&lt;b&gt;geen adres\"", "value=\"en\" selected"] {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
    assert!(refused.text.contains("href=\"/studies/new?lang="), "the other language opens the form");
}

#[test]
fn each_part_of_the_settings_is_changed_and_emptied_by_its_own_form_and_leaves_the_others_alone() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let settings = format!("{}/settings", page_of(&study));
    let about = format!("{settings}/about");
    assert!(browser.get(&about).expect(200).text.contains("value=\"Sociaal domein\""));
    let before = house.get(&anna, &study).json();
    let times = |max: &'static str| {
        let sent = [("max_per_day", max), ("time_zone", "Europe/Brussels"), ("public_holidays", "false")];
        browser.post(&format!("{settings}/times"), &sent).expect(303)
    };
    assert_eq!(times("3").leads_to(), format!("{settings}?done=saved"));
    let changed = house.get(&anna, &study).json();
    assert_eq!((&changed["max_per_day"], &changed["time_zone"]), (&json!(3), &json!("Europe/Brussels")));
    for left in ["title", "modes", "reminder_lead_minutes", "privacy_notice", "quiet_from"] {
        assert_eq!(changed[left], before[left], "{left}");
    }
    times("");
    assert_eq!(house.get(&anna, &study).json()["max_per_day"], Value::Null);
    browser.post(&format!("{settings}/places"), &[("modes", "teams")]).expect(303);
    browser.post(&format!("{settings}/privacy"), &[("privacy_notice.purpose.nl", "Waarom.")]).expect(303);
    let changed = house.get(&anna, &study).json();
    assert_eq!(changed["modes"], json!(["teams"]));
    assert_eq!(changed["privacy_notice"]["purpose"]["nl"], json!("Waarom."));
    let sent = [("title", ""), ("contact_email", "x"), ("organisation", "<b>UT")];
    let refused = browser.post(&about, &sent).expect(422);
    assert!(refused.has_error_at("title") && refused.has_error_at("contact_email"));
    assert!(refused.text.contains("value=\"&lt;b&gt;UT\""), "{}", refused.text);
    assert!(browser.post(&format!("{settings}/places"), &[]).expect(422).has_error_at("modes"));
    browser.get(&format!("{settings}/nothing")).expect(404);
}

#[test]
fn the_settings_tell_in_plain_words_what_holds_now() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let settings = format!("{}/settings", page_of(&study));
    let said = |words: &[&str]| {
        let page = browser.get(&settings).expect(200).text;
        for words in words {
            assert!(page.contains(words), "{words}: {page}");
        }
    };
    said(&[
        "Het onderzoek heet ‘Sociaal domein’.",
        "Een interview duurt 60 minuten, met daarna 15 minuten rust.",
        "Boeken kan tot 1 dag ervoor, verzetten altijd, afzeggen altijd.",
        "De respondent kiest: via Microsoft Teams of op locatie.",
        "De privacyverklaring is nog leeg.",
        "De grootteklassen volgen de inwonertallen die golden op 1 januari 2022.",
        "De strata zijn: Groot, Middelgroot, Klein.",
    ]);
    let change = json!({
        "max_per_day": 3, "max_per_week": 1, "modes": ["teams"], "teams_link_source": "pasted", "max_reminders": 0,
        "window_from": "2027-03-01", "window_until": "2027-05-28", "cancel_notice_minutes": 120,
        "privacy_notice": { "purpose": { "nl": "Waarom." } }, "reminder_lead_minutes": [],
    });
    house.patch(&anna, &study, &change).expect(200);
    said(&[
        "Hoogstens 3 interviews per dag, 1 interview per week.",
        "Interviews zijn van 1 maart 2027 tot en met 28 mei 2027",
        "afzeggen tot 2 uur ervoor.",
        "Wie niet antwoordt, krijgt geen herinnering.",
        "Aan een interview wordt niet herinnerd.",
        "De link voor een online interview plakt u zelf, per interview.",
        "ontbreekt nog: herkomst van de adressen, grondslag, bewaartermijn.",
    ]);
}

#[test]
fn notices_are_given_in_days_hours_or_minutes_and_kept_in_minutes() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let settings = format!("{}/settings/notices", page_of(&study));
    let of = |name: &str, amount: &str, unit: &str| {
        let sent = [(format!("{name}_minutes"), amount), (format!("{name}_unit"), unit)];
        let fields = sent.each_ref().map(|(name, value)| (name.as_str(), *value));
        browser.post(&settings, &fields)
    };
    for (name, amount, unit, minutes) in [
        ("min_notice", "2", "days", 2_880),
        ("min_notice", "36", "hours", 2_160),
        ("move_notice", "90", "minutes", 90),
        ("cancel_notice", "0", "days", 0),
    ] {
        of(name, amount, unit).expect(303);
        assert_eq!(
            house.get(&anna, &study).json()[format!("{name}_minutes")],
            json!(minutes),
            "{amount} {unit}"
        );
        let page = browser.get(&settings).expect(200).text;
        let (_, field) = page.split_once(&format!("name=\"{name}_minutes\"")).unwrap();
        let unit = if minutes == 0 { "hours" } else { unit };
        assert!(field.starts_with(&format!(" value=\"{amount}\"")), "{field}");
        let (field, _) = field.split_once("</select>").unwrap();
        assert!(field.contains(&format!("value=\"{unit}\" selected")), "{field}");
    }
    let refused = of("min_notice", "31", "days").expect(422);
    assert!(refused.has_error_at("min_notice_minutes"), "{}", refused.text);
    assert!(refused.text.contains("value=\"31\"") && refused.text.contains("value=\"days\" selected"));
    assert!(refused.text.contains("hoogstens 30 dagen"), "{}", refused.text);
    for nonsense in ["1,5", ""] {
        assert!(of("min_notice", nonsense, "days").expect(422).has_error_at("min_notice_minutes"));
    }
    assert_eq!(house.get(&anna, &study).json()["min_notice_minutes"], json!(2_160));
}

#[test]
fn strata_that_leave_a_gap_or_want_more_than_they_let_in_are_kept_and_asked_about() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let strata = format!("{}/strata", page_of(&study));
    assert!(!browser.get(&strata).expect(200).text.contains("Klopt dit?"), "the usual ones are sound");
    let rows = [
        ("0.key", "large"),
        ("0.label", "Groot"),
        ("0.min_inhabitants", "100001"),
        ("0.target", "11"),
        ("0.cap", "9"),
        ("1.key", "small"),
        ("1.label", "Klein"),
        ("1.max_inhabitants", "49999"),
    ];
    let saved = browser.post(&strata, &rows).expect(303);
    let page = browser.get(saved.leads_to()).expect(200).text;
    for words in [
        "Klopt dit?",
        "Gemeenten met 50.000 tot en met 100.000 inwoners horen bij geen stratum.",
        "Bij Groot is het streefgetal 11, maar er mogen hoogstens 9 interviews zijn.",
        "gemeenten vallen zo buiten het onderzoek.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("role=\"alert\""), "it is no mistake");
}

#[test]
fn a_study_is_closed_and_opened_again_by_a_button() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let base = page_of(&study);
    browser.post(&format!("{base}/close"), &[("letters", "yes")]).expect(303);
    assert!(house.get(&anna, &study).json()["closed_at"].is_string());
    let page = browser.get(&format!("{base}/settings?done=closed")).expect(200);
    assert!(page.text.contains(&format!("action=\"{base}/reopen\"")));
    browser.post(&format!("{base}/reopen"), &[]).expect(303);
    assert_eq!(house.get(&anna, &study).json()["closed_at"], Value::Null);
}

#[test]
fn strata_are_set_row_by_row_and_empty_rows_do_not_count() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let strata = format!("{}/strata", page_of(&study));
    assert!(browser.get(&strata).expect(200).text.contains("name=\"3.key\""), "a row to fill in");
    let rows = [
        ("0.key", "large"),
        ("0.label", "Groot"),
        ("0.min_inhabitants", "100001"),
        ("0.target", "11"),
        ("1.key", ""),
        ("1.label", ""),
        ("2.key", "rest"),
        ("2.label", "Overig"),
        ("2.max_inhabitants", "200000"),
    ];
    let refused = browser.post(&strata, &rows).expect(422);
    assert!(
        refused.has_error_at("1.max_inhabitants") && refused.text.contains("value=\"Overig\""),
        "{}",
        refused.text
    );
    let more = browser.post(&strata, &[&rows[..], &[("act", "more")]].concat()).expect(200);
    assert!(more.text.contains("name=\"4.key\"") && more.text.contains("value=\"Overig\""));
    let mended: Vec<_> = rows.iter().map(|(n, v)| (*n, if *v == "200000" { "100000" } else { *v })).collect();
    browser.post(&strata, &mended).expect(303);
    let set = house.get(&anna, &format!("{study}/strata")).json();
    assert_eq!(set["items"].as_array().unwrap().len(), 2);
    assert_eq!(set["items"][0]["target"], json!(11));
    // Ten rows and more stay in their order.
    let many: Vec<(String, String)> = (0..12)
        .flat_map(|n| {
            [
                (format!("{n}.key"), format!("k{n}")),
                (format!("{n}.label"), format!("Klasse {n}")),
                (format!("{n}.min_inhabitants"), (n * 1_000).to_string()),
                (format!("{n}.max_inhabitants"), (n * 1_000 + 999).to_string()),
            ]
        })
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&strata, &many).expect(303);
    assert_eq!(house.get(&anna, &format!("{study}/strata")).json()["items"][11]["key"], "k11");
}

#[test]
fn members_join_and_leave_and_the_last_owner_stays() {
    let house = House::open();
    let [anna, bram] = ["anna", "bram"].map(|name| house.researcher(name));
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let members = format!("{}/members", page_of(&study));
    let refused = browser.post(&members, &[("email", "geen adres"), ("role", "reader")]).expect(422);
    assert!(refused.has_error_at("email") && refused.text.contains("value=\"geen adres\""));
    browser.post(&members, &[("email", bram.email.as_str()), ("role", "reader")]).expect(303);
    assert!(
        browser
            .post(&members, &[("email", bram.email.as_str()), ("role", "owner")])
            .expect(409)
            .has_error_at("email")
    );
    let list = house.get(&anna, &format!("{study}/members")).json();
    let id = |n: usize| list["items"][n]["user"].as_str().unwrap();
    browser.post(&format!("{members}/{}/remove", id(0)), &[]).expect(409);
    browser.post(&format!("{members}/{}/remove", id(1)), &[]).expect(303);
    assert!(!browser.get(&members).expect(200).text.contains(&bram.email));
}

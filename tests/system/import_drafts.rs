//! A list of one's own: which column is what, what becomes of each row, and the import itself (E16, R5, R6, R9).

use serde_json::json;
use veldwerk::actions::{confirm_import::confirm_import, continue_import::continue_import};
use veldwerk::id::{ImportId, UserId};

use crate::browser::Browser;
use crate::house::{Answer, House, Researcher};
use crate::pages_study::page_of;

/// A researcher with a study, at the page where lists come in.
struct Desk<'h> {
    house: &'h House,
    anna: Researcher,
    study: String,
    browser: Browser<'h>,
    import: String,
}

/// The columns of most lists here.
const USUAL: [(&str, &str); 4] =
    [("header", "1"), ("column.0", "name"), ("column.1", "email"), ("column.2", "municipality")];

impl<'h> Desk<'h> {
    fn of(house: &'h House) -> Self {
        let anna = house.researcher("anna");
        let study = house.empty_study(&anna);
        let browser = Browser::of(house, &anna);
        let import = format!("{}/import", page_of(&study));
        browser.get(&import).expect(200);
        Self { house, anna, study, browser, import }
    }

    /// Brings a list in; its page.
    #[track_caller]
    fn bring(&self, file: &[u8]) -> String {
        self.browser.upload(&self.import, &[("csv", "")], file).expect(303).leads_to().to_owned()
    }

    /// Brings a list in and says what its columns are; its page.
    #[track_caller]
    fn judged(&self, file: &[u8]) -> String {
        let list = self.bring(file);
        self.browser.get(&list).expect(200);
        assert_eq!(self.browser.post(&format!("{list}/columns"), &USUAL).expect(303).leads_to(), list);
        list
    }

    fn user(&self) -> UserId {
        self.house.get(&self.anna, "/api/v1/me").json()["id"].as_str().unwrap().parse().unwrap()
    }

    fn confirm(&self, list: &str) -> Answer {
        self.browser.post(&format!("{list}/confirm"), &[]).expect(303)
    }

    /// The names of those who are on the list, in order.
    fn names(&self) -> Vec<String> {
        let listed = self.house.get(&self.anna, &format!("{}/respondents?limit=200", self.study)).expect(200);
        let mut names: Vec<String> = listed.json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|person| person["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

/// The columns that are chosen on a page, in their order.
fn chosen(page: &str) -> Vec<String> {
    let columns = page.split("<select id=\"column.").skip(1);
    let selected = |column: &str| {
        let options = column.split_once("</select>").unwrap().0;
        let before = options.split_once("\" selected>").map_or("", |(before, _)| before);
        before.rsplit_once('"').map_or(String::new(), |(_, field)| field.to_owned())
    };
    columns.map(selected).collect()
}

/// A list of so many people with an empty line at the end.
fn many(count: usize) -> Vec<u8> {
    let rows = (0..count).map(|n| format!("P{n},p{n}@example.org,Ede\n"));
    ["name,email,municipality\n".to_owned()].into_iter().chain(rows).collect::<String>().into_bytes()
}

#[test]
fn columns_are_guessed_by_name_in_any_language_encoding_and_order() {
    let house = House::open();
    let desk = Desk::of(&house);
    let old =
        b"Gemeente;Achternaam;E-mailadres;Opmerking\r\nS\xFAdwest-Frysl\xE2n;Ren\xE9e;r@example.org;x\r\n";
    let page = desk.browser.get(&desk.bring(old)).expect(200).text;
    assert_eq!(chosen(&page), ["municipality", "name", "email", ""]);
    assert!(
        page.contains("Súdwest-Fryslân") && page.contains("Renée") && page.contains("Opmerking"),
        "{page}"
    );
    let sixteen: Vec<u8> =
        "\u{FEFF}Naam\tMail\nRenée\tr@example.org\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let page = desk.browser.get(&desk.bring(&sixteen)).expect(200).text;
    assert_eq!(chosen(&page), ["name", "email"]);
    assert!(page.contains("Renée"));
}

#[test]
fn pasted_lines_of_a_mail_program_and_cells_of_a_spreadsheet_are_read_by_the_same_hand() {
    let house = House::open();
    let desk = Desk::of(&house);
    for (pasted, fields) in [
        (
            "Vries, Sanne de <s@example.org>; Enschede\nBram <b@example.org>; Zwolle",
            vec!["name_and_email", "municipality"],
        ),
        ("Cor\tc@example.org\tZwolle\nDia\td@example.org\tEde", vec!["name", "email", "municipality"]),
    ] {
        let list =
            desk.browser.upload(&desk.import, &[("csv", pasted)], b"").expect(303).leads_to().to_owned();
        let page = desk.browser.get(&list).expect(200).text;
        assert_eq!(chosen(&page), fields);
        let columns: Vec<String> = (0..fields.len()).map(|place| format!("column.{place}")).collect();
        let form: Vec<(&str, &str)> = columns.iter().map(String::as_str).zip(fields).collect();
        desk.browser.post(&format!("{list}/columns"), &form).expect(303);
        let done = desk.confirm(&list);
        assert_eq!(done.leads_to(), format!("{}/respondents?done=imported&count=2", page_of(&desk.study)));
    }
    assert_eq!(desk.names(), ["Bram", "Cor", "Dia", "Vries, Sanne de"]);
}

#[test]
fn what_becomes_of_each_row_is_shown_with_the_reason_and_what_was_made_of_the_municipality() {
    let house = House::open();
    let desk = Desk::of(&house);
    house.respondent(&desk.anna, &desk.study, "bram", "Zwolle");
    let file = "name,email,municipality\n\
                Anna,a@example.org,Weesp\n\
                Bram,BRAM@gemeente.example,Den Haag\n\
                Cor,geen,Bergen\n\
                Dia,a@EXAMPLE.org,Ede\n\
                Eef,e@example.org,Den Haag\n";
    let list = desk.judged(file.as_bytes());
    let page = desk.browser.get(&list).expect(200).text;
    for words in ["<dd>2</dd>", "<dd>1</dd>", "R01", "Bergen (L.)", "Weesp", "Amsterdam", "'s-Gravenhage"] {
        let words = words.replace('\'', "&#x27;");
        assert!(page.contains(&words), "{words} is missing: {page}");
    }
    let refused = desk.browser.get(&format!("{list}?show=refused")).expect(200).text;
    assert!(refused.contains("Cor") && refused.contains("Dia") && !refused.contains("Eef"));
    let first = desk.browser.get(&format!("{list}?show=fresh&limit=1")).expect(200).text;
    assert!(first.contains("Anna") && !first.contains("Eef"));
    assert!(first.contains(&format!("href=\"{list}?show=fresh&amp;limit=1&amp;cursor=2\"")), "{first}");
    assert_eq!(desk.names(), ["bram"], "nothing was added yet");

    assert_eq!(desk.confirm(&list).leads_to(), list, "who could not be listed is shown");
    assert_eq!(desk.names(), ["Anna", "Eef", "bram"]);
    let report = desk.browser.get(&list).expect(200).text;
    assert!(report.contains("R01") && !report.contains(">geen") && !report.contains("Dia"), "{report}");
    assert!(
        !report.contains("<td data-label=\"Naam\"") && report.contains("in uw eigen lijst, aan haar nummer")
    );
    let rows = house.lines("SELECT COUNT(*) || '' AS line FROM import_rows WHERE sealed IS NOT NULL");
    let texts = house.lines("SELECT COUNT(*) || '' AS line FROM import_drafts WHERE sealed IS NOT NULL");
    assert_eq!((rows, texts), (vec!["0".to_owned()], vec!["0".to_owned()]), "no person is left in the list");
}

#[test]
fn columns_that_leave_something_out_or_stand_twice_are_told_beside_them() {
    let house = House::open();
    let desk = Desk::of(&house);
    let list = desk.bring(b"a;b;c\nA;a@example.org;Ede\n");
    desk.browser.get(&list).expect(200);
    let wrong = [("column.0", "email"), ("column.1", "email"), ("column.2", "anders")];
    let page = desk.browser.post(&format!("{list}/columns"), &wrong).expect(422);
    assert!(page.has_error_at("column.0") && page.has_error_at("column.1"), "{}", page.text);
    assert_eq!(chosen(&page.text), ["email", "email", ""], "what was chosen is kept");
    desk.browser.post(&format!("{list}/confirm"), &[]).expect(409);
    assert!(desk.names().is_empty());
}

#[test]
fn a_second_press_and_presses_at_the_same_moment_import_once() {
    let house = House::open();
    let desk = Desk::of(&house);
    let list = desk.judged(&many(250));
    let id: ImportId = list.rsplit_once('/').unwrap().1.parse().unwrap();
    let (now, user, store) = (house.clock.now(), desk.user(), house.store.clone());
    let press = || async {
        store.write(move |tx| confirm_import(tx, now, user, id)).await.unwrap();
        while store.write(move |tx| continue_import(tx, now, id)).await.unwrap() {}
    };
    house.wait(async { tokio::join!(press(), press(), press(), press()) });
    desk.confirm(&list);
    let count = house.lines("SELECT COUNT(*) || '' AS line FROM respondents");
    assert_eq!(count, ["250"]);
    let mut codes = house.lines("SELECT code AS line FROM respondents ORDER BY code");
    codes.dedup();
    assert_eq!((codes.len(), codes[0].as_str(), codes[249].as_str()), (250, "R001", "R250"));
}

#[test]
fn an_import_that_broke_off_is_gone_on_with_by_the_worker_with_whoever_came_in_between_left_out() {
    let house = House::open();
    let desk = Desk::of(&house);
    let list = desk.judged(&many(120));
    let id = list.rsplit_once('/').unwrap().1.parse().unwrap();
    // As if the machine had stopped right after the button was pressed.
    let (now, user) = (house.clock.now(), desk.user());
    house.wait(house.store.write(move |tx| confirm_import(tx, now, user, id))).unwrap();
    let page = desk.browser.get(&list).expect(200).text;
    assert!(page.contains("<progress max=\"120\" value=\"0\""), "{page}");
    desk.browser.post(&format!("{list}/drop"), &[]).expect(409);
    desk.browser.post(&format!("{list}/columns"), &USUAL).expect(409);
    let body = json!({ "name": "Eerder", "email": "P7@example.org", "municipality": "Ede" });
    house.post(&desk.anna, &format!("{}/respondents", desk.study), &body).expect(201);
    while house.wait(veldwerk::worker::continue_imports(&house.clock, &house.store)).unwrap() {}
    assert_eq!(house.lines("SELECT COUNT(*) || '' AS line FROM respondents"), ["120"]);
    let known = desk.browser.get(&format!("{list}?show=known")).expect(200).text;
    assert!(known.contains("R121"), "{known}");
}

#[test]
fn a_list_is_its_researchers_alone_and_ends_after_a_day() {
    let house = House::open();
    let desk = Desk::of(&house);
    let ben = house.researcher("ben");
    house.join(&desk.anna, &desk.study, &ben, "interviewer");
    let (stranger, other_study) = (house.researcher("mallory"), house.empty_study(&desk.anna));
    let list = desk.judged(&many(3));
    let elsewhere = list.replace(&page_of(&desk.study), &page_of(&other_study));
    desk.browser.get(&elsewhere).expect(404);
    for who in [&ben, &stranger] {
        let theirs = Browser::of(&house, who);
        theirs.get(&list).expect(404);
        theirs.get(&format!("{list}/columns")).expect(404);
        for act in ["columns", "confirm", "drop"] {
            theirs.post(&format!("{list}/{act}"), &USUAL).expect(404);
        }
    }
    house.at("2027-03-02T08:00:00Z");
    let desk_again = Browser::of(&house, &desk.anna);
    desk_again.get(&list).expect(404);
    desk_again.post(&format!("{list}/confirm"), &[]).expect(404);
    house.wait(veldwerk::worker::forget_drafts(&house.clock, &house.store)).unwrap();
    let left =
        "SELECT COUNT(*) || '' AS line FROM import_drafts UNION ALL SELECT COUNT(*) || '' FROM import_rows";
    assert_eq!(house.lines(left), ["0", "0"]);
    assert!(desk.names().is_empty());
}

#[test]
fn a_list_that_is_thrown_away_or_replaced_is_gone() {
    let house = House::open();
    let desk = Desk::of(&house);
    let first = desk.judged(&many(2));
    let second = desk.judged(&many(1));
    desk.browser.get(&first).expect(404);
    assert!(desk.browser.get(&desk.import).expect(200).text.contains(&format!("href=\"{second}\"")));
    let after = desk.browser.post(&format!("{second}/drop"), &[]).expect(303).leads_to().to_owned();
    assert!(desk.browser.get(&after).expect(200).text.contains("role=\"status\""));
    desk.browser.get(&second).expect(404);
    let texts = house.lines("SELECT COUNT(*) || '' AS line FROM import_drafts WHERE sealed IS NOT NULL");
    assert_eq!(texts, ["0"]);
}

#[test]
fn hostile_cells_are_text_and_spoil_no_more_than_their_own_row() {
    let house = House::open();
    let desk = Desk::of(&house);
    let huge = "x".repeat(50_000);
    let file = format!(
        "name,email,municipality\n\
         \"=HYPERLINK(\"\"https://evil.example\"\")\",f@example.org,Ede\n\
         <script>alert(1)</script>,s@example.org,Ede\n\
         N\0ul,n@example.org,Ede\n\
         {huge},h@example.org,Ede\n\
         H,{huge}@example.org,{huge}\n\
         \"Open quote,q@example.org,Ede\n"
    );
    let list = desk.judged(file.as_bytes());
    let page = desk.browser.get(&list).expect(200).text;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    assert!(page.len() < 100_000, "a page stays small whatever a cell holds: {}", page.len());
    desk.confirm(&list);
    assert_eq!(
        desk.names(),
        ["<script>alert(1)</script>", "=HYPERLINK(\"https://evil.example\")", "Open quote"]
    );
}

#[test]
fn what_is_no_list_is_refused_as_a_whole_and_what_was_pasted_is_kept() {
    let house = House::open();
    let desk = Desk::of(&house);
    for file in [&b"PK\x03\x04\x14\x00\x06\x00"[..], &b"\n \n\t\n"[..], &b"n\x00a\x00m\x00e\x00"[..], b""] {
        assert!(desk.browser.upload(&desk.import, &[("csv", "")], file).expect(422).has_error_at("file"));
    }
    let too_many = "a\n".repeat(100_002).into_bytes();
    assert!(desk.browser.upload(&desk.import, &[("csv", "")], &too_many).expect(422).has_error_at("file"));
    assert_eq!(house.lines("SELECT COUNT(*) || '' AS line FROM import_drafts"), ["0"]);
}

#[test]
fn ten_thousand_and_one_rows_are_imported_by_request_and_worker_together() {
    let house = House::open();
    let desk = Desk::of(&house);
    let list = desk.judged(&many(10_001));
    while house.wait(veldwerk::worker::continue_judging(&house.store)).unwrap() {}
    let page = desk.browser.get(&list).expect(200).text;
    assert!(page.contains("<dd>10.001</dd>") || page.contains("<dd>10,001</dd>"), "{page}");
    desk.confirm(&list);
    while house.wait(veldwerk::worker::continue_imports(&house.clock, &house.store)).unwrap() {}
    assert_eq!(house.lines("SELECT COUNT(*) || '' AS line FROM respondents"), ["10001"]);
    assert_eq!(house.lines("SELECT MAX(code) AS line FROM respondents"), ["R10001"]);
}

//! What a page of the demonstration weighs with all that it is dressed with, and that every link on it leads somewhere.
//!
//! A page is to be there soon on a telephone in a train: 100 kB together for who was never here before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use ureq::Agent;
use ureq::http::Response;

use crate::browser::{field, fields_of};
use crate::browsing_researchers::shape;
use crate::pictures::Demo;

/// What a page may weigh with all that it asks for, in bytes on the line.
const LIMIT: usize = 100_000;
/// Behind which words of a page the addresses stand of what it is dressed with.
const WORN: [&str; 3] = ["src=\"", "<link rel=\"icon\" href=\"", "<link rel=\"stylesheet\" href=\""];
/// How many pages of one kind are opened: weeks follow upon one another for ever.
const OF_A_KIND: u32 = 8;

/// Somebody who goes from page to page with cookies, and unpacks what comes packed.
struct Visitor<'d> {
    agent: Agent,
    base: &'d str,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// What was answered.
struct Got {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl<'d> Visitor<'d> {
    fn to(base: &'d str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { agent, base, cookies: RefCell::default() }
    }

    fn cookies(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn get(&self, path: &str) -> Got {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Accept-Encoding", "gzip");
        self.take(request.header("Cookie", self.cookies()).call().unwrap())
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let request = self.agent.post(format!("{}{path}", self.base)).header("Cookie", self.cookies());
        self.take(request.send_form(fields.iter().copied()).unwrap())
    }

    fn take(&self, mut response: Response<ureq::Body>) -> Got {
        let status = response.status().as_u16();
        let mut headers = BTreeMap::new();
        for (name, value) in response.headers() {
            let value = value.to_str().unwrap().to_owned();
            if name == "set-cookie" {
                let (name, rest) = value.split_once('=').unwrap();
                let value = rest.split(';').next().unwrap();
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            } else {
                headers.insert(name.as_str().to_owned(), value);
            }
        }
        let body = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().unwrap();
        Got { status, headers, body }
    }

    /// Signs in with the link that the demonstration offers.
    fn sign_in(&self, link: &str) {
        let asked = self.get(link).text();
        let token = field(&asked, "_csrf").expect("a form");
        assert_eq!(self.post(link, &[("_csrf", &token)]).status, 303, "{asked}");
    }
}

/// The addresses of this host in these attributes of a page, without what follows a `#`.
fn addresses(page: &str, attributes: &[&str]) -> BTreeSet<String> {
    let found = attributes.iter().flat_map(|attribute| page.split(attribute).skip(1));
    let read = found.map(|rest| rest.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&"));
    let bare = read.map(|address| address.split('#').next().unwrap().to_owned());
    bare.filter(|address| address.starts_with('/')).collect()
}

#[test]
fn every_link_of_the_demonstration_leads_somewhere_and_no_page_weighs_more_than_100_kb() {
    let demo = Demo::start();
    let visitor = Visitor::to(&demo.base);
    visitor.sign_in(&demo.researcher);
    let mut ahead = VecDeque::from(["/".to_owned(), demo.respondent.clone(), "/mailbox".to_owned()]);
    let mut met = BTreeSet::new();
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let mut dress: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = ahead.pop_front() {
        let kind = kinds.entry(shape(&path)).or_default();
        if !met.insert(path.clone()) || *kind >= OF_A_KIND {
            continue;
        }
        *kind += 1;
        let got = visitor.get(&path);
        assert!(got.status < 400, "{path}: {}", got.status);
        if !got.header("content-type").starts_with("text/html") {
            continue;
        }
        if got.header("content-encoding") == "gzip" {
            assert!(
                path.starts_with("/api/docs") && got.body.len() < LIMIT,
                "{path}: {} packed",
                got.body.len()
            );
            continue;
        }
        let page = got.text();
        let worn = addresses(&page, &WORN);
        let mut weight = got.body.len();
        for address in worn {
            weight += *dress.entry(address).or_insert_with_key(|address| dressed(&visitor, address));
        }
        assert!(weight < LIMIT, "{path} weighs {weight}, of which {} are the page", got.body.len());
        ahead.extend(addresses(&page, &[" href=\""]));
    }
    let respondent = kinds.keys().filter(|kind| kind.starts_with("/p/")).count();
    assert!(kinds.len() > 50 && respondent >= 5, "{kinds:?}");
}

/// A guide of so many questions in each of its sections, as somebody writes it who asks in two languages.
fn long_guide(sections: &[usize]) -> String {
    let mut guide = "# Een lange leidraad\n\nOnderzoeksvragen:\n\n".to_owned();
    for number in 1..=5 {
        let _ = writeln!(
            guide,
            "- rq{number}: Hoe komt een gemeente tot een keuze over hulp en steun, deel {number}?"
        );
    }
    for (section, questions) in sections.iter().enumerate() {
        let _ = writeln!(guide, "\n## Onderdeel over het werk en de mensen {section} (5 min)");
        for number in 0..*questions {
            let _ = write!(
                guide,
                "\n### vraag{section}-{number}\n\n*kernvraag; moet gesteld; beantwoordt rq{}*\n\n\
                 **NL:** Kunt u vertellen hoe het besluit over hulp in uw gemeente tot stand komt, keer {number}?\n\n\
                 **EN:** Could you tell me how the decision about help comes about in your town, time {number}?\n\n\
                 Doorvragen:\n\n- Wie praat daar allemaal over mee?\n- Sinds wanneer gaat dat zo, en waarom?\n",
                number % 5 + 1
            );
        }
    }
    guide
}

/// The page of a draft with such a guide.
fn drafted(visitor: &Visitor<'_>, sections: &[usize]) -> String {
    let home = visitor.get("/").text();
    let study =
        addresses(&home, &[" href=\""]).into_iter().find(|path| path.starts_with("/studies/0")).unwrap();
    let page = visitor.get(&format!("{study}/guides/markdown")).text();
    let [token, key] = ["_csrf", "key"].map(|name| field(&page, name).unwrap());
    let text = long_guide(sections);
    assert_eq!(text.matches("\n### ").count(), sections.iter().sum::<usize>());
    let sent = [("_csrf", token.as_str()), ("key", &key), ("markdown", &text)];
    let made = visitor.post(&format!("{study}/guides/markdown"), &sent);
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").split('?').next().unwrap().to_owned()
}

/// Presses a button of the editor with the fields of a page as they stand.
fn pressed(visitor: &Visitor<'_>, edit: &str, shown: &Got, act: &str) -> Got {
    let mut fields = fields_of(&shown.text(), "guide");
    fields.push(("act".to_owned(), act.to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post(edit, &fields)
}

#[test]
fn no_page_of_a_guide_of_eighty_questions_weighs_more_than_100_kb_whichever_section_is_open() {
    let demo = Demo::start();
    let visitor = Visitor::to(&demo.base);
    visitor.sign_in(&demo.researcher);
    let guide = drafted(&visitor, &[7, 7, 7, 7, 7, 7, 7, 7, 6, 6, 6, 6]);
    for path in [guide.clone(), format!("{guide}/edit"), format!("{guide}/markdown")] {
        is_light(&visitor, &path, &visitor.get(&path));
    }
    let edit = format!("{guide}/edit");
    let mut shown = visitor.get(&edit);
    for section in [5, 11, 0] {
        shown = pressed(&visitor, &edit, &shown, &format!("open:sections.{section}"));
        assert!(shown.text().contains(&format!("name=\"sections.{section}.questions.5.text.en\"")));
        is_light(&visitor, &edit, &shown);
    }
}

#[test]
fn no_page_of_a_section_of_forty_questions_weighs_more_than_100_kb_whichever_of_them_are_open() {
    let demo = Demo::start();
    let visitor = Visitor::to(&demo.base);
    visitor.sign_in(&demo.researcher);
    let guide = drafted(&visitor, &[20, 40]);
    let edit = format!("{guide}/edit");
    let mut shown = visitor.get(&edit);
    is_light(&visitor, &edit, &shown);
    for question in [0, 12, 24, 36] {
        shown = pressed(&visitor, &edit, &shown, &format!("open:sections.1.questions.{question}"));
        assert!(shown.text().contains(&format!("name=\"sections.1.questions.{question}.text.en\"")));
        is_light(&visitor, &edit, &shown);
    }
}

#[test]
fn the_sheet_of_a_talk_of_a_hundred_and_twenty_questions_weighs_less_than_100_kb() {
    let demo = Demo::start();
    let visitor = Visitor::to(&demo.base);
    visitor.sign_in(&demo.researcher);
    let guide = drafted(&visitor, &[12; 10]);
    let page = visitor.get(&guide).text();
    let [token, key] = ["_csrf", "key"].map(|name| field(&page, name).unwrap());
    let published = visitor.post(&format!("{guide}/publish"), &[("_csrf", &token), ("key", &key)]);
    assert_eq!(published.status, 303, "{}", published.text());
    let home = visitor.get("/").text();
    let links = addresses(&home, &[" href=\""]);
    let study = links.iter().find(|path| path.starts_with("/studies/0")).unwrap();
    let list = visitor.get(&format!("{study}/interviews")).text();
    let talks = addresses(&list, &[" href=\""]);
    let sheets =
        talks.iter().filter(|path| path.starts_with("/interviews/")).map(|path| format!("{path}/sheet"));
    let fresh = sheets.map(|path| (visitor.get(&path), path));
    let (sheet, path) = fresh
        .into_iter()
        .find(|(sheet, _)| sheet.text().matches("<fieldset>").count() == 120)
        .expect("an interview that has not begun");
    is_light(&visitor, &path, &sheet);
}

/// Demands that a page with all that it is dressed with weighs no more than it may.
fn is_light(visitor: &Visitor<'_>, path: &str, got: &Got) {
    assert_eq!(got.status, 200, "{path}");
    let worn = addresses(&got.text(), &WORN);
    let weight = got.body.len() + worn.iter().map(|address| dressed(visitor, address)).sum::<usize>();
    assert!(weight < LIMIT, "{path} weighs {weight}, of which {} are the page", got.body.len());
}

/// What a file weighs on the line that a page is dressed with: packed, and to be kept for good.
fn dressed(visitor: &Visitor<'_>, address: &str) -> usize {
    let got = visitor.get(address);
    assert_eq!(got.status, 200, "{address}");
    if address.starts_with("/static/") {
        assert_eq!(got.header("content-encoding"), "gzip", "{address}");
        assert!(got.header("cache-control").contains("immutable"), "{address}");
        let (bare, _) = address.split_once("?v=").expect("an address that changes with the bytes");
        let unnamed = visitor.get(bare);
        assert_eq!(unnamed.header("cache-control"), "public, max-age=3600", "{bare}");
    }
    got.body.len()
}

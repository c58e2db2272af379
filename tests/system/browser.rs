//! A browser that keeps cookies and fills in forms, for the pages of researchers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use rocket::http::{ContentType, Cookie};
use rocket::local::blocking::LocalRequest;

use crate::house::{Answer, House, PASSWORD, Researcher};

/// What separates the parts of a form with a file.
const BOUNDARY: &str = "a-line-that-is-in-no-file";

/// Where all of them stand: guesses are counted per address.
const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), 1);

/// A browser in front of a house.
pub struct Browser<'h> {
    house: &'h House,
    cookies: RefCell<BTreeMap<String, String>>,
    token: RefCell<String>,
}

impl<'h> Browser<'h> {
    /// A browser that was never here.
    pub fn fresh(house: &'h House) -> Self {
        Self { house, cookies: RefCell::default(), token: RefCell::default() }
    }

    /// A browser in which somebody signed in on the page for it.
    pub fn of(house: &'h House, who: &Researcher) -> Self {
        let browser = Self::fresh(house);
        browser.get("/sign-in").expect(200);
        let fields = [("email", who.email.as_str()), ("password", PASSWORD), ("next", "/")];
        browser.post("/sign-in", &fields).expect(303);
        browser.get("/").expect(200);
        browser
    }

    /// Opens a page.
    pub fn get(&self, path: &str) -> Answer {
        self.send(self.house.client.get(path.to_owned()))
    }

    /// Sends a form with the token of the page that was seen last.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token.borrow().clone();
        let fields: Vec<_> = fields.iter().copied().chain([("_csrf", token.as_str())]).collect();
        self.post_bare(path, &fields)
    }

    /// Presses the button of a form that bears a one-shot key.
    pub fn press(&self, path: &str, key: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([("key", key)]).collect();
        self.post(path, &fields)
    }

    /// Sends a form with nothing but these fields.
    pub fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(self.house.client.post(path.to_owned()).header(ContentType::Form).body(body))
    }

    /// Sends a form with a file.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let token = self.token.borrow().clone();
        let mut body = Vec::new();
        for (name, value) in fields.iter().copied().chain([("_csrf", token.as_str())]) {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
        self.send(self.house.client.post(path.to_owned()).header(kind).body(body))
    }

    fn send(&self, mut request: LocalRequest<'_>) -> Answer {
        request = request.remote(ADDRESS);
        for (name, value) in self.cookies.borrow().iter() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        let answer = self.house.send(request);
        for (_, header) in answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let cookie = Cookie::parse(header.clone()).unwrap();
            self.cookies.borrow_mut().insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
        if let Some(token) = field(&answer.text, "_csrf") {
            *self.token.borrow_mut() = token;
        }
        answer
    }
}

/// The value of the first hidden field of that name in a page.
pub fn field(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// What a browser would send of a form as it stands on a page, whichever button is pressed.
pub fn fields_of(page: &str, form: &str) -> Vec<(String, String)> {
    let (_, rest) = page.split_once(&format!(" id=\"{form}\"")).expect("the form");
    let (form, _) = rest.split_once("</form>").expect("its end");
    let mut fields = Vec::new();
    for part in form.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let Some(name) = attribute(tag, "name") else { continue };
        let is_ticked = !tag.contains("type=\"checkbox\"") || tag.ends_with(" checked");
        if tag.starts_with("input ") && is_ticked {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea ") {
            fields.push((name, read(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("select ") {
            let (_, options) = form.split_once(part).expect("it is there");
            let (options, _) = options.split_once("</select>").expect("its end");
            let chosen = options.split('<').find(|option| option.contains(" selected>"));
            fields.extend(chosen.and_then(|option| attribute(option, "value")).map(|value| (name, value)));
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(read(rest.split_once('"')?.0))
}

/// A text of a page as a person reads it.
fn read(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

impl Answer {
    /// Where a redirect leads.
    pub fn leads_to(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// Whether the page says something beside a field.
    pub fn has_error_at(&self, field: &str) -> bool {
        self.text.contains(&format!("id=\"{field}-error\""))
    }
}

//! The access to Microsoft Graph by which Teams meetings are made. Without it links are fixed or pasted.

use url::{Host, Url};

use super::{Secret, takes};
use crate::problem::Outcome;

/// Where Microsoft gives out tokens.
const LOGIN_URL: &str = "https://login.microsoftonline.com";
/// Where Microsoft Graph answers.
const GRAPH_URL: &str = "https://graph.microsoft.com";

/// What an operator sets up to have meetings made.
#[derive(Debug, Clone)]
pub struct Teams {
    /// The tenant: its id, or a domain of it.
    pub tenant: Option<String>,
    /// The id of the registered application.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<Secret>,
    /// Where tokens are given out, without a slash at the end. Only tests and national clouds have another one.
    pub login_url: String,
    /// Where Graph answers, without a slash at the end.
    pub graph_url: String,
}

impl Default for Teams {
    fn default() -> Self {
        Self {
            tenant: None,
            client_id: None,
            client_secret: None,
            login_url: LOGIN_URL.to_owned(),
            graph_url: GRAPH_URL.to_owned(),
        }
    }
}

impl Teams {
    /// The variables of the environment that are still to be set; all three are needed.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let given = [
            ("VELDWERK_TEAMS_TENANT", self.tenant.is_some()),
            ("VELDWERK_TEAMS_CLIENT_ID", self.client_id.is_some()),
            ("VELDWERK_TEAMS_CLIENT_SECRET", self.client_secret.is_some()),
        ];
        given.into_iter().filter(|(_, given)| !given).map(|(variable, _)| variable).collect()
    }

    /// Checks what was given.
    ///
    /// # Errors
    /// A sentence that names the setting that can't be used.
    pub(super) fn checked(self) -> Outcome<Self> {
        let is_name = |text: &String| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        };
        // These stand for many tenants, and so for none in whose name an application could act.
        let is_nobody = |text: &String| matches!(text.as_str(), "common" | "organizations" | "consumers");
        if self.tenant.as_ref().is_some_and(|tenant| !is_name(tenant) || is_nobody(tenant)) {
            return Err(takes("teams_tenant"));
        }
        if self.client_id.as_ref().is_some_and(|id| !is_name(id)) {
            return Err(takes("teams_client_id"));
        }
        let login_url = base(&self.login_url).ok_or_else(|| takes("teams_login_url"))?;
        let graph_url = base(&self.graph_url).ok_or_else(|| takes("teams_graph_url"))?;
        Ok(Self { login_url, graph_url, ..self })
    }
}

/// An https address, or one of this machine: the secret goes there.
fn base(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (is_safe && is_plain).then(|| text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teams(tenant: &str, graph_url: &str) -> Teams {
        Teams { tenant: Some(tenant.to_owned()), graph_url: graph_url.to_owned(), ..Teams::default() }
    }

    #[test]
    fn what_is_missing_is_named_and_a_secret_is_never_shown() {
        let some = teams("example.org", GRAPH_URL).checked().unwrap();
        assert_eq!(some.missing(), ["VELDWERK_TEAMS_CLIENT_ID", "VELDWERK_TEAMS_CLIENT_SECRET"]);
        let all = Teams {
            client_id: Some("0a".to_owned()),
            client_secret: Some(Secret::new("geheim".to_owned())),
            ..some
        };
        assert!(all.missing().is_empty() && !format!("{all:?}").contains("geheim"));
    }

    #[test]
    fn a_tenant_is_one_and_the_secret_goes_over_https_or_stays_on_this_machine() {
        for good in [GRAPH_URL, "https://graph.microsoft.us/", "http://127.0.0.1:81", "http://localhost:81"] {
            assert!(teams("example.org", good).checked().is_ok(), "{good}");
        }
        for bad in ["http://graph.example.org", "ftp://localhost", "graph", "https://a@graph.example.org"] {
            assert!(teams("example.org", bad).checked().is_err(), "{bad}");
        }
        for bad in ["common", "organizations", "", "a/b"] {
            assert!(teams(bad, GRAPH_URL).checked().is_err(), "{bad}");
        }
    }
}

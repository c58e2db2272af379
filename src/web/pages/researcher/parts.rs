//! Lists part by part: where the first and the next part of one are.

use url::form_urlencoded::Serializer;

/// The addresses of the first and the next part of a list.
#[derive(Debug)]
pub struct Parts {
    /// The first part, unless this is it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

impl Parts {
    /// The addresses under the filters that are set: names and values, of which empty ones are left out.
    #[must_use]
    pub fn of(path: &str, filters: &[(&str, &str)], is_first: bool, next: Option<&str>) -> Self {
        let address = |cursor: Option<&str>| {
            let mut query = Serializer::new(String::new());
            query.extend_pairs(filters.iter().filter(|(_, value)| !value.is_empty()));
            query.extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
            let query = query.finish();
            if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
        };
        Self { first: (!is_first).then(|| address(None)), next: next.map(|next| address(Some(next))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_list_keep_its_filters() {
        let filters = [("status", ""), ("stratum", "a&b")];
        let parts = Parts::of("/x", &filters, false, Some("7"));
        assert_eq!(parts.first.as_deref(), Some("/x?stratum=a%26b"));
        assert_eq!(parts.next.as_deref(), Some("/x?stratum=a%26b&cursor=7"));
        assert!(Parts::of("/x", &filters, true, None).first.is_none());
    }
}

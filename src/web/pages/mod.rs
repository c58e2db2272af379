//! The HTML pages: the respondent's under `/p`, the researcher's under `/`.

use rocket::{Request, response};

use super::answers;
use crate::problem::Problem;

/// A problem as a page of its own.
///
/// # Errors
/// None; the signature is Rocket's.
pub fn problem_page(request: &Request<'_>, problem: Problem) -> response::Result<'static> {
    response::Responder::respond_to(answers::Refused::from(problem), request)
}

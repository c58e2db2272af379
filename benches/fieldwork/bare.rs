//! A Rocket with one route: the measure of what any answer costs.

use rocket::{Config, State, get, routes};

#[get("/")]
fn hello(body: &State<String>) -> (rocket::http::ContentType, String) {
    (rocket::http::ContentType::JSON, body.inner().clone())
}

/// Serves until it is killed.
pub fn serve(port: u16, bytes: usize) {
    let body = format!("{{\"filler\":\"{}\"}}", "x".repeat(bytes.saturating_sub(13)));
    let config = Config { port, log_level: rocket::config::LogLevel::Off, ..Config::release_default() };
    let rocket = rocket::custom(config).manage(body).mount("/", routes![hello]);
    rocket::execute(rocket.launch()).unwrap();
}

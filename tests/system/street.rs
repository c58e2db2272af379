//! A house that can be reached from outside, on a port of its own.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use rocket::Shutdown;
use rocket::fairing::AdHoc;
use tokio::runtime::Runtime;
use veldwerk::web;

use crate::house::House;

/// The same house with its doors open: its router listens on a port of its own.
pub struct Street {
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
    pub base: String,
}

impl Street {
    pub fn of(house: &House) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut settings = house.settings.clone();
        settings.port = port;
        settings.base_url = format!("http://localhost:{port}");
        let base = settings.base_url.clone();
        let (ready, is_ready) = mpsc::channel();
        let rocket = web::build(settings, house.clock.clone(), house.store.clone()).attach(
            AdHoc::on_liftoff("Ready", move |rocket| {
                let shutdown = rocket.shutdown();
                Box::pin(async move { ready.send(shutdown).unwrap() })
            }),
        );
        let thread = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(rocket.launch()).unwrap();
        });
        let shutdown = is_ready.recv().expect("the house opens its doors");
        Self { shutdown, thread: Some(thread), base }
    }
}

impl Drop for Street {
    fn drop(&mut self) {
        self.shutdown.clone().notify();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

//! Stands between the program and the server, and stops at the request that it is told.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// What happens at the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not reach the server: what came before it is done.
    Held,
    /// It reaches the server, and the connection is cut before the answer.
    Cut,
}

/// A place that the program takes for the server's.
pub(crate) struct Proxy {
    place: tempfile::TempDir,
    reached: Receiver<()>,
    queries: Arc<AtomicU32>,
}

impl Proxy {
    /// The first session that is opened stops at that request, counted from 1. Later ones pass.
    pub(crate) fn new(server_url: &str, request: u32, fault: Fault) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let listener = UnixListener::bind(place.path().join(".s.PGSQL.5432")).expect("a socket");
        let server = socket(server_url);
        let (tell, reached) = channel();
        let queries = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&queries);
        std::thread::spawn(move || {
            let Ok((client, _)) = listener.accept() else { return };
            let connect = move || UnixStream::connect(&server).expect("the server's socket");
            let first = connect();
            // The thread ends with the test program.
            std::thread::spawn(move || {
                listener.incoming().flatten().for_each(|client| forward(client, connect()));
            });
            session(&client, &first, request, fault, &tell, &count);
        });
        Self { place, reached, queries }
    }

    /// Only counts.
    pub(crate) fn counting(server_url: &str) -> Self {
        Self::new(server_url, u32::MAX, Fault::Held)
    }

    /// The queries of the extended protocol that the first session has run so far.
    pub(crate) fn queries(&self) -> u32 {
        self.queries.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let folder = self.place.path().display();
        format!("postgresql:///{database}?host={folder}&port=5432&user=postgres")
    }

    /// Whether the request came; false when the session ended before.
    pub(crate) fn is_reached(&self) -> bool {
        self.reached.recv_timeout(Duration::from_secs(60)).is_ok()
    }
}

/// The server's socket, out of `postgresql:///name?host=folder&port=number&user=postgres`.
fn socket(url: &str) -> PathBuf {
    let value = |key: &str| {
        let rest = url.split_once(&format!("{key}=")).expect("a URL of a socket").1;
        rest.split('&').next().expect("a value").to_owned()
    };
    Path::new(&value("host")).join(format!(".s.PGSQL.{}", value("port")))
}

/// Passes on what both sides send.
fn forward(client: UnixStream, server: UnixStream) {
    let copies = |it: &UnixStream| it.try_clone().expect("a copy");
    for (mut from, mut to) in [(copies(&client), copies(&server)), (server, client)] {
        std::thread::spawn(move || {
            let _copied = std::io::copy(&mut from, &mut to);
            let _closed = to.shutdown(Shutdown::Both);
        });
    }
}

fn session(
    client: &UnixStream,
    server: &UnixStream,
    request: u32,
    fault: Fault,
    tell: &Sender<()>,
    queries: &AtomicU32,
) {
    let (mut from, mut to) =
        (server.try_clone().expect("a copy"), client.try_clone().expect("a copy"));
    let back = std::thread::spawn(move || {
        // The program may be gone.
        let _copied = std::io::copy(&mut from, &mut to);
        let _closed = to.shutdown(Shutdown::Both);
    });
    let (mut from, mut to) = (client, server);
    // The first message has no type (manual, section 53.7).
    let mut message = Vec::new();
    let mut count = 0;
    let mut is_first = true;
    while read_message(&mut from, is_first, &mut message) {
        // The first message has no type.
        if !is_first && message.first() == Some(&b'E') {
            queries.fetch_add(1, Ordering::SeqCst);
        }
        is_first = false;
        // A simple query, or the end of an extended one.
        count += u32::from(matches!(message.first(), Some(b'Q' | b'S')));
        if count == request {
            if fault == Fault::Cut {
                to.write_all(&message).expect("sent");
                let _cut = client.shutdown(Shutdown::Both);
            }
            tell.send(()).expect("the test waits");
            // Held until the program is gone.
            if fault == Fault::Held {
                let _gone = from.read(&mut [0; 1]);
            }
            break;
        }
        if to.write_all(&message).is_err() {
            break;
        }
    }
    let _closed = server.shutdown(Shutdown::Both);
    let _copied = back.join();
}

/// False at the end of the stream.
fn read_message(from: &mut &UnixStream, is_first: bool, message: &mut Vec<u8>) -> bool {
    let head = if is_first { 4 } else { 5 };
    message.resize(head, 0);
    match from.read_exact(message) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return false,
        Err(_) => return false,
    }
    let length = <[u8; 4]>::try_from(&message[head - 4..]).expect("four bytes");
    let body = usize::try_from(u32::from_be_bytes(length)).expect("a length") - 4;
    message.resize(head + body, 0);
    from.read_exact(&mut message[head..]).is_ok()
}

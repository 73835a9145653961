//! [`Liar`]: a server that speaks the protocol and says whatever a test has it say. PostgreSQL itself never lies, so
//! this is no stand-in for it.

use orm_core::exec::{Config, Connection, SslMode};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const INT8: u32 = 20;
pub(crate) const TEXT: u32 = 25;
pub(crate) const INT8_ARRAY: u32 = 1016;
pub(crate) const TEXT_ARRAY: u32 = 1009;

/// What it answers.
#[derive(Default)]
pub(crate) struct Script {
    /// The messages between `ParameterDescription` and `CommandComplete` of every statement.
    pub(crate) answer: Vec<u8>,
    /// The rows of its catalog, as the look-up of types asks for them.
    pub(crate) catalog: Vec<Vec<Option<Vec<u8>>>>,
}

/// The server. It ends with the runtime of the test.
pub(crate) struct Liar {
    port: u16,
    script: Arc<Mutex<Script>>,
}

impl Liar {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let script = Arc::<Mutex<Script>>::default();
        let shared = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { port, script }
    }

    /// A session without named statements: each is one message of its own.
    pub(crate) async fn connect(&self) -> Connection {
        let config = Config::builder()
            .host("127.0.0.1")
            .port(self.port)
            .user("ada")
            .database("lies")
            .ssl_mode(SslMode::Disable)
            .statement_cache_size(0)
            .query_timeout(Duration::from_secs(2));
        Connection::connect(&config.build().expect("settings")).await.expect("a session")
    }

    pub(crate) fn answers(&self, answer: Vec<u8>) {
        self.script.lock().expect("no panic").answer = answer;
    }

    /// One row of those cells.
    pub(crate) fn answers_row(&self, cells: &[(u32, Option<&[u8]>)]) {
        let oids: Vec<u32> = cells.iter().map(|(oid, _)| *oid).collect();
        let cells: Vec<_> = cells.iter().map(|(_, cell)| cell.map(<[u8]>::to_vec)).collect();
        self.answers([description(&oids), row(&cells)].concat());
    }

    /// What its catalog has: OID, name, `typtype`, what it is of, labels, attributes and their types.
    pub(crate) fn describes(&self, types: &[Described<'_>]) {
        self.script.lock().expect("no panic").catalog =
            types.iter().map(Described::cells).collect();
    }
}

/// A type as its catalog has it.
pub(crate) struct Described<'a> {
    pub(crate) oid: u32,
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) of: u32,
    pub(crate) labels: &'a [&'a str],
    pub(crate) attributes: &'a [(&'a str, u32)],
}

impl Described<'_> {
    fn cells(&self) -> Vec<Option<Vec<u8>>> {
        let number = |oid: u32| i64::from(oid).to_be_bytes().to_vec();
        let texts = |texts: Vec<&str>| {
            array(TEXT, &texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>())
        };
        let types: Vec<_> = self.attributes.iter().map(|(_, oid)| number(*oid)).collect();
        let cells = [
            number(self.oid),
            b"public".to_vec(),
            self.name.as_bytes().to_vec(),
            self.kind.as_bytes().to_vec(),
            number(self.of),
            texts(self.labels.to_vec()),
            texts(self.attributes.iter().map(|(name, _)| *name).collect()),
            array(INT8, &types),
        ];
        cells.into_iter().map(Some).collect()
    }
}

/// The columns of the look-up of types.
const CATALOG: [u32; 8] = [INT8, TEXT, TEXT, TEXT, INT8, TEXT_ARRAY, TEXT_ARRAY, INT8_ARRAY];

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) -> io::Result<()> {
    let mut startup = vec![0; stream.read_u32().await? as usize - 4];
    stream.read_exact(&mut startup).await?;
    if startup.starts_with(&80_877_102_u32.to_be_bytes()) {
        // A request to cancel: it is heard, and nothing is done.
        return Ok(());
    }
    let hello = [message(b'R', &[0; 4]), message(b'K', &[1; 8]), message(b'Z', b"I")].concat();
    stream.write_all(&hello).await?;
    let mut is_lookup = false;
    loop {
        let tag = stream.read_u8().await?;
        let mut body = vec![0; stream.read_u32().await? as usize - 4];
        stream.read_exact(&mut body).await?;
        match tag {
            b'P' => is_lookup = String::from_utf8_lossy(&body).contains("pg_catalog.pg_type"),
            b'S' => {
                let answer = {
                    let script = script.lock().expect("no panic");
                    let rows = script.catalog.iter().flat_map(|cells| row(cells));
                    match is_lookup {
                        true => description(&CATALOG).into_iter().chain(rows).collect(),
                        false => script.answer.clone(),
                    }
                };
                let before = [message(b'1', b""), message(b'2', b""), message(b't', &[0, 0])];
                let after = [message(b'C', b"SELECT 1\0"), message(b'Z', b"I")];
                stream.write_all(&[before.concat(), answer, after.concat()].concat()).await?;
            }
            b'X' => return Ok(()),
            _ => {}
        }
    }
}

pub(crate) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("a message");
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

/// A `RowDescription`.
pub(crate) fn description(oids: &[u32]) -> Vec<u8> {
    let mut body = u16::try_from(oids.len()).expect("columns").to_be_bytes().to_vec();
    for oid in oids {
        body.extend(b"c\0\0\0\0\0\0\0");
        body.extend(oid.to_be_bytes());
        body.extend([0, 0, 0xff, 0xff, 0xff, 0xff, 0, 1]);
    }
    message(b'T', &body)
}

/// A `DataRow`.
pub(crate) fn row(cells: &[Option<Vec<u8>>]) -> Vec<u8> {
    let mut body = u16::try_from(cells.len()).expect("cells").to_be_bytes().to_vec();
    body.extend(cells.iter().flat_map(|cell| sized(cell.as_deref())));
    message(b'D', &body)
}

/// A length and bytes; `None` is NULL.
pub(crate) fn sized(cell: Option<&[u8]>) -> Vec<u8> {
    match cell {
        None => (-1_i32).to_be_bytes().to_vec(),
        Some(bytes) => {
            [&u32::try_from(bytes.len()).expect("a cell").to_be_bytes()[..], bytes].concat()
        }
    }
}

/// An array of one dimension.
pub(crate) fn array(element: u32, elements: &[Vec<u8>]) -> Vec<u8> {
    let count = i32::try_from(elements.len()).expect("elements");
    let mut bytes = claim(element, &[count]);
    bytes.extend(elements.iter().flat_map(|element| sized(Some(element))));
    bytes
}

/// The beginning of an array with dimensions of those sizes, without an element.
pub(crate) fn claim(element: u32, sizes: &[i32]) -> Vec<u8> {
    let dimensions = i32::try_from(sizes.len()).expect("dimensions");
    let sizes = sizes.iter().flat_map(|size| [*size, 1]);
    let numbers = [dimensions, 0, element.cast_signed()].into_iter().chain(sizes);
    numbers.flat_map(i32::to_be_bytes).collect()
}

/// A record.
pub(crate) fn record(fields: &[(u32, &[u8])]) -> Vec<u8> {
    let mut bytes = u32::try_from(fields.len()).expect("fields").to_be_bytes().to_vec();
    for (oid, field) in fields {
        bytes.extend(oid.to_be_bytes());
        bytes.extend(sized(Some(field)));
    }
    bytes
}

//! Descriptions made by hand, in pieces of every size.

use super::*;
use proptest::prelude::*;

const MOOD: u32 = 90_001;

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

fn columns(columns: &[(&str, u32, i32)]) -> Vec<u8> {
    let mut body = u16::try_from(columns.len()).unwrap().to_be_bytes().to_vec();
    for (name, oid, modifier) in columns {
        body.extend(name.as_bytes());
        body.push(0);
        body.extend([0, 0, 0, 7, 0, 1]);
        body.extend(oid.to_be_bytes());
        body.extend([0, 4]);
        body.extend(modifier.to_be_bytes());
        body.extend([0, 1]);
    }
    message(b'T', &body)
}

fn parameters(oids: &[u32]) -> Vec<u8> {
    let mut body = u16::try_from(oids.len()).unwrap().to_be_bytes().to_vec();
    body.extend(oids.iter().flat_map(|oid| oid.to_be_bytes()));
    message(b't', &body)
}

/// A stream that gives its bytes in pieces of that size.
struct Pieces {
    bytes: Vec<u8>,
    size: usize,
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let count = self.size.min(self.bytes.len()).min(buffer.remaining());
        buffer.put_slice(&self.bytes.drain(..count).collect::<Vec<_>>());
        Poll::Ready(Ok(()))
    }
}

fn filtered(bytes: Vec<u8>, size: usize) -> Vec<u8> {
    let mut stream = Filtered::new(Pieces { bytes, size });
    let mut read = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(stream.read_to_end(&mut read)).unwrap();
    read
}

#[test]
fn a_description_names_no_type_that_the_driver_would_look_up_however_it_is_cut() {
    let row = message(b'D', &[b'T'; 40]);
    let ready = message(b'Z', b"I");
    let sent = [
        parameters(&[23, MOOD]),
        columns(&[("id", 23, -1), ("mood", MOOD, -1), ("name", 1043, 24)]),
        row.clone(),
        ready.clone(),
    ]
    .concat();
    let expected = [
        parameters(&[23, 705]),
        columns(&[("id", 23, -1), ("mood", 705, MOOD.cast_signed()), ("name", 1043, 24)]),
        row,
        ready,
    ]
    .concat();
    for size in 1..sent.len() {
        assert_eq!(filtered(sent.clone(), size), expected, "{size}");
    }
}

proptest! {
    #[test]
    fn no_bytes_of_a_server_are_lost_or_do_harm(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        size in 1_usize..50,
    ) {
        prop_assert_eq!(filtered(bytes.clone(), size).len(), bytes.len());
    }

    #[test]
    fn a_false_description_does_no_harm(
        body in proptest::collection::vec(any::<u8>(), 0..100),
        size in 1_usize..50,
        tag in prop_oneof![Just(b'T'), Just(b't')],
    ) {
        let sent = [message(tag, &body), message(b'Z', b"I")].concat();
        let read = filtered(sent.clone(), size);
        prop_assert_eq!(read.len(), sent.len());
        prop_assert!(read.ends_with(&message(b'Z', b"I")));
    }
}

//! The seal around a backup, where a passphrase is given: XChaCha20-Poly1305 in the STREAM construction (Hoang,
//! Reyhanitabar, Rogaway, Vizár 2015), so that no piece can be left out, moved or cut off unnoticed, under a key that
//! Argon2id (RFC 9106) makes of the passphrase.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use aead_stream::{DecryptorBE32, EncryptorBE32};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;

use crate::problem::{Outcome, Problem};
use crate::settings::Secret;

/// What a sealed backup begins with.
const MARK: &[u8] = b"veldwerk sealed backup 1\n";
/// How much is sealed at once, in bytes, and by how much sealing lengthens it.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const SALT: usize = 16;
const NONCE: usize = 19;
/// The cost of trying a passphrase: 64 MiB, three times over.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

fn key(passphrase: &Secret, salt: &[u8]) -> Outcome<[u8; 32]> {
    let cost =
        Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Problem::internal(error.to_string()))?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut key)
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(key)
}

/// Seals what is written into it, or passes it on where there is no passphrase.
pub(super) struct Sealer<W: Write> {
    out: W,
    seal: Option<EncryptorBE32<XChaCha20Poly1305>>,
    piece: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    pub(super) fn new(mut out: W, passphrase: Option<&Secret>) -> Outcome<Self> {
        let seal = match passphrase {
            None => None,
            Some(passphrase) => {
                let (salt, nonce): ([u8; SALT], [u8; NONCE]) = (rand::random(), rand::random());
                for part in [MARK, &salt, &nonce] {
                    out.write_all(part).map_err(Problem::internal)?;
                }
                Some(EncryptorBE32::new(&key(passphrase, &salt)?.into(), &nonce.into()))
            }
        };
        Ok(Self { out, seal, piece: Vec::with_capacity(PIECE) })
    }

    /// Writes the last piece, which says that it is the last.
    pub(super) fn finish(mut self) -> Outcome<()> {
        if let Some(seal) = self.seal.take() {
            let sealed =
                seal.encrypt_last(self.piece.as_slice()).map_err(|_| Problem::internal("sealing failed"))?;
            self.out.write_all(&sealed).map_err(Problem::internal)?;
        }
        self.out.flush().map_err(Problem::internal)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(seal) = &mut self.seal else { return self.out.write(bytes) };
        if self.piece.len() == PIECE {
            let sealed =
                seal.encrypt_next(self.piece.as_slice()).map_err(|_| io::Error::other("sealing failed"))?;
            self.out.write_all(&sealed)?;
            self.piece.clear();
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what was sealed, or passes it on where it was not.
pub(super) struct Opener {
    input: BufReader<File>,
    seal: Option<DecryptorBE32<XChaCha20Poly1305>>,
    sealed: Vec<u8>,
    plain: io::Cursor<Vec<u8>>,
    is_sealed: bool,
}

impl Opener {
    pub(super) fn open(path: &Path, passphrase: Option<&Secret>) -> Outcome<Self> {
        let wrong = |error: io::Error| Problem::internal(format!("{}: {error}", path.display()));
        let mut input = BufReader::new(File::open(path).map_err(wrong)?);
        let mut begin = Vec::new();
        input.by_ref().take(MARK.len() as u64).read_to_end(&mut begin).map_err(wrong)?;
        if begin != MARK {
            let plain = io::Cursor::new(begin);
            return Ok(Self { input, seal: None, sealed: Vec::new(), plain, is_sealed: false });
        }
        let passphrase = passphrase.ok_or_else(|| {
            Problem::internal("this backup is sealed; give its passphrase in VELDWERK_BACKUP_PASSPHRASE")
        })?;
        let (mut salt, mut nonce) = ([0; SALT], [0; NONCE]);
        input.read_exact(&mut salt).and_then(|()| input.read_exact(&mut nonce)).map_err(wrong)?;
        let seal = DecryptorBE32::new(&key(passphrase, &salt)?.into(), &nonce.into());
        let plain = io::Cursor::default();
        Ok(Self { input, seal: Some(seal), sealed: Vec::new(), plain, is_sealed: true })
    }

    /// Opens the next piece. One byte is read ahead: only the last piece has none after it.
    fn open_next(&mut self) -> io::Result<()> {
        let damaged =
            || io::Error::other("the passphrase is another one, or the file was changed or cut off");
        let Some(seal) = &mut self.seal else { return Ok(()) };
        let wanted = PIECE + TAG + 1 - self.sealed.len();
        self.input.by_ref().take(wanted as u64).read_to_end(&mut self.sealed)?;
        let plain = if self.sealed.len() > PIECE + TAG {
            let ahead = self.sealed.split_off(PIECE + TAG);
            let piece = std::mem::replace(&mut self.sealed, ahead);
            seal.decrypt_next(piece.as_slice())
        } else {
            let seal = self.seal.take().ok_or_else(damaged)?;
            seal.decrypt_last(std::mem::take(&mut self.sealed).as_slice())
        };
        self.plain = io::Cursor::new(plain.map_err(|_| damaged())?);
        Ok(())
    }
}

impl Read for Opener {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.plain.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match (self.is_sealed, &self.seal) {
                (false, _) => return self.input.read(buffer),
                (true, None) => return Ok(0),
                (true, Some(_)) => self.open_next()?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(content: &[u8], passphrase: Option<&Secret>) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sealer = Sealer::new(&mut out, passphrase).unwrap();
        sealer.write_all(content).unwrap();
        sealer.finish().unwrap();
        out
    }

    fn open(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Vec<u8>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut opener = Opener::open(file.path(), passphrase).map_err(|problem| format!("{problem:?}"))?;
        let mut plain = Vec::new();
        opener.read_to_end(&mut plain).map_err(|error| error.to_string())?;
        Ok(plain)
    }

    #[test]
    fn what_was_sealed_opens_with_its_passphrase_whatever_its_length() {
        let passphrase = Secret::new("a long passphrase".to_owned());
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE] {
            let content: Vec<u8> = (0..=255).cycle().take(length).collect();
            let sealed = seal(&content, Some(&passphrase));
            assert!(!sealed.windows(64).any(|part| content.windows(64).next() == Some(part)), "{length}");
            assert_eq!(open(&sealed, Some(&passphrase)).unwrap(), content, "{length}");
            assert_eq!(open(&seal(&content, None), None).unwrap(), content, "{length}");
        }
    }

    #[test]
    fn another_passphrase_none_a_changed_byte_and_a_missing_end_are_told() {
        let passphrase = Secret::new("a long passphrase".to_owned());
        let sealed = seal(&vec![7; 2 * PIECE], Some(&passphrase));
        assert!(open(&sealed, Some(&Secret::new("another".to_owned()))).is_err());
        assert!(open(&sealed, None).unwrap_err().contains("VELDWERK_BACKUP_PASSPHRASE"));
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(open(&changed, Some(&passphrase)).is_err());
        // Cut just between two pieces, where every piece that is left is whole.
        let whole = MARK.len() + SALT + NONCE + PIECE + TAG;
        assert!(open(sealed.get(..whole).unwrap(), Some(&passphrase)).is_err());
    }
}

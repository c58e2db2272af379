//! A text as a picture that a phone reads (ISO/IEC 18004), drawn as one path so that it stands in a page as it is.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

use crate::problem::{Outcome, Problem};

/// The empty edge that the standard asks for, in modules.
const EDGE: usize = 4;

/// The picture.
#[derive(Debug, Clone, Serialize)]
pub struct QrPicture {
    /// The length of its sides, in modules, the edge included.
    pub size: usize,
    /// The dark modules, as the data of an SVG path.
    pub path: String,
}

impl QrPicture {
    /// Draws a text.
    ///
    /// # Errors
    /// [`Problem::Internal`] for a text that is too long, of some 2,000 characters.
    pub fn of(text: &str) -> Outcome<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Problem::internal)?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, other| one == other) {
                if run.first() == Some(&Color::Dark) {
                    let length = run.len();
                    let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + EDGE, y + EDGE);
                }
                x += run.len();
            }
        }
        Ok(Self { size: width + 2 * EDGE, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_an_empty_edge_and_the_three_corners_that_a_reader_looks_for() {
        let picture =
            QrPicture::of("otpauth://totp/Veldwerk:a%40example%2Eorg?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let far = picture.size - EDGE - 7;
        for corner in [(EDGE, EDGE), (far, EDGE), (EDGE, far)] {
            let finder = format!("M{} {}h7v1h-7z", corner.0, corner.1);
            assert!(picture.path.contains(&finder), "{finder}");
        }
        assert!(!picture.path.contains("M0 ") && !picture.path.contains(" 0h"));
    }
}

//! A scene as PNG: drawn several times larger, averaged, encoded.

use plotters::prelude::BitMapBackend;

use super::paint::{Medium, paint};
use super::scene::Scene;
use super::{Canvas, ChartError};

/// The least dots per logical pixel in each direction: plotters places letters and strokes on whole dots.
const DOTS: u32 = 4;

/// Above this number of pixels the dots are coarser, or they would take half a gigabyte.
const LARGE: u32 = 4_000_000;

/// Logical pixels, 1/96 inch each, per metre: the unit of PNG.
const DOTS_PER_METRE: f64 = 96.0 / 0.0254;

pub(crate) fn png(scene: &Scene, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (canvas.width * canvas.scale, canvas.height * canvas.scale);
    let fine = DOTS.div_ceil(canvas.scale).max(2);
    let factor = if width * height <= LARGE { fine } else { 2 };
    let size = (width * factor, height * factor);
    let mut dots = vec![0; size.0 as usize * size.1 as usize * 3];
    paint(scene, BitMapBackend::with_buffer(&mut dots, size), Medium::Pixels, f64::from(canvas.scale * factor))?;
    let pixels = averaged(&dots, width as usize, factor as usize);
    encoded(&pixels, width, height, canvas.scale).map_err(|error| ChartError::Drawing(error.to_string()))
}

/// Pixels as the mean of `factor` times `factor` dots.
fn averaged(dots: &[u8], width: usize, factor: usize) -> Vec<u8> {
    let row = width * factor * 3;
    let mut pixels = Vec::with_capacity(dots.len() / (factor * factor));
    let mut sums = vec![0u32; width * 3];
    for rows in dots.chunks_exact(row * factor) {
        sums.fill(0);
        for line in rows.chunks_exact(row) {
            for (pixel, square) in sums.chunks_exact_mut(3).zip(line.chunks_exact(factor * 3)) {
                for dot in square.chunks_exact(3) {
                    pixel.iter_mut().zip(dot).for_each(|(sum, &channel)| *sum += u32::from(channel));
                }
            }
        }
        let count = (factor * factor) as u32;
        // A mean of bytes is a byte.
        pixels.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    pixels
}

fn encoded(pixels: &[u8], width: u32, height: u32, scale: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let density = (DOTS_PER_METRE * f64::from(scale)).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: density, yppu: density, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_average_squares_of_dots() {
        let (black, white) = ([0u8; 3], [255u8; 3]);
        let dots = [black, white, white, white, white, white, black, black].concat();
        // Two rows of four dots make one row of two pixels.
        assert_eq!(averaged(&dots, 2, 2), [191, 191, 191, 128, 128, 128]);
    }
}

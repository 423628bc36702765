//! The normal distribution, of one variable and of two.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// The distribution function of the standard normal, accurate in the tails too.
pub(super) fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The distribution function of a mixture of a standard normal and a share of one `factor` times as wide: heavier tails
/// (Tukey 1960).
pub(super) fn cdf_with_tails(x: f64, (share, factor): (f64, f64)) -> f64 {
    (1.0 - share) * cdf(x) + share * cdf(x / factor)
}

/// A probability with its normal score divided by a factor: a wider distribution about the same median.
pub(super) fn widened(p: f64, factor: f64) -> f64 {
    cdf(quantile(p) / factor)
}

/// The quantile of the standard normal; infinite at 0 and 1. Algorithm AS 241 (Wichura 1988), good to 16 digits.
pub(super) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(0.180_625 - q * q, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-tail.ln()).sqrt();
    let x = if r <= 5.0 { ratio(r - 1.6, &TAIL) } else { ratio(r - 5.0, &FAR_TAIL) };
    if q < 0.0 { -x } else { x }
}

/// The probability beyond `x`, which is not negative, over the density at `x`; by the continued fraction of Laplace where
/// both are too small to divide.
pub(super) fn mills_ratio(x: f64) -> f64 {
    if x < 10.0 {
        return cdf(-x) * (0.5 * x * x).exp() * TAU.sqrt();
    }
    1.0 / (1..12).rev().fold(x, |tail, k| x + f64::from(k) / tail)
}

/// A ratio of polynomials: the coefficients of numerator and denominator, from the constant on.
type Ratio = ([f64; 8], [f64; 8]);

fn ratio(x: f64, (above, below): &Ratio) -> f64 {
    let value = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    value(above) / value(below)
}

#[rustfmt::skip]
const CENTRE: Ratio = (
    [3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
     45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7],
    [1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
     21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_854],
);

#[rustfmt::skip]
const TAIL: Ratio = (
    [1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
     1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184, 7.745_450_142_783_414e-4],
    [1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
     0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9],
);

#[rustfmt::skip]
const FAR_TAIL: Ratio = (
    [6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
     0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7],
    [1.0, 0.599_832_206_555_888, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
     7.868_691_311_456_133e-4, 1.846_318_317_510_054_7e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15],
);

/// The probability that two standard normals of a correlation between -1 and 1 lie at or below `x` and `y`: the integral
/// over the correlation (Drezner and Wesolowsky 1990, with the substitution of Genz 2004).
pub(super) fn joint_cdf(x: f64, y: f64, correlation: f64) -> f64 {
    if x == f64::NEG_INFINITY || y == f64::NEG_INFINITY {
        return 0.0;
    }
    if x == f64::INFINITY || y == f64::INFINITY {
        return cdf(x.min(y));
    }
    let angle = correlation.clamp(-1.0, 1.0).asin();
    let at = |node: f64| {
        let angle = 0.5 * angle * (1.0 + node);
        (-(x * x + y * y - 2.0 * x * y * angle.sin()) / (2.0 * angle.cos().powi(2))).exp()
    };
    let integral: f64 = LEGENDRE.iter().map(|&(node, weight)| weight * (at(node) + at(-node))).sum();
    let joint = cdf(x) * cdf(y) + 0.5 * angle * integral / TAU;
    // The Fréchet bounds hold for every pair.
    joint.clamp((cdf(x) + cdf(y) - 1.0).max(0.0), cdf(x.min(y)))
}

/// Nodes above zero and weights of the Gauss-Legendre rule of order 20.
#[rustfmt::skip]
const LEGENDRE: [(f64, f64); 10] = [
    (0.076_526_521_133_497_33, 0.152_753_387_130_725_85), (0.227_785_851_141_645_08, 0.149_172_986_472_603_75),
    (0.373_706_088_715_419_56, 0.142_096_109_318_382_05), (0.510_867_001_950_827_1, 0.131_688_638_449_176_63),
    (0.636_053_680_726_515_1, 0.118_194_531_961_518_42), (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75), (0.912_234_428_251_326, 0.062_672_048_334_109_07),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94), (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_match_published_tables() {
        for (x, p) in [(0.0, 0.5), (1.959_963_984_540_054, 0.975), (-3.0, 0.001_349_898_031_630_095)] {
            assert!((cdf(x) - p).abs() < 1e-15, "{x}");
            assert!((quantile(p) - x).abs() < 1e-12, "{p}");
        }
        // Far out the relative error counts: Abramowitz and Stegun, table 26.2.
        assert!((cdf(-10.0) / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-12);
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn the_quantile_inverts_the_cdf() {
        for step in -370..=50 {
            let x = f64::from(step) / 10.0;
            assert!((quantile(cdf(x)) - x).abs() < 1e-9 * x.abs().max(1.0), "{x}");
        }
    }

    #[test]
    fn both_branches_of_mills_ratio_agree() {
        for x in [0.0, 1.0, 9.999_999, 10.0, 20.0] {
            let direct = cdf(-x) * (0.5 * x * x).exp() * TAU.sqrt();
            assert!((mills_ratio(x) / direct - 1.0).abs() < 1e-9, "{x}");
        }
        assert!((mills_ratio(1e6) * 1e6 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_joint_cdf_at_zero_matches_sheppard() {
        // Sheppard 1899: 1/4 + asin(r) / 2π.
        for correlation in [-0.9, -0.3, 0.0, 0.5, 0.8, 0.95] {
            let expected = 0.25 + f64::asin(correlation) / TAU;
            assert!((joint_cdf(0.0, 0.0, correlation) - expected).abs() < 1e-9, "{correlation}");
        }
    }

    #[test]
    fn the_joint_cdf_is_the_product_if_independent_and_the_minimum_if_bound() {
        assert!((joint_cdf(0.7, -0.4, 0.0) - cdf(0.7) * cdf(-0.4)).abs() < 1e-15);
        assert!((joint_cdf(0.7, -0.4, 0.999) - cdf(-0.4)).abs() < 1e-3);
        assert_eq!(joint_cdf(f64::INFINITY, -0.4, 0.5), cdf(-0.4));
        assert_eq!(joint_cdf(f64::NEG_INFINITY, 3.0, 0.5), 0.0);
    }
}

"""Makes the two compiled-in fonts from Debian's fonts-inter 4.0~beta7, version 3.019 (pip install fonttools)."""

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen

# Latin, Greek, Cyrillic, punctuation, arrows, comparison signs. Other characters are drawn as the font's box.
LETTERS = "U+0020-007E,U+00A0-024F,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E80-1EF9"
SIGNS = "U+2009-2027,U+202F-203A,U+20AC,U+2116,U+2122,U+2190-2199,U+2212,U+221E,U+2248,U+2260,U+2264-2265,U+25B2,U+25BC"


def set_line_height(font):
    """plotters takes the line height / 1.24 as the font size in SVG; with another line height, letters in PNG and SVG
    would differ in size."""
    font["hhea"].descent = font["hhea"].ascent - round(1.24 * font["head"].unitsPerEm)
    font["hhea"].lineGap = 0
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = font["hhea"].ascent, font["hhea"].descent, 0


def start_at_origin(font):
    """plotters 0.3.7 drops the left side bearing of a letter, which makes words uneven. An empty contour at the origin makes
    it part of the letter."""
    glyphs, top = font.getGlyphSet(), font["CFF "].cff.topDictIndex[0]
    for name in glyphs.keys():
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        if bounds.bounds is None or bounds.bounds[0] <= 0:
            continue
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        foot = bounds.bounds[1]
        pen.moveTo((0, foot))
        pen.lineTo((0, foot))
        pen.closePath()
        glyphs[name].draw(pen)
        top.CharStrings[name] = pen.getCharString(top.Private, top.GlobalSubrs)


for weight in ("Regular", "SemiBold"):
    options = subset.Options(notdef_outline=True, layout_features=[], hinting=False, desubroutinize=True)
    font = subset.load_font(f"/usr/share/fonts/opentype/inter/Inter-{weight}.otf", options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=subset.parse_unicodes(f"{LETTERS},{SIGNS}"))
    chosen.subset(font)
    set_line_height(font)
    start_at_origin(font)
    font["head"].modified, font.recalcTimestamp = font["head"].created, False
    subset.save_font(font, f"Inter-{weight}.otf", options)

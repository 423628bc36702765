#!/bin/sh
# Makes the pictures of the README again, with Chromium and poppler-utils. Run from the root of the source, after
# `cargo build --release`.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target/release/mailrunway -q demo --today 2026-11-23 "$work/demo" > /dev/null
page=$work/demo/report.html
cp "$work/demo/runway.png" data/pictures/runway.png

look() {
    chromium --headless --no-sandbox --hide-scrollbars --no-pdf-header-footer "$@" 2> /dev/null
}

# The hand-out of a meeting: A4 across.
look --print-to-pdf="$work/report.pdf" "file://$page"
pdftoppm -r 110 -png -singlefile "$work/report.pdf" data/pictures/report-paper
# A window may not be as narrow as a phone: two frames are, one of them dark.
cat > "$work/phones.html" << END
<body style="margin:0;display:flex;gap:16px;background:#c8ced6">
<iframe src="file://$page" style="width:360px;height:760px;border:0"></iframe>
<iframe src="file://$page" style="width:360px;height:760px;border:0;color-scheme:dark"></iframe>
</body>
END
look --window-size=736,760 --screenshot=data/pictures/report-phone.png "file://$work/phones.html"
look --window-size=1280,900 --screenshot=data/pictures/report-desk.png "file://$page"

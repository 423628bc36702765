#!/usr/bin/env python3
"""Makes the two archives beside it from public registries: data/archives/make.py. Needs Python's own library, the
network and a minute.

changelogs.csv.xz: days and sizes of the entries in ChangeLogs of Debian's source packages, similar to the mail of a
list to which every change is sent.
pypi.csv.xz: days and sizes of the files of packages on PyPI.

Registries change: a point release of Debian has other versions, and files on PyPI are deleted. So the results are
committed.
"""

import datetime
import io
import json
import lzma
import re
import tarfile
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
DEBIAN = "http://deb.debian.org/debian"
SUITE = "bookworm"
# Files uploaded to PyPI from this day on are left out.
END = datetime.date(2026, 11, 1)
FIRST, LAST = datetime.date(1985, 1, 1), datetime.date(2024, 1, 1)
# Stores with at least this number of days get one message a day.
MANY_DAYS = 400
LEAST_SIZE, LEAST_ENTRIES = 20_000, 30
DIGITS = 2
DOWNLOADS = 6

CHANGELOGS = """
    abiword auctex autoconf automake-1.16 binutils bird2 bison bmake brasero cdrkit cdw coin3 compiz coreutils
    corosync cssc cxxtools cynthiune.app cyrus-sasl2 dapl davical dejagnu distcc dovecot easytag emacs emerald eterm
    ffcall findutils fldigi flex freeciv freedink freetype ftgl gcl gdb gdbm gettext gf2x gimp glabels glibc gmap
    gnome-screensaver gnucash gnumeric gnupg2 goffice gpgme1.0 graphicsmagick grep groff grub2 gss
    gst-plugins-base1.0 gtk+2.0 gxemul htdig inkscape ircd-irc2 lame lcd4linux leafnode libcdio libcmis libdap
    libdvbpsi libe-book libetonyek libgpg-error libgpod libitpp libixion liborcus libqalculate libqb libsigrokdecode
    libstatgrab libthai libtool libwps libx11 libxfce4ui libxslt lomiri-ui-toolkit lyskom-server m4 maxima motif
    mpfr4 mutt neon27 nettle obs-studio octave openssh parted pekwm poppler qscintilla2 qt6-imageformats raptor2 rcs
    recutils riece rpm rrdtool sfftobmp shadow sip4 sisc strace system-config-printer system-tools-backends tar
    tcllib texinfo thunar tracker vala vte2.91 w3m wget xapian-core xfce4-appfinder xfce4-screenshooter
    xfce4-session xfwm4 xorg-server yaz
""".split()

PYPI = """
    aiohttp ansible apache-airflow aws-cdk-lib awscli azure-cli black bokeh boto3 boto3-stubs botocore cfn-lint
    checkov comet-ml coverage cryptography cython dagster dask dbt-core distributed django duckdb esphome faker
    fastapi gensim gevent google-api-python-client great-expectations greenlet grpcio grpcio-tools h5py
    homeassistant hypothesis ipython jaxlib jupyterlab kivy langchain litellm llvmlite localstack lxml matplotlib
    mercurial moto mypy mypy-boto3-ec2 nautobot notebook numba numpy onnx onnxruntime openai opencv-python pandas
    pillow playwright plotly polars prefect protobuf psutil psycopg2-binary pulumi pulumi-aws pyarrow pydantic
    pydantic-core pygame pymupdf pyobjc-core pytz pyyaml rapidfuzz ray regex reportlab ruff scikit-image
    scikit-learn scipy sentry sentry-sdk setuptools spacy sphinx sqlalchemy streamlit tensorflow torch torchvision
    tornado tox transformers uv virtualenv wagtail wandb wxpython youtube-dl yt-dlp zope.interface
""".split()

CHANGELOG = re.compile(r"change.?log|^changes|^history", re.IGNORECASE)
OTHER_FILE = re.compile(r"\.(gz|py|pl|c|h|html|xml|texi|po)$")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NUMBERS = re.compile(r"(?:Date:\s+)?(\d{4})(-?)(\d\d)\2(\d\d)(?:\s|$)")
WORDS = re.compile(
    r"(?:Date:\s+)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2})[ ,]+"
    r"(?:\d\d:\d\d(?::\d\d)?\s+)?(?:[A-Z+0-9-]+ )?(?P<year>\d{4})"
)


def main():
    with ThreadPoolExecutor(DOWNLOADS) as pool:
        write("pypi", zip(PYPI, pool.map(uploads, PYPI)))
        tarballs = tarballs_of_debian()
        write("changelogs", zip(CHANGELOGS, pool.map(lambda name: changes(tarballs[name]), CHANGELOGS)))


def fetched(address, accept="*/*"):
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=120) as answer:
        return answer.read()


def uploads(package):
    """The days and sizes of a package's files (PEP 700)."""
    listed = json.loads(fetched(f"https://pypi.org/simple/{package}/", "application/vnd.pypi.simple.v1+json"))
    days = ((datetime.date.fromisoformat(file["upload-time"][:10]), file["size"]) for file in listed["files"])
    return [(day, size) for day, size in days if size > 0 and day < END]


def tarballs_of_debian():
    """The addresses of the upstream tarballs of each source package."""
    text = lzma.decompress(fetched(f"{DEBIAN}/dists/{SUITE}/main/source/Sources.xz")).decode(errors="replace")
    found = {}
    for stanza in text.split("\n\n"):
        name, folder = (re.search(rf"^{field}: (\S+)", stanza, re.MULTILINE) for field in ("Package", "Directory"))
        files = re.findall(r"^ [0-9a-f]{64} \d+ (\S+\.orig(?:-\w+)?\.tar\.\w+)$", stanza, re.MULTILINE)
        if name:
            found[name[1]] = [f"{DEBIAN}/{folder[1]}/{file}" for file in files]
    return found


def changes(tarballs):
    """The days and lengths of all entries of all ChangeLogs."""
    found = set()
    for address in tarballs:
        with tarfile.open(fileobj=io.BytesIO(fetched(address))) as tarball:
            for member in tarball:
                name = Path(member.name).name
                is_changelog = CHANGELOG.search(name) and not OTHER_FILE.search(name)
                if is_changelog and member.isfile() and member.size > LEAST_SIZE:
                    of_file = entries(tarball.extractfile(member).read().decode(errors="replace"))
                    if len(of_file) > LEAST_ENTRIES:
                        # The same file in two folders counts once.
                        found |= {(day, length, index) for index, (day, length) in enumerate(of_file)}
    return [(day, length) for day, length, _ in found]


def entries(text):
    """The day and length of each entry, which starts with a line that starts with its day."""
    found = []
    for line in text.split("\n"):
        day = day_of(line)
        if day:
            found.append([day, 0])
        if found:
            found[-1][1] += len(line) + 1
    return [(day, length) for day, length in found if FIRST < day < LAST]


def day_of(line):
    try:
        if match := NUMBERS.match(line):
            return datetime.date(int(match[1]), int(match[3]), int(match[4]))
        if match := WORDS.match(line):
            return datetime.date(int(match["year"]), MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:
        pass
    return None


def write(archive, stores):
    lines = ["store,day,bytes"]
    for name, messages in stores:
        by_day = Counter()
        for day, size in messages:
            by_day[day] += size
        rows = by_day.items() if len(by_day) >= MANY_DAYS else messages
        lines += [f"{name},{day},{rounded(size)}" for day, size in sorted(rows)]
    text = "\n".join(lines) + "\n"
    (HERE / f"{archive}.csv.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{archive}: {len(lines) - 1} rows")


def rounded(size):
    """Rounded to `DIGITS` digits, which is precise enough and halves the file."""
    return int(float(f"{size:.{DIGITS - 1}e}"))


if __name__ == "__main__":
    main()

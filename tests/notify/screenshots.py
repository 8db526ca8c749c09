#!/usr/bin/env python3
"""How the mails look: every sample in headless Chromium, light and dark, as wide as a phone (375 px) and a desk (1200 px).

screenshots.py --driver build/dev/tests/notify/render_samples [--pictures FOLDER]

Fails where something is wider than its window, where text has too little contrast or is smaller than 16 px, where a document has no language
or a link no text, or where anything is fetched. Exits with 77, a skip, where there is no Chromium; with CI set that is a failure. One browser
start measures all mails of a colour scheme: they are frames of one page, because a headless window is never narrower than 500 px.
"""

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTHS = (375, 1200)
SCHEMES = {"dark": 0, "light": 1}  # Blink's numbers
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--disable-extensions",
]
#: what would be fetched, or run, when the mail is opened
FETCHED = re.compile(r"<(script|img|link|iframe|object|embed|video|audio|base|form)\b|\bsrc\s*=|\burl\s*\(|@import|\son\w+\s*=", re.IGNORECASE)

#: a mail with every fault: the checks must find each
FAULTY = """<!doctype html><html><head><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;background:#fff"><table><tr><td><p style="color:#aaa;font-size:12px">pale and small</p></td></tr></table>
<p style="width:1500px;color:#000">wide</p><a href="https://example.com/"></a></body></html>"""
FAULTS = ("wider than", "sticks out", "contrast", "smaller than", "no language", "link without text", "layout table")

MEASURE = r"""
function rgb(text) {
  const parts = text.match(/[\d.]+/g).map(Number);
  return {r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1};
}
function luminance(c) {
  const part = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
}
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
function background(view, element) {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgb(view.getComputedStyle(e).backgroundColor);
    if (colour.a > 0.99) return colour;
  }
  return {r: 255, g: 255, b: 255, a: 1};
}
function measure(frame) {
  const problems = new Set();
  const view = frame.contentWindow, page = frame.contentDocument, width = frame.clientWidth;
  const scroll = page.scrollingElement.scrollWidth;
  if (scroll > width) problems.add(`is ${scroll} px wide, wider than its window`);
  if (!page.documentElement.lang) problems.add('has no language');
  const dark = view.matchMedia('(prefers-color-scheme: dark)').matches;
  if (dark !== (frame.dataset.scheme === 'dark')) problems.add('is not shown in the colour scheme ' + frame.dataset.scheme);
  for (const e of page.body.querySelectorAll('*')) {
    const style = view.getComputedStyle(e);
    if (e.closest('[style*="display:none"]')) continue;
    const box = e.getBoundingClientRect();
    const what = e.tagName.toLowerCase() + ' "' + e.textContent.trim().slice(0, 40) + '"';
    if (box.right > width + 0.5 || box.left < -0.5) problems.add(`${what} sticks out (${Math.round(box.left)}…${Math.round(box.right)} px)`);
    if (style.display !== 'inline' && e.clientWidth && e.scrollWidth > e.clientWidth + 1) problems.add(`${what} holds more than fits: sticks out`);
    if (e.tagName === 'A' && !e.textContent.trim()) problems.add('has a link without text');
    if (e.tagName === 'TABLE' && !e.querySelector('th') && e.getAttribute('role') !== 'presentation') problems.add('has a layout table without its role');
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.replace(/\u00a0/g, ' ').trim());
    if (!text) continue;
    const size = parseFloat(style.fontSize);
    if (size < 16) problems.add(`${what} is ${size} px, smaller than 16`);
    const ratio = contrast(rgb(style.color), background(view, e));
    if (ratio < 4.5) problems.add(`${what} has a contrast of ${ratio.toFixed(2)}`);
  }
  return [...problems];
}
addEventListener('load', () => {
  const report = {};
  for (const frame of document.querySelectorAll('iframe')) report[frame.title] = measure(frame);
  document.body.innerHTML = '';
  const result = document.createElement('pre');
  result.id = 'report';
  result.textContent = JSON.stringify(report);
  document.body.append(result);
});
"""


def chromium():
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def frames(mails: dict, widths, scheme: str, height: int) -> str:
    return "".join(
        f'<iframe title="{name} at {width} px, {scheme}" data-scheme="{scheme}" srcdoc="{html.escape(text)}"'
        f' style="width:{width}px;height:{height}px;border:0;display:inline-block;vertical-align:top;margin:0 8px 8px 0;color-scheme:{scheme}"></iframe>'
        for name, text in mails.items() for width in widths
    )


def browse(browser: str, folder: Path, page: str, scheme: str, *flags: str) -> str:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}", f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", *flags, file.as_uri()],
            capture_output=True, text=True, timeout=120, check=False,
        )
    if done.returncode != 0:
        raise SystemExit(f"chromium ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def wrapped_page(body: str, scheme: str, script: str = "") -> str:
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><style>:root{{color-scheme:{scheme}}}body{{margin:0;white-space:nowrap}}'
            f"</style><script>{script}</script></head><body>{body}</body></html>")


def measured(browser: str, folder: Path, mails: dict, scheme: str) -> dict:
    page = wrapped_page(frames(mails, WIDTHS, scheme, 600), scheme, MEASURE)
    printed = browse(browser, folder, page, scheme, "--virtual-time-budget=20000", "--dump-dom")
    found = re.search(r'<pre id="report">(.*?)</pre>', printed, re.DOTALL)
    if not found:
        raise SystemExit(f"chromium printed no measurements: {printed[-500:]}")
    return json.loads(html.unescape(found.group(1)))


def take_pictures(browser: str, folder: Path, mails: dict, pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        for name, text in mails.items():
            for width in WIDTHS:
                height = 1700 if width < 500 else 1300
                page = wrapped_page(frames({name: text}, (width,), scheme, height), scheme)
                browse(browser, folder, page, scheme, f"--window-size={max(width, 500)},{height}", f"--screenshot={pictures / f'{name}-{width}-{scheme}.png'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--pictures", type=Path, help="also write a picture of each mail to this folder")
    parser.add_argument("--only", default="", help="only mails whose names hold this")
    options = parser.parse_args()
    browser = chromium()
    if browser is None:
        print("mail layout: no chromium, so nothing was looked at")
        return 1 if os.environ.get("CI") else 77
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([options.driver, str(folder)], check=True)
        mails = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")) if options.only in path.stem}
        problems = [f"{name}: fetches or runs something: {found.group(0)}" for name, text in mails.items() if (found := FETCHED.search(text))]
        for scheme in SCHEMES:
            report = measured(browser, folder, {**mails, "faulty": FAULTY}, scheme)
            for title, found in report.items():
                if not title.startswith("faulty "):
                    problems += [f"{title}: {problem}" for problem in found]
            faults = " ".join(problem for title, found in report.items() if title.startswith("faulty ") for problem in found)
            problems += [f"the check itself does not see: {fault}" for fault in FAULTS if fault not in faults]
            if len(report) != (len(mails) + 1) * len(WIDTHS):
                problems.append(f"only {len(report)} frames were measured")
        if options.pictures:
            take_pictures(browser, folder, mails, options.pictures.absolute())
    print("\n".join(problems))
    print(f"mail layout: {len(mails)} mails, {len(WIDTHS)} widths, {len(SCHEMES)} schemes, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

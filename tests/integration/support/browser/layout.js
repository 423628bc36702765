// Defects in the layout of this page, as a list of sentences.
(() => {
  const findings = [];
  const root = document.documentElement;
  // Differences up to this many pixels are due to rounding.
  const SLACK = 1.5;
  // The smallest readable letters, in CSS pixels (5 points on paper).
  const SMALLEST = 7;

  const short = text => JSON.stringify(text.trim().replace(/\s+/g, ' ').slice(0, 60));
  const isSeen = element =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const place = element => element.tagName.toLowerCase() + (element.className && typeof element.className === 'string'
    ? '.' + element.className.trim().replace(/\s+/g, '.') : '') + ' ' + short(element.textContent);

  if (root.scrollWidth > root.clientWidth) {
    findings.push(`the page scrolls sideways: ${root.scrollWidth} pixels in ${root.clientWidth}`);
  }

  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    if (element.namespaceURI.endsWith('svg') || style.display === 'inline' || !isSeen(element)) continue;
    const over = element.scrollWidth - element.clientWidth;
    if (element.clientWidth === 0 || over <= SLACK) continue;
    const how = { visible: 'overflows', hidden: 'is cut', clip: 'is cut' }[style.overflowX] ?? 'scrolls sideways';
    findings.push(`${how} by ${over} pixels: ${place(element)}`);
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('style, script, title, desc, noscript') || !isSeen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 0 && box.height > 0) texts.push({ node, parent, box });
    }
  }
  if (texts.length === 0) findings.push('there is no text');

  // The box of a line is higher than its letters: the upper and the lower sixth are empty.
  const letters = ({ left, right, top, bottom, height }) =>
    ({ left: left + SLACK, right: right - SLACK, top: top + height / 6, bottom: bottom - height / 6 });
  texts.forEach(one => { one.letters = letters(one.box); });
  texts.sort((a, b) => a.letters.top - b.letters.top);
  texts.forEach((one, at) => {
    for (let next = at + 1; next < texts.length && texts[next].letters.top < one.letters.bottom; next++) {
      const other = texts[next];
      const isBeside = one.letters.right <= other.letters.left || other.letters.right <= one.letters.left;
      if (one.node !== other.node && !isBeside) {
        findings.push(`overlap: ${short(one.node.data)} and ${short(other.node.data)}`);
      }
    }
  });

  // Text outside of a scrolling element is reported for that element instead.
  const scrolls = element => element && element !== document.body
    && (element.scrollWidth - element.clientWidth > SLACK && getComputedStyle(element).overflowX !== 'visible'
      || scrolls(element.parentElement));
  for (const { node, parent, box } of texts) {
    const isOut = box.left < -SLACK || box.right > root.clientWidth + SLACK;
    if (isOut && !scrolls(parent)) {
      findings.push(`runs out of the page (${Math.round(box.left)} to ${Math.round(box.right)}): ${short(node.data)}`);
    }
    const svg = parent.ownerSVGElement;
    const drawing = svg?.getBoundingClientRect();
    if (drawing && (box.left < drawing.left - SLACK || box.right > drawing.right + SLACK
        || box.top < drawing.top - SLACK || box.bottom > drawing.bottom + SLACK)) {
      findings.push(`runs out of its drawing: ${short(node.data)}`);
    }
    const scale = svg ? Math.hypot(parent.getScreenCTM().a, parent.getScreenCTM().b) : 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < SMALLEST) findings.push(`letters of ${size.toFixed(1)} pixels: ${short(node.data)}`);
  }

  for (const image of document.images) {
    if (isSeen(image) && !(image.complete && image.naturalWidth > 0)) findings.push(`a picture is missing: ${image.src}`);
  }

  // The contrast of text and background (WCAG 2.1, 1.4.3).
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colour = text => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
    // A page without a background colour is white, or black if its colour scheme is dark.
    const isDark = getComputedStyle(root).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reverse().reduce((below, layer) => over(layer, below), colour(isDark ? '#121212' : '#fff'));
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  for (const parent of new Set(texts.map(text => text.parent))) {
    if (parent.namespaceURI.endsWith('svg')) continue;
    const below = ground(parent);
    const [a, b] = [light(over(colour(getComputedStyle(parent).color), below)), light(below)].sort((a, b) => b - a);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) findings.push(`a contrast of ${contrast.toFixed(1)}: ${place(parent)}`);
  }
  return [...new Set(findings)];
})()

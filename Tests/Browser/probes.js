// What the checks ask of the page, computed in the page.
window.probes = (() => {
  const visible = node => {
    if (node.closest('.unseen, .skip, title, desc, option, noscript, [hidden]')) return false;
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    return style.visibility !== 'hidden' && style.display !== 'none' && box.width > 0 && box.height > 0;
  };

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const list = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && visible(node.parentElement)) list.push(node);
    }
    return list;
  };

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  canvas.canvas.width = canvas.canvas.height = 1;
  const colour = text => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = '#0000';
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const opacity = node => {
    let all = 1;
    for (let n = node; n instanceof Element; n = n.parentElement) all *= Number(getComputedStyle(n).opacity);
    return all;
  };
  const luminance = ([r, g, b]) => {
    const part = v => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };

  /** What lies under a text: every element at its middle from the bottom up, painted over one another. */
  const ground = (node, x, y) => {
    let paint = [255, 255, 255, 1];
    const stack = document.elementsFromPoint(x, y);
    const at = stack.indexOf(node);
    for (const under of stack.slice(at < 0 ? 0 : at).reverse()) {
      const style = getComputedStyle(under);
      const isShape = under instanceof SVGElement && !(under instanceof SVGSVGElement) && !(under instanceof SVGTextElement);
      const fill = isShape ? style.fill : style.backgroundColor;
      if (fill === 'none') continue;
      const c = colour(fill);
      c[3] *= opacity(under) * (isShape ? Number(style.fillOpacity) : 1);
      paint = over(c, paint);
    }
    return paint;
  };

  return {
    /** Texts whose contrast is below 4.5 : 1. Texts of disabled controls are exempt (WCAG 1.4.3). */
    contrast() {
      const poor = [];
      let count = 0;
      for (const node of texts()) {
        const parent = node.parentElement;
        if (parent.closest(':disabled')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = [...range.getClientRects()].find(r => r.width > 0) ?? parent.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
        const stack = document.elementsFromPoint(x, y);
        if (!stack.some(e => e === parent || parent.contains(e) || e.contains(parent))) continue;
        const style = getComputedStyle(parent);
        const under = ground(parent, x, y);
        const ink = colour(parent instanceof SVGElement ? style.fill : style.color);
        ink[3] *= opacity(parent);
        const [a, b] = [luminance(over(ink, under)), luminance(under)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        count += 1;
        if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} "${node.data.trim().slice(0, 40)}" .${parent.getAttribute('class') ?? parent.tagName}`);
      }
      return { count, poor };
    },

    /** Texts that reach out of the page or of a box that cuts them. */
    cut() {
      const bad = [];
      for (const node of texts()) {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const r of range.getClientRects()) {
          if (r.width === 0) continue;
          if (r.left < -0.5 || r.right > document.documentElement.clientWidth + 0.5) {
            if (node.parentElement.closest('.scroll, pre')) continue;
            bad.push(`off the page: "${node.data.trim().slice(0, 40)}"`);
          }
          for (let e = node.parentElement; e && e !== document.body; e = e.parentElement) {
            if (e.matches('.scroll, pre')) break;
            const style = getComputedStyle(e);
            const clips = style.overflowX !== 'visible' || e.tagName === 'BUTTON' || (e.tagName === 'svg');
            const box = e.getBoundingClientRect();
            if (clips && style.display !== 'inline' && (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 4 || r.bottom > box.bottom + 4)) {
              bad.push(`cut by ${e.tagName}.${e.getAttribute('class')}: "${node.data.trim().slice(0, 40)}"`);
              break;
            }
          }
        }
      }
      for (const box of document.querySelectorAll('.picture .box')) {
        const b = box.getBoundingClientRect();
        for (const text of box.parentNode.querySelectorAll('text')) {
          const r = text.getBoundingClientRect();
          if (r.width && (r.left < b.left - 1 || r.right > b.right + 1)) bad.push(`wider than its box: "${text.textContent}"`);
        }
      }
      for (const select of document.querySelectorAll('select')) {
        if (visible(select) && select.scrollWidth > select.clientWidth + 1) bad.push(`select cut: ${select.id}`);
      }
      return [...new Set(bad)];
    },

    /** Tops and sides of neighbouring texts that lie on one another. */
    overlaps() {
      const boxes = texts().filter(n => !n.parentElement.closest('.scroll, pre, .views, dialog')).map(n => {
        const range = document.createRange();
        range.selectNodeContents(n);
        return { n, r: range.getBoundingClientRect() };
      });
      const bad = [];
      for (let a = 0; a < boxes.length; a += 1) {
        for (let b = a + 1; b < boxes.length; b += 1) {
          const [p, q] = [boxes[a].r, boxes[b].r];
          const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          if (w > 3 && h > 5) bad.push(`"${boxes[a].n.data.trim().slice(0, 30)}" and "${boxes[b].n.data.trim().slice(0, 30)}"`);
        }
      }
      return bad;
    },

    /** What the keyboard should reach, in the order of the page. */
    focusable() {
      return [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')]
        .filter(e => !e.disabled && (visible(e) || e.matches('.skip')) && !e.closest('details:not([open]) > :not(summary)')).length;
    },

    lines: () => texts().map(n => n.data.trim()),

    words: () => document.body.innerText + [...document.querySelectorAll('[aria-label], [aria-valuetext], title, desc')]
      .map(e => ` ${e.getAttribute('aria-label') ?? ''} ${e.getAttribute('aria-valuetext') ?? ''} ${e.tagName === 'title' || e.tagName === 'desc' ? e.textContent : ''}`).join(''),
  };
})()

// What this browser remembers. Storage may be forbidden: then it remembers nothing, and works.

export function recall(key) {
  try { return localStorage.getItem(`skerry.${key}`); } catch { return null; }
}

/** Null forgets. */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(`skerry.${key}`);
    else localStorage.setItem(`skerry.${key}`, value);
  } catch { /* it holds until the page is closed */ }
}

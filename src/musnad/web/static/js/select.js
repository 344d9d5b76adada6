// A selection on the page as a range of the source. Pages count in UTF-16 units, the record in code points: a letter beyond the basic plane is two of the
// first and one of the second.

/** Code points in the first `units` UTF-16 units of a text; a place within a pair counts as before it. */
export function codePoints(text, units = text.length) {
  let n = 0;
  for (let i = 0; i < units; n++) i += text.codePointAt(i) > 0xffff ? (i + 2 > units ? units : 2) : 1;
  const cut = units > 0 && units < text.length && isHigh(text.charCodeAt(units - 1)) && isLow(text.charCodeAt(units));
  return cut ? n - 1 : n;
}

const isHigh = (c) => c >= 0xd800 && c < 0xdc00;
const isLow = (c) => c >= 0xdc00 && c < 0xe000;

/** Where in the source a place of the page is: `node` and `offset` as in a Range, within `root`; the nearest piece forward (or backward) counts where
 *  the place lies between pieces. Null where there is none. */
export function placeOf(root, node, offset, forward = true) {
  const piece = (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-start]");
  if (piece && root.contains(piece)) {
    const before = document.createRange();
    before.selectNodeContents(piece);
    before.setEnd(node, offset);
    return Number(piece.dataset.start) + codePoints(before.toString());
  }
  const here = document.createRange();
  here.setStart(node, offset);
  here.collapse(true);
  const pieces = [...root.querySelectorAll("[data-start]")];
  if (forward) {
    const next = pieces.find((p) => here.comparePoint(p, 0) >= 0);
    return next ? Number(next.dataset.start) : null;
  }
  const last = pieces.findLast((p) => here.comparePoint(p, p.childNodes.length) <= 0);
  return last ? Number(last.dataset.start) + codePoints(last.textContent) : null;
}

/** What is selected within `root` as {start, end, text}, blanks at its ends left out; null where nothing is. The text is the page's, for showing. */
export function selected(root, selection = getSelection()) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  const text = range.toString();
  let start = placeOf(root, range.startContainer, range.startOffset, true);
  let end = placeOf(root, range.endContainer, range.endOffset, false);
  if (start == null || end == null) return null;
  start += codePoints(text) - codePoints(text.trimStart());
  end -= codePoints(text) - codePoints(text.trimEnd());
  return start < end ? { start, end, text: text.trim() } : null;
}

// What stands beside the pointer, or what has the focus: values with their units.

import { el } from './dom.js';

const box = document.getElementById('tip');
let shownFor = null;

export function show(anchor, title, lines) {
  box.replaceChildren(el('b', {}, title), ...lines.map(line => el('span', { class: 'line' },
    el('i', { class: line.swatch ?? 'none' }), el('span', { class: 'what' }, line.what), el('span', { class: 'value' }, line.value), el('span', { class: 'dim' }, line.more ?? ''))));
  box.hidden = false;
  shownFor = anchor;
  anchor.setAttribute('aria-describedby', 'tip');
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + 6;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  box.style.top = `${below + size.height < innerHeight ? below : Math.max(8, at.top - size.height - 6)}px`;
}

export function hide() {
  if (!shownFor) return;
  shownFor.removeAttribute('aria-describedby');
  shownFor = null;
  box.hidden = true;
}

export function shown() {
  return shownFor;
}

addEventListener('scroll', hide, { passive: true });
addEventListener('keydown', event => { if (event.key === 'Escape') hide(); });

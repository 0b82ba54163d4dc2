// What is known of one stall or event, and the list of the newest.

import { el, setText, svg, who } from './dom.js';
import { clock, duration, error, middle, percent } from './format.js';
import { byHost } from './lanes.js';

const NEWEST = 12;

export class Details {
  #aside = document.getElementById('details');
  #body = document.getElementById('events').tBodies[0];
  #timeline;

  follow(timeline) {
    this.#timeline = timeline;
  }

  show(event) {
    this.#aside.hidden = event === null;
    if (event === null) {
      this.#aside.replaceChildren();
      return this.#mark(null);
    }
    const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close details' }, '\u00d7');
    close.addEventListener('click', () => this.#timeline.select(null));
    this.#aside.replaceChildren(
      el('h3', {}, event.name, el('span', { class: 'dim' }, ' of '), el('span', { class: 'name' }, event.of.name), ' ', el('span', { class: 'kind' }, event.of.kind)),
      close, ...stallOf(event), factsOf(event));
    this.#mark(event.number);
  }

  list() {
    const newest = this.#timeline.newest(NEWEST);
    this.#body.replaceChildren(...newest.map(event => this.#row(event)));
    if (newest.length === 0) this.#body.append(el('tr', {}, el('td', { colspan: 5, class: 'dim' }, 'Nothing has been told of within the last hour.')));
    this.#mark(this.#timeline.selected);
  }

  #row(event) {
    const button = el('button', { type: 'button', class: 'link' }, event.name);
    button.addEventListener('click', () => this.#timeline.select(event.number));
    return el('tr', { 'data-number': event.number },
      el('td', {}, clock(middle(event.begin))),
      el('td', {}, el('i', { class: swatchOf(event) }), button),
      el('td', {}, who(el('span', { class: 'name', title: event.of.name }, event.of.name), el('span', { class: 'kind' }, event.of.kind))),
      el('td', { class: 'number' }, event.end ? duration(event.stall?.length ?? middle(event.end) - middle(event.begin)) : ''),
      el('td', {}, event.stall?.verdict ?? event.problem ?? ''));
  }

  #mark(number) {
    for (const row of this.#body.rows) row.classList.toggle('selected', row.dataset.number === String(number));
  }
}

function swatchOf(event) {
  return event.stall ? `k-${event.name.replace('stall.', '')}` : event.end ? 'k-span' : 'k-moment';
}

function stallOf({ stall }) {
  if (!stall) return [];
  const parts = [el('p', { class: 'verdict' }, el('b', {}, duration(stall.length)), ' ', el('span', { class: 'word' }, stall.verdict), ' ', el('span', { class: 'dim' }, stall.evidence))];
  if (stall.culprits.length > 0)
    parts.push(el('h4', {}, 'Who ran meanwhile'), el('table', { class: 'culprits' }, el('tbody', {}, ...stall.culprits.map(culpritRow))));
  return parts;
}

function culpritRow(culprit) {
  const meter = svg('svg', { class: 'share', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, svg('rect', { width: (culprit.share * 100).toFixed(1), height: 8 }));
  return el('tr', {}, el('th', { scope: 'row' }, el('span', { class: 'name' }, culprit.name)), el('td', { class: 'kind' }, culprit.kind), el('td', {}, meter), el('td', { class: 'number' }, percent(culprit.share)));
}

function moment(event, interval) {
  const known = error(byHost(event, interval));
  return `${clock(middle(interval))}${known > 0 ? ` \u00b1${duration(known)}` : ''} by this host\u2019s clock; \u00b1${duration(error(interval))} of UTC`;
}

function factsOf(event) {
  const facts = [['began', moment(event, event.begin)]];
  if (event.end) facts.push(['ended', moment(event, event.end)]);
  if (event.late) facts.push(['late', 'something later was told before it']);
  if (event.problem) facts.push(['problem', event.problem]);
  if (event.stall) facts.push(['thread', `${event.stall.thread}, thread ${event.stall.tid} of process ${event.stall.pid}, then on CPU ${event.stall.cpu}`]);
  facts.push(['told by', event.source]);
  if (event.trace) facts.push(['trace', event.trace]);
  for (let i = 0; i < event.details.length; i += 2) facts.push([event.details[i], event.details[i + 1]]);
  const list = el('dl', {});
  for (const [name, value] of facts) {
    const text = el('dd', {});
    setText(text, value);
    list.append(el('dt', {}, name), text);
  }
  return list;
}

// Where the time of each workload goes: a row each, with a bar of the last interval and a trend of the last minutes.

import { el, svg, setText, setAttributes, who } from './dom.js';
import { threads, percent, duration, NOT_KNOWN } from './format.js';
import * as tip from './tip.js';

const THREADS = ['running', 'irq', 'steal', 'waiting', 'throttled', 'blocked', 'sleeping'];
const VCPUS = ['vcpu_guest', 'vcpu_exit', 'vcpu_halt_poll', 'vcpu_userspace', 'vcpu_waiting', 'vcpu_throttled', 'vcpu_blocked'];
const SUFFERING = ['waiting', 'throttled', 'blocked'];
const COLUMNS = ['running', 'waiting', 'throttled', 'blocked', 'sleeping'];
const HEADINGS = { sleeping: 'asleep' };
const WORDS = { irq: 'interrupts', steal: 'stolen', sleeping: 'asleep' };

const TREND = 5 * 60 * 1000; // ms that a trend shows
const STEADY = 10 * 1000; // ms whose mean decides the order: rows that change places all the time cannot be read
const TREND_WIDTH = 150;
const TREND_HEIGHT = 20;
const TREND_LEAST = 0.5; // threads that are the whole height at least: noise stays flat

export class Ledger {
  #table = document.getElementById('ledger');
  #body = this.#table.tBodies[0];
  #rows = new Map(); // by key
  #order = 'suffering';
  #isUp = false;
  #withSleep = false;
  #filter = '';
  #now = 0;

  constructor(onFilter) {
    this.#makeControls(onFilter);
    this.#makeHead();
    this.#body.replaceChildren();
    this.#body.addEventListener('focusin', event => this.#describe(event.target.closest('tr')));
    this.#body.addEventListener('focusout', () => tip.hide());
    this.#body.addEventListener('pointerover', event => this.#describe(event.target.closest('tr')));
    this.#table.addEventListener('pointerleave', () => tip.hide());
    this.#body.addEventListener('keydown', event => this.#move(event));
  }

  reset() {
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  update(answer) {
    this.#now = answer.now;
    for (const interval of answer.history) this.#takeHistory(interval, answer);
    this.#takeLatest(answer.latest, answer);
    setText(document.getElementById('span'), answer.latest.end === 0 ? '' : answer.latest.begin === undefined
      ? 'mean number of threads since each workload\u2019s beginning, or the agent\u2019s'
      : `mean number of threads over the last ${duration(answer.latest.end - answer.latest.begin)}`);
    this.#render();
  }

  #makeControls(onFilter) {
    const filter = el('input', { type: 'search', id: 'filter', placeholder: 'Filter workloads', 'aria-label': 'Filter workloads', autocomplete: 'off', spellcheck: 'false' });
    filter.addEventListener('input', () => {
      this.#filter = filter.value.trim().toLowerCase();
      this.#render();
      onFilter(this.#filter);
    });
    const sleep = el('input', { type: 'checkbox', id: 'with-sleep' });
    sleep.addEventListener('change', () => {
      this.#withSleep = sleep.checked;
      this.#render();
    });
    const controls = document.getElementById('ledger-controls');
    controls.replaceChildren(filter, el('label', {}, sleep, ' with sleep'));
    controls.hidden = false;
  }

  #makeHead() {
    const head = (key, text, attributes) => {
      const button = el('button', { type: 'button' }, text);
      button.addEventListener('click', () => this.#sortBy(key));
      return el('th', { scope: 'col', 'data-key': key, ...attributes }, button);
    };
    this.#table.tHead.rows[0].replaceChildren(
      head('name', 'Workload', {}),
      head('suffering', 'Suffering', { class: 'bar' }),
      ...COLUMNS.map(each => head(each, HEADINGS[each] ?? each, { class: 'number' })),
      el('th', { scope: 'col', class: 'trend' }, 'last 5 min'));
    this.#markOrder();
  }

  #sortBy(key) {
    this.#isUp = this.#order === key ? !this.#isUp : key === 'name';
    this.#order = key;
    this.#markOrder();
    this.#render(true);
  }

  #markOrder() {
    for (const cell of this.#table.tHead.rows[0].cells)
      if (cell.dataset.key) setAttributes(cell, { 'aria-sort': cell.dataset.key === this.#order ? (this.#isUp ? 'ascending' : 'descending') : null });
  }

  #takeHistory(interval, answer) {
    for (const row of interval.rows) {
      const known = this.#rowOf(row, interval, answer);
      const rates = ratesOf(row, answer.states);
      known.trend.push({ at: interval.end, length: interval.end - (interval.begin ?? interval.end), waiting: rates.waiting ?? 0, throttled: rates.throttled ?? 0, blocked: rates.blocked ?? 0 });
    }
  }

  #takeLatest(interval, answer) {
    const seen = new Set();
    for (const row of interval.rows) {
      const known = this.#rowOf(row, interval, answer);
      known.rates = ratesOf(row, answer.states);
      seen.add(known.key);
    }
    for (const known of this.#rows.values()) {
      while (known.trend.length > 0 && known.trend[0].at < this.#now - TREND) known.trend.shift();
      known.isThere = seen.has(known.key);
      if (!known.isThere && (known.trend.length === 0 || !known.rates)) this.#rows.delete(known.key);
    }
  }

  #rowOf(row, interval, answer) {
    const name = row[0] < 0 ? { key: '', kind: '', name: 'others' } : answer.workloads[row[0]];
    let known = this.#rows.get(name.key);
    if (!known) this.#rows.set(name.key, known = { key: name.key, trend: [], rates: null, isThere: true, parts: null });
    known.kind = name.kind;
    known.name = row[0] < 0 ? `${interval.others} others` : name.name;
    return known;
  }

  #render(evenIfWatched = false) {
    const shown = [...this.#rows.values()].filter(each => each.isThere && each.rates && this.#matches(each));
    shown.sort((one, other) => this.#compare(one, other));
    const nodes = shown.map(each => this.#draw(each));
    this.#arrange(nodes, evenIfWatched);
    if (tip.shown() && this.#body.contains(tip.shown())) this.#describe(tip.shown());
  }

  // What somebody points at, or has the focus in, does not move away under their hands.
  #arrange(nodes, evenIfWatched) {
    const isWatched = !evenIfWatched && (this.#body.matches(':hover') || this.#body.contains(document.activeElement));
    const wanted = new Set(nodes);
    for (const node of [...this.#body.children]) if (!wanted.has(node)) node.remove();
    if (nodes.length === 0)
      this.#body.replaceChildren(el('tr', {}, el('td', { colspan: 8, class: 'dim' }, this.#filter ? 'No workload matches.' : 'No workload has an account.')));
    else if (isWatched) for (const node of nodes) { if (!node.isConnected) this.#body.append(node); }
    else nodes.forEach((node, i) => { if (this.#body.children[i] !== node) this.#body.insertBefore(node, this.#body.children[i] ?? null); });
    const rows = [...this.#body.rows];
    if (!rows.some(each => each.tabIndex === 0) && rows.length > 0) rows[0].tabIndex = 0;
  }

  #matches(row) {
    return row.key === '' ? this.#filter === '' : `${row.name} ${row.kind}`.toLowerCase().includes(this.#filter);
  }

  #compare(one, other) {
    if (one.key === '' || other.key === '') return one.key === '' ? 1 : -1; // all others stand at the end
    const sign = this.#isUp ? 1 : -1;
    const order = this.#order === 'name' ? one.name.localeCompare(other.name) : this.#valueOf(one) - this.#valueOf(other);
    return sign * order || (other.rates.running ?? 0) - (one.rates.running ?? 0) || one.name.localeCompare(other.name) || (one.key < other.key ? -1 : 1);
  }

  #valueOf(row) {
    if (this.#order !== 'suffering') return row.rates[this.#order] ?? -1;
    const last = row.trend.filter(each => each.at >= this.#now - STEADY);
    const mean = last.length > 0 ? last.reduce((sum, each) => sum + each.waiting + each.throttled + each.blocked, 0) / last.length : suffering(row.rates);
    return Math.round(mean * 100);
  }

  #draw(row) {
    row.parts ??= makeRow(row);
    const { node, name, kind, bar, vcpus, cells, trend } = row.parts;
    setText(name, row.name);
    setAttributes(name, { title: row.name });
    setText(kind, row.kind);
    drawBar(bar, row.rates, this.#withSleep ? THREADS : THREADS.slice(0, -1), '');
    const isVm = row.rates.vcpu_guest !== undefined;
    vcpus.toggleAttribute('hidden', !isVm);
    if (isVm) drawBar(vcpus, row.rates, VCPUS, 'vcpu_');
    COLUMNS.forEach((state, i) => {
      setText(cells[i], threads(row.rates[state]));
      cells[i].className = `number ${row.rates[state] === null ? 'unknown' : row.rates[state] >= 0.005 ? '' : 'nothing'}`;
    });
    drawTrend(trend, row.trend, this.#now);
    return node;
  }

  #describe(node) {
    const row = node && [...this.#rows.values()].find(each => each.parts?.node === node);
    if (!row) return tip.hide();
    const lines = [];
    const total = sum(row.rates, THREADS);
    for (const state of THREADS) {
      const value = row.rates[state];
      lines.push({ swatch: `s-${state}`, what: WORDS[state] ?? state, value: value === null || value === undefined ? 'not known on this kernel' : `${value.toFixed(3)} ${state === 'running' ? 'CPUs' : 'threads'}`, more: total > 0 && value ? percent(value / total) : '' });
    }
    if (row.rates.vcpu_guest !== undefined)
      for (const state of VCPUS)
        lines.push({ swatch: `s-${state}`, what: state.replace('_', ' ').replace('_', ' '), value: `${(row.rates[state] ?? 0).toFixed(3)} vCPUs` });
    tip.show(node, row.name, lines);
  }

  #move(event) {
    const row = event.target.closest('tr');
    const next = event.key === 'ArrowDown' ? row?.nextElementSibling : event.key === 'ArrowUp' ? row?.previousElementSibling : null;
    if (!next) return;
    event.preventDefault();
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

function ratesOf(row, states) {
  const rates = {};
  for (let i = 1; i < row.length; i++) rates[states[i - 1]] = row[i];
  return rates;
}

function suffering(rates) {
  return sum(rates, SUFFERING);
}

function sum(rates, states) {
  return states.reduce((all, state) => all + (rates[state] ?? 0), 0);
}

function makeRow(row) {
  const name = el('span', { class: 'name' });
  const kind = el('span', { class: 'kind' });
  const bar = svg('svg', { viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const vcpus = svg('svg', { viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'thin', hidden: '' });
  const trend = svg('svg', { viewBox: `0 0 ${TREND_WIDTH} ${TREND_HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ...SUFFERING.map(each => svg('path', { class: `s-${each}` })));
  const cells = COLUMNS.map(() => el('td', { class: 'number' }, NOT_KNOWN));
  const node = el('tr', { tabindex: -1, 'data-key': row.key }, el('th', { scope: 'row' }, who(name, kind)), el('td', { class: 'bar' }, bar, vcpus), ...cells, el('td', { class: 'trend' }, trend));
  return { node, name, kind, bar, vcpus, cells, trend };
}

function drawBar(bar, rates, states, prefix) {
  const total = sum(rates, states);
  let at = 0;
  states.forEach((state, i) => {
    const rect = bar.children[i] ?? bar.appendChild(svg('rect', { class: `s-${prefix ? state : state}`, height: 10 }));
    const width = total > 0 ? (rates[state] ?? 0) / total * 1000 : 0;
    setAttributes(rect, { x: at.toFixed(1), width: width.toFixed(1) });
    at += width;
  });
  while (bar.children.length > states.length) bar.lastChild.remove();
}

// Stacked, each point as wide as its interval: where nobody looked there is a gap.
function drawTrend(trend, points, now) {
  const most = Math.max(TREND_LEAST, ...points.map(each => each.waiting + each.throttled + each.blocked));
  const paths = ['', '', ''];
  for (const point of points) {
    const right = x(point.at), left = x(point.at - point.length);
    let base = TREND_HEIGHT;
    SUFFERING.forEach((state, i) => {
      const top = base - point[state] / most * TREND_HEIGHT;
      if (base - top >= 0.05) paths[i] += `M${left} ${base.toFixed(1)}V${top.toFixed(1)}H${right}V${base.toFixed(1)}z`;
      base = top;
    });
  }
  paths.forEach((path, i) => setAttributes(trend.children[i], { d: path }));

  function x(at) {
    return (Math.max(0, 1 - (now - at) / TREND) * TREND_WIDTH).toFixed(1);
  }
}

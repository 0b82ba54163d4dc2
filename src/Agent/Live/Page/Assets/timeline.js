// What happened when, and how surely: a lane for each workload, a mark for each stall and event, a whisker from the earliest
// moment that it may have been to the latest.

import { el, svg, setText, setAttributes, who } from './dom.js';
import { clock, duration, error, middle } from './format.js';
import { arrange, byHost, isStall } from './lanes.js';
import * as tip from './tip.js';

const RANGES = [['30 s', 30], ['2 min', 120], ['10 min', 600], ['1 h', 3600]];
const MOST_EVENTS = 4096; // as many as the agent keeps
const AGE = 3600 * 1000;
const ROW = 11; // px
const LEAST_HEIGHT = 3; // px of a stall of a millisecond; one of a second has the whole row
const PAD = 4; // px above and below a lane's rows

export class Timeline {
  #root = document.getElementById('timeline');
  #axis = svg('svg', { class: 'axis', height: 18, 'aria-hidden': 'true' });
  #list = el('div', { class: 'lanes', role: 'group', 'aria-label': 'Stalls and events; arrow keys move, Enter shows details' });
  #more = el('p', { class: 'dim' });
  #events = new Map(); // by number
  #lanes = new Map(); // drawn, by the subject's key
  #marks = new Map(); // drawn, by the event's number
  #grid = []; // lanes of marks as they can be seen, for arrow keys
  #range = 120;
  #filter = '';
  #now = 0;
  #selected = null;
  #onSelect;

  constructor(onSelect) {
    this.#onSelect = onSelect;
    this.#makeControls();
    this.#root.replaceChildren(legend(), el('div', { class: 'lane' }, el('span', {}), this.#axis), this.#list, this.#more);
    this.#root.hidden = false;
    this.#list.addEventListener('click', event => this.#click(event));
    this.#list.addEventListener('keydown', event => this.#key(event));
    this.#list.addEventListener('focusin', event => this.#describe(event.target.closest('.mark')));
    this.#list.addEventListener('focusout', () => tip.hide());
    this.#list.addEventListener('pointerover', event => this.#describe(event.target.closest('.mark')));
    this.#list.addEventListener('pointerleave', () => tip.hide());
    new ResizeObserver(() => this.render()).observe(this.#root);
  }

  get selected() {
    return this.#selected;
  }

  // The newest first.
  newest(count) {
    return [...this.#events.values()].filter(each => this.#matches(each)).sort((one, other) => other.number - one.number).slice(0, count);
  }

  reset() {
    this.#events.clear();
    this.select(null);
  }

  filter(text) {
    this.#filter = text;
    this.render();
  }

  // Returns whether there was anything new.
  update(answer) {
    this.#now = answer.now;
    const hostError = (answer.clocks.find(each => each.source === 'host')?.error ?? 0) * 1000;
    for (const event of answer.events) {
      event.of = answer.subjects[event.subject];
      event.hostError = hostError;
      this.#events.set(event.number, event);
      if (this.#selected === event.number) this.#onSelect(event);
    }
    for (const event of this.#events.values())
      if (this.#events.size > MOST_EVENTS || (event.end ?? event.begin)[1] < this.#now - AGE) this.#events.delete(event.number);
    this.render();
    return answer.events.length > 0;
  }

  select(number) {
    this.#marks.get(this.#selected)?.classList.remove('selected');
    this.#selected = number;
    this.#marks.get(number)?.classList.add('selected');
    this.#onSelect(this.#events.get(number) ?? null);
  }

  render() {
    const width = this.#axis.clientWidth;
    if (!width || !this.#now) return;
    const from = this.#now - this.#range * 1000;
    const xOf = at => (at - from) / (this.#range * 1000) * width;
    const ticks = this.#drawAxis(from, xOf);
    const { lanes, hidden } = arrange(this.#events.values(), from, this.#now, this.#filter, xOf);
    const seen = new Set();
    lanes.forEach((lane, i) => this.#drawLane(lane, i, xOf, width, ticks, seen));
    this.#sweep(lanes, seen);
    this.#grid = lanes.map(lane => lane.items.map(item => this.#marks.get(item.event.number)));
    if (!this.#list.querySelector('.mark[tabindex="0"]')) this.#grid[0]?.at(-1)?.setAttribute('tabindex', '0');
    this.#summarize(lanes, hidden);
  }

  #makeControls() {
    const group = el('span', { role: 'radiogroup', 'aria-label': 'Range', class: 'choices' });
    for (const [text, value] of RANGES) {
      const input = el('input', { type: 'radio', name: 'range', value, ...(value === this.#range ? { checked: '' } : {}) });
      input.addEventListener('change', () => {
        this.#range = value;
        this.render();
      });
      group.append(el('label', {}, input, el('span', {}, text)));
    }
    const trace = el('a', { href: `/trace?seconds=${this.#range}`, download: '' }, 'Perfetto trace');
    group.addEventListener('change', () => setAttributes(trace, { href: `/trace?seconds=${this.#range}` }));
    const controls = document.getElementById('timeline-controls');
    controls.replaceChildren(group, trace);
    controls.hidden = false;
  }

  #matches(event) {
    return !this.#filter || `${event.of.name} ${event.of.kind}`.toLowerCase().includes(this.#filter);
  }

  #drawAxis(from, xOf) {
    const step = [5, 10, 20, 60, 120, 300, 600].find(each => this.#range / each <= 8) * 1000;
    const ticks = [];
    for (let at = Math.ceil(from / step) * step; at <= this.#now; at += step) ticks.push(at);
    this.#axis.replaceChildren(...ticks.map(at => svg('text', { x: xOf(at).toFixed(1), y: 12, 'text-anchor': 'middle' }, clock(at, 0))));
    return ticks.map(xOf);
  }

  #drawLane(lane, place, xOf, width, ticks, seen) {
    let drawn = this.#lanes.get(lane.subject.key);
    if (!drawn) {
      const grid = svg('path', { class: 'grid' });
      const picture = svg('svg', {}, grid);
      const name = el('span', { class: 'name' });
      const kind = el('span', { class: 'kind' });
      drawn = { node: el('div', { class: 'lane', role: 'group' }, who(name, kind), picture), picture, grid, name, kind };
      this.#lanes.set(lane.subject.key, drawn);
    }
    const height = lane.rows * ROW + 2 * PAD;
    setText(drawn.name, lane.subject.name);
    setAttributes(drawn.name, { title: lane.subject.name });
    setText(drawn.kind, lane.subject.kind);
    setAttributes(drawn.node, { 'aria-label': `${lane.subject.name}, ${lane.subject.kind}` });
    setAttributes(drawn.picture, { height, width });
    setAttributes(drawn.grid, { d: ticks.map(x => `M${x.toFixed(1)} 0V${height}`).join('') });
    if (this.#list.children[place] !== drawn.node && !drawn.node.contains(document.activeElement)) this.#list.insertBefore(drawn.node, this.#list.children[place] ?? null);
    for (const item of lane.items) {
      seen.add(item.event.number);
      this.#drawMark(item, drawn.picture, xOf);
    }
  }

  #drawMark(item, picture, xOf) {
    const { event } = item;
    let mark = this.#marks.get(event.number);
    if (!mark) {
      mark = svg('g', { class: classOf(event), role: 'button', tabindex: -1, 'data-number': event.number }, svg('rect', { class: 'hit' }), svg('path', { class: 'whisker' }), svg('path', { class: 'body' }));
      this.#marks.set(event.number, mark);
    }
    if (mark.parentNode !== picture) picture.append(mark);
    const y = PAD + item.row * ROW;
    const left = xOf(item.earliest), right = xOf(item.latest), begin = xOf(item.begin), end = Math.max(xOf(item.end), begin + 2);
    const center = ROW / 2, bottom = ROW - 1, top = bottom - heightOf(event, bottom - 1);
    setAttributes(mark, { transform: `translate(0 ${y})`, 'aria-label': titleOf(event) });
    setAttributes(mark.children[0], { x: (Math.min(left, begin) - 3).toFixed(1), width: (Math.max(right, end) - Math.min(left, begin) + 6).toFixed(1), y: 0, height: ROW });
    // Both ends of what is known; what is narrower than a line would only smear it.
    const isSure = begin - left < 1 && right - xOf(item.end) < 1;
    setAttributes(mark.children[1], { d: isSure ? '' : `M${left.toFixed(1)} 2V${bottom - 1}M${left.toFixed(1)} ${center}H${right.toFixed(1)}M${right.toFixed(1)} 2V${bottom - 1}` });
    setAttributes(mark.children[2], {
      d: event.end ? `M${begin.toFixed(1)} ${top}H${end.toFixed(1)}V${bottom}H${begin.toFixed(1)}z` : `M${begin.toFixed(1)} 1l4.5 4.5l-4.5 4.5l-4.5 -4.5z`,
    });
  }

  #sweep(lanes, seen) {
    for (const [number, mark] of this.#marks) {
      if (seen.has(number)) continue;
      mark.remove();
      this.#marks.delete(number);
    }
    const keys = new Set(lanes.map(each => each.subject.key));
    for (const [key, drawn] of this.#lanes) {
      if (keys.has(key)) continue;
      drawn.node.remove();
      this.#lanes.delete(key);
    }
  }

  #summarize(lanes, hidden) {
    const stalls = lanes.flatMap(lane => lane.items).filter(item => isStall(item.event)).map(item => item.event.stall.length);
    const others = lanes.reduce((sum, lane) => sum + lane.items.length, 0) - stalls.length;
    const text = [
      stalls.length > 0 ? `${stalls.length} stall${stalls.length > 1 ? 's' : ''}, the longest ${duration(Math.max(...stalls))}` : 'no stalls',
      others > 0 ? `${others} event${others > 1 ? 's' : ''}` : null,
    ];
    setText(document.getElementById('timeline-span'), `${text.filter(each => each).join('; ')}; by this host\u2019s clock, UTC`);
    setText(this.#more, hidden > 0 ? `${hidden} more have something in this range; filter to see them.` : lanes.length === 0 ? 'Nothing happened in this range.' : '');
  }

  #describe(mark) {
    const event = mark && this.#events.get(Number(mark.dataset.number));
    if (!event) return tip.hide();
    const known = error(byHost(event, event.begin));
    const lines = [{ what: 'began', value: clock(middle(event.begin)), more: known > 0 ? `\u00b1${duration(known)}` : '' }];
    if (event.end) lines.push({ what: 'length', value: duration(event.stall?.length ?? middle(event.end) - middle(event.begin)) });
    if (event.stall) lines.push({ what: 'verdict', value: event.stall.verdict });
    for (const culprit of event.stall?.culprits.slice(0, 3) ?? []) lines.push({ what: `${(culprit.share * 100).toFixed(0)} %`, value: culprit.name, more: culprit.kind });
    if (event.problem) lines.push({ what: 'problem', value: event.problem });
    tip.show(mark, `${event.name} of ${event.of.name}`, lines);
  }

  #click(event) {
    const mark = event.target.closest('.mark');
    if (mark) this.#activate(mark);
  }

  #activate(mark) {
    const number = Number(mark.dataset.number);
    tip.hide();
    this.select(this.#selected === number ? null : number);
  }

  #key(event) {
    const mark = event.target.closest('.mark');
    if (!mark) return;
    const lane = this.#grid.findIndex(each => each.includes(mark));
    const place = lane < 0 ? -1 : this.#grid[lane].indexOf(mark);
    const next = {
      ArrowRight: () => this.#grid[lane]?.[place + 1],
      ArrowLeft: () => this.#grid[lane]?.[place - 1],
      ArrowDown: () => this.#nearest(lane + 1, mark),
      ArrowUp: () => this.#nearest(lane - 1, mark),
      Home: () => this.#grid[lane]?.[0],
      End: () => this.#grid[lane]?.at(-1),
    }[event.key];
    if (next) this.#focus(mark, next());
    else if (event.key === 'Enter' || event.key === ' ') this.#activate(mark);
    else if (event.key === 'Escape') this.select(null);
    else return;
    event.preventDefault();
  }

  #nearest(lane, mark) {
    const at = middle(this.#events.get(Number(mark.dataset.number)).begin);
    const distance = each => Math.abs(middle(this.#events.get(Number(each.dataset.number)).begin) - at);
    return this.#grid[lane]?.reduce((best, each) => distance(each) < distance(best) ? each : best);
  }

  #focus(from, to) {
    if (!to) return;
    setAttributes(from, { tabindex: -1 });
    setAttributes(to, { tabindex: 0 });
    to.focus();
  }
}

function legend() {
  const swatch = (name, text) => el('li', {}, el('i', { class: name }), text);
  const whisker = svg('svg', { width: 22, height: 9, class: 'sample', 'aria-hidden': 'true' }, svg('path', { class: 'whisker', d: 'M1 1V8M1 4.5H21M21 1V8' }), svg('path', { class: 'body', d: 'M11 .5l4 4l-4 4l-4 -4z' }));
  return el('ul', { class: 'legend' },
    swatch('k-wait', 'wait'), swatch('k-throttle', 'throttle'), swatch('k-blocked', 'blocked'), swatch('k-exit', 'exit'), el('li', {}, 'the higher the longer'),
    swatch('k-span', 'operation or life'), swatch('k-moment', 'event'), el('li', {}, whisker, 'not before, not after'));
}

// By the order of magnitude: 1 ms and 1 s can both be seen.
function heightOf(event, most) {
  if (!isStall(event)) return most;
  return Math.min(most, Math.max(LEAST_HEIGHT, LEAST_HEIGHT + Math.log10(Math.max(event.stall.length, 1)) / 3 * (most - LEAST_HEIGHT)));
}

function classOf(event) {
  if (event.end && !isStall(event)) return `mark span${event.problem ? ' bad' : ''}`;
  return isStall(event) ? `mark stall k-${event.name.replace('stall.', '')}` : 'mark moment';
}

function titleOf(event) {
  const length = event.end ? `, ${duration(event.stall?.length ?? middle(event.end) - middle(event.begin))}` : '';
  return `${event.name} of ${event.of.name} at ${clock(middle(event.begin))} UTC${length}${event.stall ? `, ${event.stall.verdict}` : ''}${event.problem ? `, ${event.problem}` : ''}`;
}

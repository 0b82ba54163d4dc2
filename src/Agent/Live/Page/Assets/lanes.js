// Lays out what happened: who has a lane, and what stands beneath what in it.

import { error, middle } from './format.js';

export const MOST_LANES = 24;
const MOST_ROWS = 3; // of a lane; what finds none stands in the last
const LEAST_GAP = 0.5; // px between two that stand behind each other
const MARK = 9; // px of a moment's mark

const OUTSIDE = /^(vcenter|host)/;

export function isStall(event) {
  return event.stall !== undefined;
}

// Lanes of the events that can be seen: outside of this host first, then who stalled longest.
export function arrange(events, from, to, filter, xOf) {
  const lanes = new Map();
  for (const event of events) {
    const extent = extentOf(event);
    if (extent.latest < from || extent.earliest > to) continue;
    const subject = event.of;
    if (filter && !`${subject.name} ${subject.kind}`.toLowerCase().includes(filter)) continue;
    let lane = lanes.get(subject.key);
    if (!lane) lanes.set(subject.key, lane = { subject, newest: event.number, items: [], stalled: 0 });
    // The container's own name comes a moment after its first events.
    if (event.number > lane.newest) [lane.subject, lane.newest] = [subject, event.number];
    lane.items.push({ event, ...extent });
    if (isStall(event)) lane.stalled += event.stall.length;
  }
  const sorted = [...lanes.values()].sort((one, other) =>
    OUTSIDE.test(other.subject.kind) - OUTSIDE.test(one.subject.kind) || other.stalled - one.stalled || one.subject.name.localeCompare(other.subject.name) || (one.subject.key < other.subject.key ? -1 : 1));
  const shown = sorted.slice(0, MOST_LANES);
  for (const lane of shown) pack(lane, xOf);
  return { lanes: shown, hidden: sorted.length - shown.length };
}

// How surely a moment is known by this host's own clock. How far that is from UTC moves all that happened alike, and says nothing of
// what came first.
export function byHost(event, interval) {
  const at = middle(interval);
  const left = Math.max(0, error(interval) - event.hostError);
  // The bound of the host's clock grows by a millisecond every two seconds: what is left of that is no uncertainty.
  const known = left <= event.hostError * 0.01 + 3 ? 0 : left;
  return [at - known, at + known];
}

function extentOf(event) {
  const begin = byHost(event, event.begin), end = event.end ? byHost(event, event.end) : begin;
  return { earliest: begin[0], begin: middle(begin), end: middle(end), latest: end[1] };
}

function pack(lane, xOf) {
  lane.items.sort((one, other) => one.begin - other.begin || one.event.number - other.event.number);
  const ends = [];
  for (const item of lane.items) {
    const half = item.event.end ? 0 : MARK / 2;
    const left = Math.min(xOf(item.earliest), xOf(item.begin) - half);
    const right = Math.max(xOf(item.latest), xOf(item.end) + half, left + 2);
    let row = ends.findIndex(end => end + LEAST_GAP <= left);
    if (row < 0) row = ends.length < MOST_ROWS ? ends.length : MOST_ROWS - 1;
    ends[row] = Math.max(ends[row] ?? 0, right);
    item.row = row;
  }
  lane.rows = Math.max(1, ends.length);
}

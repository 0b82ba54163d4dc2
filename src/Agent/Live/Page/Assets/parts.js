// How the agent fares: its parts, the clocks it knows, and what it cannot show.

import { el, setText } from './dom.js';
import { seconds, NOT_KNOWN } from './format.js';

const ORDER = ['failed', 'degraded', 'absent', 'ok'];
let shown = '';
let isWhole = false;

const all = el('button', { type: 'button', class: 'link', 'aria-controls': 'health' });
const table = document.getElementById('health');
table.after(all);
all.addEventListener('click', () => {
  isWhole = !isWhole;
  fold();
});

export function update(answer) {
  const pill = document.getElementById('ready');
  setText(pill, answer.ready ? 'Ready.' : 'Not ready.');
  pill.className = `pill ${answer.ready ? 'ok' : 'failed'}`;
  document.getElementById('clocks').tBodies[0].replaceChildren(...answer.clocks.map(clockRow));
  // Seldom another, and then something to read: not written anew under a reader's eyes.
  const news = JSON.stringify([answer.health, answer.notes]);
  if (news === shown) return;
  shown = news;
  const rows = [...answer.health].sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));
  table.tBodies[0].replaceChildren(...rows.map(healthRow));
  fold();
  document.getElementById('notes').replaceChildren(...answer.notes.map(each => el('li', {}, each)));
}

// What is as it should be is many rows of little news.
function fold() {
  const rows = [...table.tBodies[0].rows];
  const fine = rows.filter(each => each.dataset.level === 'ok' || each.dataset.level === 'absent');
  for (const row of fine) row.hidden = !isWhole;
  table.tHead.hidden = !isWhole && fine.length === rows.length;
  const count = level => fine.filter(each => each.dataset.level === level).length;
  setText(all, isWhole ? 'Only what is wrong' : `${count('ok')} parts are ok, ${count('absent')} have nothing to do here: show all`);
  all.setAttribute('aria-expanded', String(isWhole));
}

function clockRow(each) {
  return el('tr', {}, el('th', { scope: 'row' }, each.source), el('td', { class: 'number' }, seconds(each.offset)), el('td', { class: 'number' }, `\u00b1${seconds(each.error)}`), el('td', { class: 'number' }, String(each.steps ?? NOT_KNOWN)));
}

function healthRow(each) {
  return el('tr', { 'data-level': each.level }, el('th', { scope: 'row' }, each.component), el('td', {}, el('span', { class: `level ${each.level}` }, each.level)), el('td', {}, each.detail, each.remedy ? el('span', { class: 'remedy' }, ` \u2192 ${each.remedy}`) : null));
}

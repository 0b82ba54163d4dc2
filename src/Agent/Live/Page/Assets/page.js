// Asks the agent every 2 s while somebody can see the page, and shows what it answers.

import { setText } from './dom.js';
import { clock } from './format.js';
import { Details } from './details.js';
import { Ledger } from './ledger.js';
import { Timeline } from './timeline.js';
import * as parts from './parts.js';

const PERIOD = 2000; // ms
const PATIENCE = 10000; // ms

const details = new Details();
const timeline = new Timeline(event => details.show(event));
details.follow(timeline);
const ledger = new Ledger(text => {
  timeline.filter(text);
  details.list();
});
const beat = document.getElementById('beat');
const pause = document.getElementById('pause');

let cursor = 0;
let start = null;
let isPaused = false;
let timer = 0;
let asking = null;

async function ask() {
  const mine = asking = new AbortController();
  const limit = setTimeout(() => mine.abort(), PATIENCE);
  try {
    const response = await fetch(`/live?since=${cursor}`, { cache: 'no-store', signal: mine.signal });
    if (!response.ok) throw new Error(`the agent answers ${response.status}`);
    show(await response.json());
  } catch (problem) {
    if (asking === mine) fail(problem);
  } finally {
    clearTimeout(limit);
    if (asking === mine) {
      asking = null;
      if (isOn()) timer = setTimeout(ask, PERIOD);
    }
  }
}

function show(answer) {
  if (start !== answer.agent.start) {
    if (start !== null) {
      ledger.reset();
      timeline.reset();
    }
    start = answer.agent.start;
  }
  const isFirst = cursor === 0;
  cursor = answer.cursor;
  ledger.update(answer);
  if (timeline.update(answer) || isFirst) details.list();
  parts.update(answer);
  setText(beat, `${clock(answer.now, 0)} UTC`);
  beat.classList.remove('failed');
  document.documentElement.dataset.answers = Number(document.documentElement.dataset.answers ?? 0) + 1;
}

function fail(problem) {
  setText(beat, problem.name === 'AbortError' || problem instanceof TypeError ? 'no answer from the agent; trying again' : `${problem.message}; trying again`);
  beat.classList.add('failed');
}

function isOn() {
  return !isPaused && document.visibilityState === 'visible';
}

function turn() {
  clearTimeout(timer);
  if (!isOn()) {
    const last = asking;
    asking = null;
    last?.abort();
  } else if (!asking) {
    ask();
  }
}

pause.hidden = false;
pause.addEventListener('click', () => {
  isPaused = !isPaused;
  setText(pause, isPaused ? 'Go on' : 'Pause');
  pause.setAttribute('aria-pressed', String(isPaused));
  turn();
});
document.addEventListener('visibilitychange', turn);
turn();

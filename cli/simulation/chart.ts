import type { ConcurrencyPlan } from './plan-concurrency.ts';
import type { Outcome } from './workload.ts';

/** Where a panel is drawn, in pixels. */
interface Panel {
  readonly top: number;
  readonly height: number;
  readonly unit: string;
  readonly most: number;
  readonly read: (outcome: Outcome) => number;
  readonly colour: string;
}

const WIDTH = 760;
const HEIGHT = 560;
const LEFT = 80;
const RIGHT = 30;
const BLUE = '#0972d3';
const RED = '#d91515';
const GREY = '#5f6b7a';

/** Draws goodput and attempts for each concurrency, as an SVG of text and lines that needs nothing else. */
export function drawChart({ outcomes, recommended, mostPerMinute }: ConcurrencyPlan): string {
  const x = logarithmic(outcomes.map(({ concurrency }) => concurrency));
  const goodputs = outcomes.map(({ goodputPerMinute }) => goodputPerMinute);
  const goodput: Panel = {
    top: 70,
    height: 250,
    unit: 'answers per minute',
    most: Math.max(...goodputs, Number.isFinite(mostPerMinute) ? mostPerMinute : 0),
    read: ({ goodputPerMinute }) => goodputPerMinute,
    colour: BLUE,
  };
  const attempts: Panel = {
    top: 375,
    height: 120,
    unit: 'attempts per prompt',
    most: Math.max(...outcomes.map(({ attemptsPerPrompt }) => attemptsPerPrompt)),
    read: ({ attemptsPerPrompt }) => attemptsPerPrompt,
    colour: RED,
  };
  const chosen = x(recommended.concurrency);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="${GREY}">`,
    '<title>Answers per minute and attempts per prompt against concurrency</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(
      LEFT,
      24,
      `${count(recommended.prompts)} prompts: run ${count(recommended.concurrency)} at a time`,
      'font-size="16" fill="black"',
    ),
    `<line x1="${chosen}" y1="60" x2="${chosen}" y2="${HEIGHT - 65}" stroke="${GREY}" stroke-dasharray="2 4"/>`,
    ...(Number.isFinite(mostPerMinute) ? drawLimit(goodput, mostPerMinute) : []),
    ...drawPanel(goodput, outcomes, x),
    ...drawPanel(attempts, outcomes, x),
    ...ticksOf(outcomes, recommended, x).map(({ concurrency, at }) =>
      text(at, HEIGHT - 45, count(concurrency), 'text-anchor="middle"'),
    ),
    text(
      (LEFT + WIDTH - RIGHT) / 2,
      HEIGHT - 18,
      'concurrency (prompts at a time, logarithmic)',
      'text-anchor="middle"',
    ),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(panel: Panel, outcomes: readonly Outcome[], x: (concurrency: number) => number): string[] {
  const { top, height, unit, most, read, colour } = panel;
  const points = outcomes.map((outcome) => [x(outcome.concurrency), yOf(panel, read(outcome))] as const);
  const step = niceStep(most / 4);
  const values = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  return [
    text(LEFT, top - 12, unit, `fill="${colour}"`),
    ...values.flatMap((value) => {
      const y = yOf(panel, value);
      return [
        `<line x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" stroke="#e9ebed"/>`,
        text(LEFT - 8, y + 4, count(value), 'text-anchor="end"'),
      ];
    }),
    `<line x1="${LEFT}" y1="${top}" x2="${LEFT}" y2="${top + height}" stroke="${GREY}"/>`,
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => point.join(',')).join(' ')}"/>`,
    ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
  ];
}

function drawLimit(panel: Panel, mostPerMinute: number): string[] {
  const y = yOf(panel, mostPerMinute);
  return [
    `<line x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}" stroke="${GREY}" stroke-dasharray="6 4"/>`,
    text(LEFT + 8, y - 6, `the first model's quota: ${count(mostPerMinute)}`),
  ];
}

function yOf({ top, height, most }: Panel, value: number): number {
  return round(top + height * (1 - value / most));
}

/** The one recommended, and others that stand far enough apart to be read. */
function ticksOf(outcomes: readonly Outcome[], recommended: Outcome, x: (concurrency: number) => number) {
  const ticks: { concurrency: number; at: number }[] = [];
  for (const { concurrency } of [recommended, ...outcomes]) {
    const at = x(concurrency);
    if (ticks.every((tick) => Math.abs(tick.at - at) >= 36)) ticks.push({ concurrency, at });
  }
  return ticks;
}

function logarithmic(values: readonly number[]): (value: number) => number {
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const width = WIDTH - LEFT - RIGHT;
  return (value) => round(LEFT + (most > least ? ((Math.log(value) - least) / (most - least)) * width : width / 2));
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least) ?? 10) * power;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content}</text>`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../../../local/console/model/definition.ts';
import { END, START, toGraph } from '../../../../local/console/model/graph.ts';
import { layOut, type PlacedState } from '../../../../local/console/model/layout.ts';
import { writeSource } from '../../../../local/console/model/source.ts';
import { deployed } from '../../../support/pipeline.ts';

const NESTED = {
  StartAt: 'C',
  States: {
    C: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.a %}', Next: 'P' },
        { Variable: '$.b', NumericEquals: 3, Next: 'P' },
        { Comment: 'Nothing to do', Variable: '$.c', IsNull: true, Next: 'D' },
      ],
      Default: 'D',
    },
    P: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } } },
        {
          StartAt: 'M',
          States: {
            M: {
              Type: 'Map',
              ItemProcessor: {
                ProcessorConfig: { Mode: 'DISTRIBUTED' },
                StartAt: 'E',
                States: { E: { Type: 'Pass', End: true } },
              },
              End: true,
            },
          },
        },
      ],
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [
        { ErrorEquals: ['X', 'Y'], Next: 'D' },
        { ErrorEquals: ['States.ALL'], Next: 'D' },
      ],
      Next: 'D',
    },
    D: { Type: 'Succeed' },
  },
} as unknown as Definition;

test('arrows are those of the definition, with what each is taken for', () => {
  expect(toGraph(NESTED).edges).toEqual([
    { from: 'C', to: 'P', kind: 'choice', labels: ['$states.input.a', '$.b NumericEquals 3'] },
    { from: 'C', to: 'D', kind: 'choice', labels: ['Nothing to do'] },
    { from: 'C', to: 'D', kind: 'default', labels: ['otherwise'] },
    { from: 'P', to: 'D', kind: 'next', labels: [] },
    { from: 'P', to: 'D', kind: 'catch', labels: ['X', 'Y', 'States.ALL'] },
    { from: START, to: 'C', kind: 'start', labels: [] },
    { from: 'D', to: END, kind: 'end', labels: [] },
  ]);
});

test('states hold what is inside of them', () => {
  const [, parallel] = toGraph(NESTED).states;
  const [map] = parallel?.inner[1]?.states ?? [];
  expect([map?.isInChild, map?.inner[0]?.states[0]?.isInChild]).toEqual([false, true]);
  expect(parallel).toMatchObject({ name: 'P', type: 'Parallel', retriers: 1, catchers: 2 });
  expect(parallel?.inner.map(({ states }) => states.map(({ name, isDistributed }) => [name, isDistributed]))).toEqual([
    [
      ['A', false],
      ['B', false],
    ],
    [['M', true]],
  ]);
});

describe('a layout', () => {
  const isInside = (inner: PlacedState, outer: PlacedState): boolean =>
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height;

  test('places states apart, and what is inside of a state within it', () => {
    const { states, edges, width, height } = layOut(toGraph(NESTED));
    const at = (name: string): PlacedState => states.find((placed) => placed.name === name) as PlacedState;
    expect(states.map(({ name, depth }) => [name, depth]).sort()).toEqual(
      [
        ['A', 1],
        ['B', 1],
        ['C', 0],
        ['D', 0],
        ['E', 2],
        ['M', 1],
        ['P', 0],
        [END, 0],
        [START, 0],
      ].sort(),
    );
    for (const [inner, outer] of [
      ['A', 'P'],
      ['B', 'P'],
      ['M', 'P'],
      ['E', 'M'],
    ] as const)
      expect(isInside(at(inner), at(outer))).toBe(true);
    for (const [one, other] of [
      ['A', 'M'],
      ['A', 'B'],
      ['P', 'D'],
      ['P', 'C'],
    ] as const) {
      const [first, second] = [at(one), at(other)];
      const isApart =
        first.x + first.width <= second.x ||
        second.x + second.width <= first.x ||
        first.y + first.height <= second.y ||
        second.y + second.height <= first.y;
      expect([one, other, isApart]).toEqual([one, other, true]);
    }
    expect(edges).toHaveLength(8);
    for (const { points } of edges) expect(points.length).toBeGreaterThan(1);
    for (const { x, y } of edges.flatMap(({ points }) => points)) {
      expect([x >= 0 && x <= width, y >= 0 && y <= height]).toEqual([true, true]);
    }
  });

  test('has room for a hundred states', () => {
    const names = Array.from({ length: 100 }, (_, index) => `State${index}`);
    const States = Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          Type: 'Task',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'State99' }],
          ...(index < 99 ? { Next: names[index + 1] } : { End: true }),
        },
      ]),
    ) as unknown as Definition['States'];
    expect(layOut(toGraph({ StartAt: 'State0', States })).states).toHaveLength(102);
  });
});

test('a definition as text knows which state each line is of', () => {
  const { lines, firstLine } = writeSource(NESTED);
  expect(JSON.parse(lines.map(({ text }) => text).join('\n'))).toEqual(NESTED);
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  const stateAt = (text: string) => lines.find((line) => line.text.trim().startsWith(text))?.state;
  expect([
    stateAt('"StartAt"'),
    stateAt('"Branches"'),
    stateAt('"A": {'),
    stateAt('"ProcessorConfig"'),
    stateAt('"Retry"'),
  ]).toEqual([undefined, 'P', 'A', 'M', 'P']);
  expect(lines[(firstLine.get('M') ?? 0) - 1]?.text.trim()).toBe('"M": {');
  expect([...firstLine.keys()].sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'M', 'P']);
});

test("the pipeline's own definition is drawn", () => {
  const graph = toGraph(deployed() as unknown as Definition);
  expect(layOut(graph).states).toHaveLength(graph.states.length + 2);
});

import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const WORKFLOW = readFileSync('.github/workflows/ci.yml', 'utf8');
const { scripts, engines } = JSON.parse(readFileSync('package.json', 'utf8'));

test('the workflow tests on every Node that the README supports, the oldest one among them', () => {
  const versions = JSON.parse(`[${/node: \[(.+)\]/.exec(WORKFLOW)?.[1]}]`) as string[];
  expect(readFileSync('README.md', 'utf8')).toContain(
    `Node.js ${versions[0]} or later (${majors(versions).join(', ')})`,
  );
  expect(engines.node).toBe(`>=${versions[0]}`);
});

const majors = (versions: readonly string[]) => versions.map((version) => version.split('.')[0]);

test('every command of the workflow is a script of the package, or npm itself', () => {
  const commands = [...WORKFLOW.matchAll(/run: npm (?:run )?(\w+)/g)].map(([, name = '']) => name);
  expect(commands).toEqual(['ci', 'lint', 'typecheck', 'synth', 'test', 'audit', 'ci', 'deploy']);
  expect(commands.filter((name) => !['ci', 'audit'].includes(name) && !(name in scripts))).toEqual([]);
});

test('the workflow holds no secret, and names every action by the commit that was reviewed', () => {
  expect(WORKFLOW).not.toMatch(/secrets\.|access-key/i);
  const actions = [...WORKFLOW.matchAll(/uses: (.+)/g)].map(([, action = '']) => action);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

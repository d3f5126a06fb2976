import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readDefinition } from '../../statemachine/definition.ts';
import { toMermaid } from '../support/diagram.ts';

test("the README's picture is the definition's", () => {
  const [, picture] = /```mermaid\n(flowchart[^`]*)\n```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect(picture).toBe(toMermaid(readDefinition()));
});

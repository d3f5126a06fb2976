import { isObject, type Json, type JsonObject } from './json.ts';
import { type DefinitionProblem, schemaProblem } from './problem.ts';

interface Transition {
  readonly target: string;
  readonly location: string;
}

const TERMINAL_TYPES = ['Succeed', 'Fail'];

/**
 * What is wrong with the ways between the states of the machine at `path`: states that are named but not there, that
 * nothing leads to, or that lead nowhere. Words and order as AWS answered them (localstack/localstack#11978,
 * aws-cloudformation/cfn-lint#4073 and #4074, floci-io/floci#2735): a state counts as reached when any other leads to it.
 */
export function checkTransitions(startAt: string, states: JsonObject, path: string): DefinitionProblem[] {
  const all = Object.entries(states).flatMap(([name, state]) =>
    isObject(state) ? transitionsOf(state, `${path}/States/${name}`) : [],
  );
  const transitions = [{ target: startAt, location: `${path}/StartAt` }, ...all];
  const reached = new Set(transitions.map(({ target }) => target));
  const missing = transitions.filter(({ target }) => !Object.hasOwn(states, target));
  const unreached = Object.keys(states).filter((name) => !reached.has(name));
  return [
    ...missing.map(({ target, location }) => targetProblem(`Missing 'Next' target: ${target}`, location)),
    ...unreached.map((name) => targetProblem(`State "${name}" is not reachable.`, `${path}/States/${name}`)),
    ...endProblems(states, path),
  ];
}

function targetProblem(message: string, location: string): DefinitionProblem {
  return { code: 'MISSING_TRANSITION_TARGET', message, location };
}

function transitionsOf(state: JsonObject, location: string): Transition[] {
  const parts: [JsonObject, string][] = [[state, location]];
  for (const field of ['Choices', 'Catch'])
    for (const [index, part] of objectsIn(state[field])) parts.push([part, `${location}/${field}[${index}]`]);
  return parts.flatMap(([part, at]) =>
    ['Next', 'Default'].flatMap((field) =>
      part[field] === undefined ? [] : [{ target: String(part[field]), location: `${at}/${field}` }],
    ),
  );
}

/** States that lead nowhere, or a machine in which every state leads on. */
function endProblems(states: JsonObject, path: string): DefinitionProblem[] {
  const known = Object.entries(states).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const isEnd = (state: JsonObject) => state['End'] === true || TERMINAL_TYPES.includes(String(state['Type']));
  const lost = known.filter(([, state]) => !isEnd(state) && state['Type'] !== 'Choice' && state['Next'] === undefined);
  if (lost.length > 0) return lost.map(([name]) => schemaProblem('Next or End is missing', `${path}/States/${name}`));
  if (path !== '' || known.length === 0 || known.some(([, state]) => isEnd(state))) return [];
  return [{ code: 'MISSING_END_STATE', message: 'Workflow has no terminal state' }];
}

/** The objects of a list, with their places; none where a field that should be one is something else, which is told elsewhere. */
function objectsIn(list: Json | undefined): [number, JsonObject][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((part, index): [number, JsonObject][] => (isObject(part) ? [[index, part]] : []));
}

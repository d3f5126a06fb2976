import type { Json } from '../../local/asl/json.ts';
import type { Scope } from '../../local/asl/query/template.ts';
import { createRandom } from '../../local/asl/random.ts';

/** What a field of a state with this input can read, outside of an execution. */
export function createScope(input: Json, variables: Scope['variables'] = {}, value = input): Scope {
  return {
    input,
    context: {},
    states: { input, context: {} },
    value,
    variables,
    now: 0,
    random: createRandom(''),
    withValue: (other) => createScope(input, variables, other),
  };
}

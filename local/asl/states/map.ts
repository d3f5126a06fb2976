import { isObject, type JsonObject } from '../json.ts';
import { compileDistributedMap } from './distributed-map.ts';
import { withErrorHandling } from './error-handling.ts';
import { compileInlineMap } from './inline-map.ts';
import type { StateCompiler } from './state.ts';

/** Map: runs its ItemProcessor for each item, inline or as executions of their own. */
export const compileMap: StateCompiler = (definition, query, compileInner) => {
  const field = 'Iterator' in definition ? 'Iterator' : 'ItemProcessor';
  const processor = definition[field] ?? null;
  const config = isObject(processor) && isObject(processor['ProcessorConfig']) ? processor['ProcessorConfig'] : {};
  const machine = compileInner(processor, field);
  const work =
    isObject(processor) && readMode(config) === 'DISTRIBUTED'
      ? compileDistributedMap(definition, query, {
          definition: { QueryLanguage: compileInner.language, ...processor },
          executionType: readExecutionType(config),
        })
      : compileInlineMap(withoutDistributedFields(definition), query, machine);
  return withErrorHandling(definition, query, work, 'Map');
};

function readMode({ Mode: mode = 'INLINE' }: JsonObject): 'INLINE' | 'DISTRIBUTED' {
  if (mode === 'INLINE' || mode === 'DISTRIBUTED') return mode;
  throw new SyntaxError(`The processor mode '${mode}' is neither INLINE nor DISTRIBUTED`);
}

function readExecutionType({ ExecutionType: type }: JsonObject): 'STANDARD' | 'EXPRESS' {
  if (type === 'STANDARD' || type === 'EXPRESS') return type;
  throw new SyntaxError('A Map state in DISTRIBUTED mode needs the ExecutionType STANDARD or EXPRESS');
}

/** "Fields that only a Distributed Map state has" (developer guide, "Distributed mode"). */
function withoutDistributedFields(definition: JsonObject): JsonObject {
  const field = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'].find((name) => Object.hasOwn(definition, name));
  if (field === undefined) return definition;
  throw new SyntaxError(`The field '${field}' is not supported in INLINE mode`);
}

import type { Json } from '../../asl/json.ts';
import type { Action } from '../context.ts';
import { diagnose } from '../definition.ts';
import { definition, machineType } from '../fields.ts';
import { integer, oneOf, readParameters, required } from '../parameters.ts';

/** "The default value is 100", which 0 asks for too (API reference). */
const DEFAULT_RESULTS = 100;

const FIELDS = {
  definition: required(definition),
  type: machineType,
  // Nothing here makes warnings, so both severities answer the same.
  severity: oneOf('ERROR', 'WARNING'),
  maxResults: integer(0, 100),
};

export const ValidateStateMachineDefinition: Action = (body) => {
  const { definition, type = 'STANDARD', maxResults } = readParameters(body, FIELDS);
  const diagnostics = diagnose(definition, type);
  const most = maxResults || DEFAULT_RESULTS;
  return {
    result: diagnostics.length === 0 ? 'OK' : 'FAIL',
    diagnostics: diagnostics.slice(0, most) as unknown as Json,
    truncated: diagnostics.length > most,
  };
};

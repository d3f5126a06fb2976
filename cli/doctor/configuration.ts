import { findModel, hasEnded, lifecycleWarning } from '../../functions/shared/models.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { UsageError } from '../usage-error.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export interface Configuration {
  readonly findings: readonly Finding[];
  /** Without the variables that are wrong. */
  readonly environment: Environment;
}

/** Each is wrong without the others. */
const GUARDRAIL = ['GUARDRAIL_ID', 'GUARDRAIL_VERSION', 'GUARDRAIL_TRACE'];

/** Reads every variable, of the environment and of `.env`, and tells of each that is wrong. `now` is in ms. */
export function checkConfiguration(env: NodeJS.ProcessEnv, now: number): Configuration {
  const findings: Finding[] = [];
  const rest = { ...env };
  for (;;) {
    try {
      const environment = readEnvironment(rest);
      const { modelIds } = environment;
      if (findings.length === 0) findings.push(ok('Configuration', `models ${modelIds.join(', ')}`));
      findings.push(...modelIds.flatMap((modelId) => checkDates(modelId, modelIds, now)));
      return { findings, environment };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const [, name = '', found = ''] = /^(\w+): (.*)$/s.exec(error.message) ?? [];
      const together = name.startsWith('GUARDRAIL_') ? GUARDRAIL : [name];
      // It would be found again and again.
      if (together.every((variable) => rest[variable] === undefined)) throw error;
      findings.push(
        fail(`Configuration ${name}`, found.replace(/^found /, ''), 'correct it in the environment or in .env'),
      );
      for (const variable of together) delete rest[variable];
    }
  }
}

/** What the table of models knows. */
function checkDates(modelId: string, modelIds: readonly string[], now: number): Finding[] {
  const entry = findModel(modelId);
  const warning = entry && lifecycleWarning(entry, now);
  if (!entry || !warning) return [];
  const { endOfLife, replacement } = entry.model.lifecycle;
  const isNew = replacement !== undefined && !modelIds.includes(replacement);
  const todo = isNew ? `name ${replacement} in MODEL_IDS instead` : 'name another in MODEL_IDS, or none';
  const what = `Model ${modelId}`;
  if (hasEnded(entry.model, now)) return [fail(what, `reached its end of life on ${endOfLife}`, todo)];
  return [warn(what, warning.replace(`${modelId} `, '').replace(/; use .*$/, ''), todo)];
}

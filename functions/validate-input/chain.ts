import { findModel, hasEnded, outputLimits } from '../shared/models.ts';
import { type Breach, quote } from './problems.ts';

/** What the models of a request are checked against. */
export interface Deployment {
  /** The chain of models deployed, first choice first. */
  deployedModelIds: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The model ids that cannot be asked; the paths are places in the list. */
export function modelBreaches(modelIds: readonly unknown[], { deployedModelIds, now }: Deployment): Breach[] {
  return modelIds.flatMap((modelId, index) => {
    if (typeof modelId !== 'string') return [];
    const fault = modelFault(modelId, deployedModelIds, now());
    const isRepeated = modelIds.indexOf(modelId) < index;
    if (fault) return [breach(index, `${quote(modelId)}, which ${fault}`, deployedModelIds.join(' or '))];
    return isRepeated ? [breach(index, `${quote(modelId)} again`, 'each model id once')] : [];
  });
}

function breach(index: number, found: string, message: string): Breach {
  return { path: [index], message, params: { found } };
}

function modelFault(modelId: string, deployedModelIds: readonly string[], now: number): string | undefined {
  const entry = findModel(modelId);
  if (!entry) return 'is not a known model';
  const { endOfLife, replacement } = entry.model.lifecycle;
  const instead = replacement ? ` (use ${replacement} instead)` : '';
  if (hasEnded(entry.model, now)) return `reached its end of life on ${endOfLife}${instead}`;
  return deployedModelIds.includes(modelId) ? undefined : 'is not deployed';
}

/**
 * A maxTokens that no model of the chain accepts. One that only some accept is fine: invoke-model lowers it for the
 * others, with a warning.
 */
export function maxTokensBreaches(input: Record<string, unknown>, { deployedModelIds }: Deployment): Breach[] {
  const maxTokens = (input['inferenceConfig'] as { maxTokens?: unknown } | null | undefined)?.maxTokens;
  const asked = Array.isArray(input['modelIds']) ? input['modelIds'].filter(isKnown) : [];
  const { most } = outputLimits(asked.length > 0 ? asked : deployedModelIds);
  if (!Number.isInteger(maxTokens) || (maxTokens as number) <= most) return [];
  return [{ path: ['inferenceConfig', 'maxTokens'], message: `a whole number from 1 to ${most}` }];
}

function isKnown(modelId: unknown): modelId is string {
  return typeof modelId === 'string' && findModel(modelId) !== undefined;
}

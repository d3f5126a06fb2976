import { aliveModelIds, findModel, hasEnded, type ModelEntry } from '../../functions/shared/models.ts';
import { ConfigurationError } from '../configuration-error.ts';
import { destinationRegions } from './geographies.ts';

export interface DeploymentPlace {
  /** The stack's Region, which may be a token. */
  readonly region: string;
  /** Time of the deployment, in ms since the epoch. */
  readonly now: number;
}

/**
 * The models of a chain, each known, not ended and callable from the stack's Region.
 * Throws a ConfigurationError for the first that is not, with what to use instead.
 */
export function requireUsableModels(modelIds: readonly string[], { region, now }: DeploymentPlace): ModelEntry[] {
  const allowed = aliveModelIds(now).join(', ');
  if (!Array.isArray(modelIds))
    throw new ConfigurationError(`modelIds: found ${JSON.stringify(modelIds)}, allowed is a list of ${allowed}`);
  if (modelIds.length === 0)
    throw new ConfigurationError(`modelIds: found none, allowed is at least one of ${allowed}`);
  const repeated = modelIds.find((modelId, index) => modelIds.indexOf(modelId) < index);
  if (repeated) throw new ConfigurationError(`modelIds: found ${repeated} again, allowed is each model id once`);
  return modelIds.map((modelId) => {
    const entry = findModel(modelId);
    if (!entry) throw new ConfigurationError(`modelIds: found "${modelId}", allowed are ${allowed}`);
    const { model, profile } = entry;
    if (hasEnded(model, now)) {
      const { endOfLife, replacement } = model.lifecycle;
      const instead = replacement ? `: use ${replacement} instead` : '';
      throw new ConfigurationError(
        `modelIds: found ${modelId}, which reached its end of life on ${endOfLife}${instead}`,
      );
    }
    if (profile !== undefined && profile !== 'global') destinationRegions(model, profile, region);
    return entry;
  });
}

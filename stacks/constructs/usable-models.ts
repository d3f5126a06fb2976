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
  if (modelIds.length === 0) throw new ConfigurationError(`No model was asked, at least one of ${allowed} is needed`);
  return modelIds.map((modelId) => {
    const entry = findModel(modelId);
    if (!entry) throw new ConfigurationError(`Model ${modelId} was asked, but is not known: allowed are ${allowed}`);
    const { model, profile } = entry;
    if (hasEnded(model, now)) {
      const { endOfLife, replacement } = model.lifecycle;
      const instead = replacement ? `: use ${replacement} instead` : '';
      throw new ConfigurationError(`Model ${modelId} was asked, but reached its end of life on ${endOfLife}${instead}`);
    }
    if (profile !== undefined && profile !== 'global') destinationRegions(model, profile, region);
    return entry;
  });
}

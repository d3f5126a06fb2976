import { type BedrockClient, GetInferenceProfileCommand } from '@aws-sdk/client-bedrock';
import type { ModelEntry, ProfilePrefix } from '../../functions/shared/models.ts';
import { ConfigurationError } from '../../stacks/configuration-error.ts';
import { destinationRegions } from '../../stacks/constructs/geographies.ts';
import { describeFailure } from './failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/**
 * Whether a profile is there, and routes where the deployment's IAM lets it: a Region that IAM lacks fails some calls.
 * Undefined for a model that is called without one.
 */
export async function checkProfile(
  bedrock: BedrockClient,
  entry: ModelEntry,
  region: string,
): Promise<Finding | undefined> {
  const { modelId, profile } = entry;
  if (profile === undefined) return undefined;
  const what = `Profile ${modelId}`;
  try {
    const allowed = profile === 'global' ? [] : destinationRegions(entry.model, profile, region);
    const command = new GetInferenceProfileCommand({ inferenceProfileIdentifier: modelId });
    const { models = [] } = await bedrock.send(command);
    return compare(
      what,
      profile,
      models.map(({ modelArn }) => modelArn?.split(':')[3] ?? ''),
      allowed,
    );
  } catch (error) {
    if (error instanceof ConfigurationError) return fail(what, error.message, 'change MODEL_IDS or AWS_REGION');
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      return fail(what, `none in ${region}`, 'name a profile of this Region in MODEL_IDS');
    }
    return describeFailure(what, error, 'bedrock:GetInferenceProfile');
  }
}

function compare(what: string, profile: ProfilePrefix, found: readonly string[], allowed: readonly string[]): Finding {
  // The ARN of a global profile's model may name no Region.
  if (profile === 'global') return ok(what, 'routes to every commercial Region');
  const sorted = [...found].sort();
  const missing = sorted.filter((region) => !allowed.includes(region));
  const surplus = allowed.filter((region) => !found.includes(region));
  const regions = `routes to ${sorted.join(', ')}`;
  if (missing.length === 0 && surplus.length === 0) return ok(what, regions);
  const apart = [
    ...(missing.length > 0 ? [`the deployment does not allow ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`it allows ${surplus.join(', ')} for nothing`] : []),
  ];
  return warn(what, `${regions}; ${apart.join(', and ')}`, 'mend the table in stacks/constructs/geographies.ts');
}

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ModelEntry } from '../../functions/shared/models.ts';
import { destinationRegions } from './geographies.ts';

/** Where the caller runs; each may be a token, except the Region of a geographic profile. */
export interface CallerPlace {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
}

/**
 * What a role must be allowed to call exactly these models with Converse: bedrock:InvokeModel is its action.
 * Sources: the Amazon Bedrock user guide, "Geographic cross-Region inference" and "Global cross-Region inference",
 * sections on IAM. Throws a ConfigurationError for a geographic profile that does not fit the Region.
 */
export function bedrockStatements(models: readonly ModelEntry[], place: CallerPlace): PolicyStatement[] {
  return models.flatMap((entry) => statementsFor(entry, place));
}

function statementsFor({ model, modelId, profile }: ModelEntry, place: CallerPlace): PolicyStatement[] {
  const { region, account, partition } = place;
  const modelArn = (inRegion: string) => `arn:${partition}:bedrock:${inRegion}::foundation-model/${model.id}`;
  if (profile === undefined) return [allowInvoke([modelArn(region)])];

  const profileArn = `arn:${partition}:bedrock:${region}:${account}:inference-profile/${modelId}`;
  const throughProfile = { 'bedrock:InferenceProfileArn': profileArn };
  if (profile !== 'global') {
    const destinations = destinationRegions(model, profile, region);
    return [allowInvoke([profileArn]), allowInvoke(destinations.map(modelArn), throughProfile)];
  }
  const fromHere = { 'aws:RequestedRegion': region };
  return [
    allowInvoke([profileArn], fromHere),
    allowInvoke([modelArn(region)], { ...fromHere, ...throughProfile }),
    // Bedrock picks the Region, so the request names none: neither in the ARN nor in the condition.
    allowInvoke([modelArn('')], { 'aws:RequestedRegion': 'unspecified', ...throughProfile }),
  ];
}

function allowInvoke(resources: string[], equals?: Record<string, string>): PolicyStatement {
  return new PolicyStatement({
    actions: ['bedrock:InvokeModel'],
    resources,
    ...(equals && { conditions: { StringEquals: equals } }),
  });
}

import { type BedrockClient, GetFoundationModelAvailabilityCommand } from '@aws-sdk/client-bedrock';
import type { ModelEntry } from '../../functions/shared/models.ts';
import { describeFailure } from './failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Whether the account may use a model. */
export async function checkAvailability(bedrock: BedrockClient, { modelId, model }: ModelEntry): Promise<Finding> {
  const what = `Access to ${modelId}`;
  try {
    const answer = await bedrock.send(new GetFoundationModelAvailabilityCommand({ modelId: model.id }));
    const { authorizationStatus, entitlementAvailability, agreementAvailability } = answer;
    const agreement = agreementAvailability?.status;
    const found = `${authorizationStatus}, entitlement ${entitlementAvailability}, agreement ${agreement}`;
    if (authorizationStatus !== 'AUTHORIZED' || entitlementAvailability !== 'AVAILABLE' || agreement === 'ERROR') {
      return fail(what, found, 'open the model to the account in the Bedrock console, under Model access');
    }
    if (agreement === 'AVAILABLE') return ok(what, found);
    return warn(
      what,
      found,
      'wait 15 minutes if it is pending; else call it once as one who may aws-marketplace:Subscribe',
    );
  } catch (error) {
    return describeFailure(what, error, 'bedrock:GetFoundationModelAvailability');
  }
}

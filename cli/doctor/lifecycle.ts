import { type BedrockClient, GetFoundationModelCommand } from '@aws-sdk/client-bedrock';
import { day, lifecycleFinding } from '../../functions/shared/model-lifecycle.ts';
import type { ModelEntry } from '../../functions/shared/models.ts';
import { describeFailure } from './failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What Bedrock says of a model's end; `now` is in ms. */
export async function checkLifecycle(
  bedrock: BedrockClient,
  { modelId, model }: ModelEntry,
  now: number,
): Promise<Finding> {
  const what = `Lifecycle of ${modelId}`;
  try {
    const { modelDetails } = await bedrock.send(new GetFoundationModelCommand({ modelIdentifier: model.id }));
    const lifecycle = modelDetails?.modelLifecycle ?? { status: undefined };
    const { status, startOfLifeTime, endOfLifeTime } = lifecycle;
    const finding = lifecycleFinding(lifecycle, now);
    if (!finding) return ok(what, `${status}${startOfLifeTime ? ` since ${day(startOfLifeTime)}` : ''}`);
    const { replacement = 'another' } = model.lifecycle;
    const todo = `name ${replacement} in MODEL_IDS instead`;
    return endOfLifeTime && endOfLifeTime.getTime() <= now ? fail(what, finding, todo) : warn(what, finding, todo);
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      return warn(
        what,
        'not listed in this Region',
        'nothing, where its profile is called from here but it runs elsewhere',
      );
    }
    return describeFailure(what, error, 'bedrock:GetFoundationModel');
  }
}

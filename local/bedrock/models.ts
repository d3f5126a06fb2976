import { BedrockError } from './errors.ts';

/** What the stand-in must know of a model, given to it as data. */
export interface StandInModel {
  /** Foundation model id, without a profile prefix. */
  readonly id: string;
  /** Prefixes of its inference profiles: `us` for `us.anthropic.claude-haiku-5-5`. */
  readonly profiles: readonly string[];
  /** Whether the bare foundation model id can be invoked, without an inference profile. */
  readonly onDemand: boolean;
  /** Sampling parameters: `one` takes temperature or topP but not both, `none` takes only 1 and 0.99 and no top_k. */
  readonly sampling: 'both' | 'one' | 'none';
  /** Whether the model thinks unless it is told not to; such a model takes no thinking budget and no prefill. */
  readonly thinksByDefault: boolean;
  readonly maxOutputTokens: number;
  /** The shortest beginning of a request that a cache point caches, in tokens. */
  readonly cacheMinimumTokens: number;
  /** How many tokens of the quota per minute one token of output uses up. */
  readonly outputBurndownRate: number;
  /** What `serviceTier` may ask for. */
  readonly serviceTiers: readonly string[];
  /** `endOfLife` is the first day (UTC date) on which Bedrock answers 404. */
  readonly lifecycle: { readonly endOfLife?: string };
}

/**
 * Finds the model that Bedrock would run for a model id. ARNs are not known to the stand-in.
 * @param now ms since the epoch, compared with the end of life
 * @throws BedrockError as Bedrock answers: an id that does not exist, needs a profile, or has reached its end of life
 */
export function findModel(models: readonly StandInModel[], modelId: string, now: number): StandInModel {
  const bare = models.find(({ id }) => id === modelId);
  const model = bare ?? models.find(({ id, profiles }) => profiles.some((profile) => `${profile}.${id}` === modelId));
  if (!model) throw new BedrockError('ValidationException', 'The provided model identifier is invalid.');
  const { endOfLife } = model.lifecycle;
  if (endOfLife !== undefined && now >= Date.parse(endOfLife)) {
    const message =
      'This model version has reached the end of its life. Please refer to the AWS documentation for more details.';
    throw new BedrockError('ResourceNotFoundException', message);
  }
  if (bare && !bare.onDemand) {
    // The apostrophe is the typographic one that Bedrock sends.
    const message = `Invocation of model ID ${modelId} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`;
    throw new BedrockError('ValidationException', message);
  }
  return model;
}

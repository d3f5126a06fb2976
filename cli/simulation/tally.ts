import { estimateLambdaUsd, estimateModelUsd, estimateStepFunctionsUsd } from '../../functions/shared/cost.ts';
import type { CallPolicy } from './policy.ts';
import type { Outcome, Simulation } from './workload.ts';

/** Counts what happens in a simulation, and sums it up. */
export class Tally {
  readonly #simulation: Simulation;
  readonly #policy: CallPolicy;
  readonly #answeredBy: number[];
  #failed = 0;
  #calls = 0;
  #callMs = 0;
  #throttled = 0;
  #retries = 0;
  /** Over all prompts, how often one was handed on to a further model. */
  #handedOn = 0;

  constructor(simulation: Simulation, policy: CallPolicy) {
    this.#simulation = simulation;
    this.#policy = policy;
    this.#answeredBy = simulation.models.map(() => 0);
  }

  /** A call that Bedrock took, and that ended after so long. */
  called(ms: number): void {
    this.#calls += 1;
    this.#callMs += ms;
  }

  throttled(): void {
    this.#throttled += 1;
  }

  retried(): void {
    this.#retries += 1;
  }

  answered(modelIndex: number): void {
    this.#answeredBy[modelIndex] = (this.#answeredBy[modelIndex] ?? 0) + 1;
    this.#handedOn += modelIndex;
  }

  failed(modelIndex: number): void {
    this.#failed += 1;
    this.#handedOn += modelIndex;
  }

  outcome(endMs: number): Outcome {
    const { concurrency, prompts, models } = this.#simulation;
    const failed = this.#failed;
    const answered = prompts - failed;
    const attempts = this.#calls + this.#throttled;
    const usd = this.#usd(answered, attempts);
    return {
      concurrency,
      prompts,
      answered,
      failed,
      answeredBy: Object.fromEntries(models.map(({ modelId }, index) => [modelId, this.#answeredBy[index] ?? 0])),
      attempts,
      throttled: this.#throttled,
      seconds: endMs / 1_000,
      goodputPerMinute: answered / (endMs / 60_000),
      attemptsPerPrompt: attempts / prompts,
      failedShare: failed / prompts,
      fallbackShare: (answered - (this.#answeredBy[0] ?? 0)) / prompts,
      usd: { ...usd, total: usd.model + usd.stepFunctions + usd.lambda },
    };
  }

  #usd(answered: number, attempts: number) {
    const { prompts, models, inputTokens, outputTokens } = this.#simulation;
    const { transitionsOfAnswer, transitionsOfFailure, transitionsOfNextModel } = this.#policy;
    const transitions =
      answered * transitionsOfAnswer +
      this.#failed * transitionsOfFailure +
      this.#handedOn * transitionsOfNextModel +
      this.#retries;
    const ofModels = models.map(
      (entry, index) => (this.#answeredBy[index] ?? 0) * estimateModelUsd(entry, { inputTokens, outputTokens }),
    );
    return {
      model: ofModels.reduce((sum, usd) => sum + usd, 0),
      stepFunctions: estimateStepFunctionsUsd(transitions),
      lambda: prompts * estimateLambdaUsd(attempts / prompts, this.#callMs / prompts),
    };
  }
}

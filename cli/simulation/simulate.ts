import { REQUEST_TIMEOUT_MS } from '../../functions/shared/timeouts.ts';
import { RetryCounter } from '../../local/asl/retry.ts';
import { Quota } from '../../local/bedrock/quota.ts';
import { type Chance, createChance, spreadOf } from './chance.ts';
import { type CallPolicy, readCallPolicy } from './policy.ts';
import { Tally } from './tally.ts';
import { Timeline } from './timeline.ts';
import { type Outcome, reservedTokens, type Simulation } from './workload.ts';

/** A model that fails for the moment; which of its errors it is makes no difference to Retry. */
const FAULT = 'ServiceUnavailableException';

/** What invoke-model makes of a call that Bedrock does not answer in time. */
const TIMED_OUT = 'ModelConnectionError';

interface SimulatedModel {
  readonly quota: Quota;
  /** Tokens that a call to it reserves. */
  readonly reserved: number;
}

/** One of the prompts that run at a time. */
interface Slot {
  modelIndex: number;
  retries: RetryCounter | undefined;
  /** Undefined while no call is on its way. */
  call: { error: string | undefined; begunAt: number } | undefined;
  /** When the execution times out. */
  deadline: number;
}

/**
 * Runs prompts through the state machine against the quotas of its models, in virtual time: as many at a time as
 * `concurrency`, each slot with the next prompt as soon as it is free. Pure; the same for the same seed.
 */
export function simulate(simulation: Simulation): Outcome {
  return new Run(simulation, readCallPolicy(simulation.definition)).toEnd();
}

class Run {
  readonly #simulation: Simulation;
  readonly #policy: CallPolicy;
  readonly #models: readonly SimulatedModel[];
  readonly #chance: Chance;
  readonly #latencySpread: number;
  readonly #timeline: Timeline;
  readonly #slots: Slot[];
  readonly #tally: Tally;
  /** Prompts that have not begun. */
  #left: number;

  constructor(simulation: Simulation, policy: CallPolicy) {
    const { models, quota, concurrency, prompts } = simulation;
    this.#simulation = simulation;
    this.#policy = policy;
    this.#models = models.map(({ model }) => ({
      quota: new Quota(quota, model.outputBurndownRate),
      reserved: reservedTokens(model, simulation),
    }));
    this.#chance = createChance(simulation.seed);
    this.#latencySpread = spreadOf(simulation.latency);
    this.#tally = new Tally(simulation, policy);
    this.#left = prompts;
    const atOnce = Math.min(concurrency, prompts);
    this.#timeline = new Timeline(atOnce);
    this.#slots = Array.from({ length: atOnce }, (_, index) => {
      const slot = { modelIndex: 0, retries: undefined, call: undefined, deadline: 0 };
      this.#timeline.add(index, this.#nextPrompt(slot, 0) ?? 0);
      return slot;
    });
  }

  toEnd(): Outcome {
    const timeline = this.#timeline;
    let now = 0;
    for (let index = timeline.first; index !== undefined; index = timeline.first) {
      now = timeline.timeOf(index);
      const slot = this.#slots[index] as Slot;
      const next = now < slot.deadline ? this.#advance(slot, now) : this.#timeOut(slot, now);
      if (next === undefined) timeline.removeFirst();
      else timeline.postponeFirst(Math.min(next, slot.deadline));
    }
    return this.#tally.outcome(now);
  }

  /** Does what a slot waited for; returns what it waits for now, undefined when no prompt is left for it. */
  #advance(slot: Slot, now: number): number | undefined {
    if (!slot.call) return this.#begin(slot, now);
    const { error } = slot.call;
    this.#endCall(slot, error === undefined ? this.#simulation.outputTokens : 0, now);
    if (error !== undefined) return this.#fail(slot, error, now);
    this.#tally.answered(slot.modelIndex);
    return this.#nextPrompt(slot, now);
  }

  /** The execution takes too long, and fails as it stands. */
  #timeOut(slot: Slot, now: number): number | undefined {
    this.#endCall(slot, 0, now);
    this.#tally.failed(slot.modelIndex);
    return this.#nextPrompt(slot, now);
  }

  #endCall(slot: Slot, output: number, now: number): void {
    if (!slot.call) return;
    const { quota, reserved } = this.#model(slot);
    quota.end(reserved, { input: this.#simulation.inputTokens, output }, now);
    this.#tally.called(now - slot.call.begunAt);
    slot.call = undefined;
  }

  #begin(slot: Slot, now: number): number | undefined {
    const { quota, reserved } = this.#model(slot);
    if (quota.begin(reserved, now)) {
      this.#tally.throttled();
      return this.#fail(slot, 'ThrottlingException', now);
    }
    const { latency, errorRate, timeoutRate } = this.#simulation;
    const ms = latency.p50 * Math.exp(this.#latencySpread * this.#chance.normal()) * 1_000;
    const fate = this.#chance.uniform();
    const isLate = ms >= REQUEST_TIMEOUT_MS || fate < timeoutRate;
    slot.call = { error: isLate ? TIMED_OUT : fate < timeoutRate + errorRate ? FAULT : undefined, begunAt: now };
    return now + (isLate ? REQUEST_TIMEOUT_MS : ms);
  }

  #fail(slot: Slot, error: string, now: number): number | undefined {
    slot.retries ??= new RetryCounter(this.#policy.retriers);
    const retry = slot.retries.next(error);
    if (retry) {
      this.#tally.retried();
      return now + retry.delaySeconds * 1_000 * (retry.hasJitter ? this.#chance.uniform() : 1);
    }
    slot.retries = undefined;
    if (this.#policy.leadsToNextModel(error) && slot.modelIndex + 1 < this.#models.length) {
      slot.modelIndex += 1;
      return this.#begin(slot, now);
    }
    this.#tally.failed(slot.modelIndex);
    return this.#nextPrompt(slot, now);
  }

  #nextPrompt(slot: Slot, now: number): number | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    slot.modelIndex = 0;
    slot.retries = undefined;
    slot.deadline = now + this.#policy.executionMs;
    return now + this.#simulation.overheadMs;
  }

  #model({ modelIndex }: Slot): SimulatedModel {
    return this.#models[modelIndex] as SimulatedModel;
  }
}

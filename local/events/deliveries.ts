import type { Clock } from '../engine/clock.ts';
import type { DeliveryRecord, Table } from '../store/store.ts';
import { buildInput } from './target-input.ts';

/** Why a target did not take an event; what would fail again is not tried again. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  readonly code: string;
  readonly isRetryable: boolean;

  constructor(code: string, message: string, isRetryable: boolean) {
    super(message);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

export interface DeliveryOptions {
  readonly table: Table<DeliveryRecord>;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** Resolves when the target is done with its input; a second time under one name changes nothing. Throws DeliveryFailure. */
  invoke(targetArn: string, name: string, input: string): Promise<void>;
  /**
   * Puts an event that could not be delivered into a queue, or drops it where the target names none. Resolves with false
   * when the queue cannot take it now.
   */
  giveUp(queueArn: string | undefined, body: string, attributes: Readonly<Record<string, string>>): Promise<boolean>;
}

export interface Deliveries {
  /** Delivers what is in the table, until it is delivered or given up. */
  begin(delivery: DeliveryRecord): void;
  /** Goes on with what an earlier process left. */
  resume(): void;
  /** Leaves what is under way in the table, for a later process. */
  halt(): void;
}

/** "By default, EventBridge retries sending the event for 24 hours and up to 185 times" (user guide, "Retry policy"). */
const MOST_ATTEMPTS = 185;
const MOST_AGE_SECONDS = 86_400;

/** "With an exponential back off and jitter": AWS does not say how long; these are ours. */
const FIRST_DELAY_MS = 1_000;
const MOST_DELAY_MS = 60_000;

/** Brings events to their targets, at least once each. */
export function createDeliveries({ table, clock, random, invoke, giveUp }: DeliveryOptions): Deliveries {
  const timers = new Set<() => void>();
  let isHalted = false;

  const attempt = async (delivery: DeliveryRecord, retries: number): Promise<void> => {
    const { deliveryId, event, ruleArn, ruleName, target, ingestionTime } = delivery;
    const context = { ruleArn, ruleName, ingestionTime: toIsoSeconds(ingestionTime) };
    try {
      // AWS names the executions that it starts by the event and an id of its own.
      await invoke(target.Arn, `${event.id}_${deliveryId}`, buildInput(target, event, context));
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error;
      const exhausted = error.isRetryable ? exhaustedCondition(delivery, retries, clock.now()) : undefined;
      if (error.isRetryable && exhausted === undefined) {
        retryLater(delivery, retries + 1);
        return;
      }
      const attributes = {
        RULE_ARN: ruleArn,
        TARGET_ARN: target.Arn,
        ERROR_CODE: error.code,
        ERROR_MESSAGE: error.message,
        ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
        RETRY_ATTEMPTS: String(retries),
      };
      const isKept = await giveUp(target.DeadLetterConfig?.Arn, JSON.stringify(event), attributes);
      if (!isKept) {
        retryLater(delivery, retries);
        return;
      }
    }
    if (!isHalted) table.delete(deliveryId);
  };
  const retryLater = (delivery: DeliveryRecord, retries: number): void => {
    if (isHalted) return;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, retries - 1), MOST_DELAY_MS) * (0.5 + random() / 2);
    const cancel = clock.at(clock.now() + delay, () => {
      timers.delete(cancel);
      void attempt(delivery, retries);
    });
    timers.add(cancel);
  };
  const begin = (delivery: DeliveryRecord): void => void attempt(delivery, 0);
  return {
    begin,
    resume() {
      for (const delivery of table.list()) begin(delivery);
    },
    halt() {
      isHalted = true;
      for (const cancel of timers) cancel();
    },
  };
}

/** Which limit of the retry policy is reached, in AWS's words for it. */
function exhaustedCondition({ target, ingestionTime }: DeliveryRecord, retries: number, now: number) {
  const { MaximumRetryAttempts = MOST_ATTEMPTS, MaximumEventAgeInSeconds = MOST_AGE_SECONDS } =
    target.RetryPolicy ?? {};
  if (retries >= MaximumRetryAttempts) return 'MaximumRetryAttempts';
  return now - ingestionTime >= MaximumEventAgeInSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/** `2026-11-24T12:00:00Z`, as events show times. */
export function toIsoSeconds(millis: number): string {
  return new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');
}

import { checkInputPath, type InputTransformer, undefinedPlaceholders } from '../../events/target-input.ts';
import type { TargetRecord } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { findRule } from '../event-buses.ts';
import { busNameOrArn, ruleName, targets } from '../event-fields.ts';
import { findJsonProblem } from '../json-text.ts';
import { readParameters, required } from '../parameters.ts';
import { QUEUE_ARN } from '../queues.ts';

const FIELDS = { Rule: required(ruleName), EventBusName: busNameOrArn, Targets: required(targets) };

/** "Up to five targets for each rule" (EventBridge user guide, "Targets"). */
const MOST_TARGETS = 5;

const STATE_MACHINE = /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+(:[^:]+)?$/;

/** "Adds the specified targets to the specified rule, or updates the targets" that have an Id of the rule's. */
export const PutTargets: Action = async (body, context) => {
  const { Rule, EventBusName, Targets } = readParameters(body, FIELDS);
  const rule = findRule(context, Rule, EventBusName);
  const given = Targets as unknown as TargetRecord[];
  for (const target of given) checkTarget(target);
  const all = new Map([...rule.targets, ...given].map((target) => [target.Id, withoutUndefined(target)]));
  if (all.size > MOST_TARGETS) {
    throw new ApiError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
  }
  context.store.rules.put({ ...rule, targets: [...all.values()] });
  await context.store.flush();
  return { FailedEntryCount: 0, FailedEntries: [] };
};

function checkTarget({ Id, Arn, RoleArn, Input, InputPath, InputTransformer, DeadLetterConfig }: TargetRecord): void {
  if (!STATE_MACHINE.test(Arn)) throw invalid(`Target ${Id}: ${Arn} is no state machine, the only kind of target here`);
  if (RoleArn === undefined) throw invalid(`RoleArn is required for target ${Arn}.`);
  const queue = DeadLetterConfig?.Arn;
  if (queue !== undefined && !QUEUE_ARN.test(queue)) {
    throw invalid(`Dead-letter queue of target ${Id}: ${queue} is no ARN of an SQS queue`);
  }
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && findJsonProblem(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`);
  if (InputPath !== undefined) checkPath(InputPath, Id);
  if (InputTransformer) checkTransformer(InputTransformer, Id);
}

function checkTransformer(transformer: InputTransformer, id: string): void {
  for (const path of Object.values(transformer.InputPathsMap ?? {})) checkPath(path, id);
  const [placeholder] = undefinedPlaceholders(transformer);
  if (placeholder === undefined) return;
  throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${placeholder}.`);
}

function checkPath(path: string, id: string): void {
  try {
    checkInputPath(path);
  } catch (error) {
    throw invalid(`Invalid InputPath for target ${id}: ${(error as Error).message}`);
  }
}

function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message);
}

/** The fields that a target has. */
function withoutUndefined(target: TargetRecord): TargetRecord {
  return JSON.parse(JSON.stringify(target)) as TargetRecord;
}

import { type Action, findActivity } from '../context.ts';
import { arn, name } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

/** "The maximum time the service holds on to the request before responding is 60 seconds" (API reference). */
const LONG_POLL_MS = 60_000;

const FIELDS = { activityArn: required(arn), workerName: name };

/** Waits for a task of the activity; an answer without a token says that none came. */
export const GetActivityTask: Action = async (body, context, signal) => {
  const { activityArn, workerName } = readParameters(body, FIELDS);
  findActivity(context, activityArn);
  const { activities, engine, clock, store } = context;
  const until = clock.now() + LONG_POLL_MS;
  for (;;) {
    const task = await activities.take(activityArn, until, signal);
    if (!task) return {};
    const isStarted = await engine.answerTask(task.taskToken, { kind: 'started', workerName });
    if (!isStarted) continue; // its execution ended meanwhile
    await store.flush();
    return { ...task };
  }
};

import type { Action } from '../context.ts';
import { putEvents } from '../put-events.ts';

/** Answers when every event that a rule matches is stored, with its targets. */
export const PutEvents: Action = (body, context) => putEvents(body, context);

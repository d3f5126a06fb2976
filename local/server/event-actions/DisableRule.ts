import type { Action } from '../context.ts';
import { setState } from './EnableRule.ts';

export const DisableRule: Action = (body, context) => setState(body, context, 'DISABLED');

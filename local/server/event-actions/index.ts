import type { Action } from '../context.ts';
import { CreateEventBus } from './CreateEventBus.ts';
import { DeleteEventBus } from './DeleteEventBus.ts';
import { DeleteRule } from './DeleteRule.ts';
import { DescribeEventBus } from './DescribeEventBus.ts';
import { DescribeRule } from './DescribeRule.ts';
import { DisableRule } from './DisableRule.ts';
import { EnableRule } from './EnableRule.ts';
import { ListEventBuses } from './ListEventBuses.ts';
import { ListRuleNamesByTarget } from './ListRuleNamesByTarget.ts';
import { ListRules } from './ListRules.ts';
import { ListTargetsByRule } from './ListTargetsByRule.ts';
import { PutEvents } from './PutEvents.ts';
import { PutRule } from './PutRule.ts';
import { PutTargets } from './PutTargets.ts';
import { RemoveTargets } from './RemoveTargets.ts';
import { TestEventPattern } from './TestEventPattern.ts';

/** Every action of EventBridge that the server answers, by its name in the API. */
export const EVENT_ACTIONS: Readonly<Record<string, Action>> = {
  CreateEventBus,
  DeleteEventBus,
  DeleteRule,
  DescribeEventBus,
  DescribeRule,
  DisableRule,
  EnableRule,
  ListEventBuses,
  ListRuleNamesByTarget,
  ListRules,
  ListTargetsByRule,
  PutEvents,
  PutRule,
  PutTargets,
  RemoveTargets,
  TestEventPattern,
};

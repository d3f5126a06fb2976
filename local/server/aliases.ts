import type { AliasRecord, Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { checkArn, withoutQualifier } from './arns.ts';
import type { ServerContext } from './context.ts';
import { arn } from './fields.ts';
import { integer, list, required, structure } from './parameters.ts';

type Route = AliasRecord['routingConfiguration'][number];

export const routingConfiguration = list(
  structure({ stateMachineVersionArn: required(arn), weight: required(integer(0, 100)) }),
  {
    least: 1,
    most: 2,
    show(routes) {
      const texts = routes.map(
        ({ stateMachineVersionArn, weight }) =>
          `RoutingConfigurationListItem(stateMachineVersionArn=${stateMachineVersionArn}, weight=${weight})`,
      );
      return `[${texts.join(', ')}]`;
    },
  },
);

/** Checks routes in AWS's order, and answers the state machine they lead to. Throws ValidationException, InvalidArn. */
export function checkRoutes(store: Store, routes: readonly Route[]): string {
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const weights = routes.map(({ weight }) => weight);
  for (const arn of arns) checkArn(arn, 'stateMachine');
  if (new Set(arns).size < arns.length) throw invalidRoutes('must contain distinct state machine version ARNs', arns);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    const message = `Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`;
    throw new ApiError('ValidationException', message);
  }
  if (!arns.every((arn) => store.versions.get(arn))) {
    throw invalidRoutes('must contain state machine version ARNs', arns);
  }
  const machines = new Set(arns.map(withoutQualifier));
  if (machines.size > 1) throw invalidRoutes('must contain versions of the same state machine', arns);
  return [...machines].join();
}

function invalidRoutes(rule: string, arns: readonly string[]): ApiError {
  return new ApiError('ValidationException', `Routing configuration ${rule}. Received: [${arns.join(', ')}]`);
}

/** Throws InvalidArn, ResourceNotFound. */
export function findAlias({ store }: ServerContext, stateMachineAliasArn: string): AliasRecord {
  checkArn(stateMachineAliasArn, 'stateMachine');
  const alias = store.aliases.get(stateMachineAliasArn);
  if (!alias) throw new ApiError('ResourceNotFound', 'Request references a resource that does not exist.');
  return alias;
}

/** The version that the next execution of an alias runs: each as often as its weight says. */
export function chooseRoute({ routingConfiguration: [first, second] }: AliasRecord, random: number): string {
  const route = second && random * 100 >= (first?.weight ?? 0) ? second : first;
  return route?.stateMachineVersionArn ?? '';
}

import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, FAIL, MACHINE, PASS, refusal, startServer } from './helpers.ts';

const ALIAS = `${MACHINE}:live`;
const to = (...routes: [number, number][]) =>
  routes.map(([version, weight]) => ({ stateMachineVersionArn: `${MACHINE}:${version}`, weight }));

/** A server with two versions: the first succeeds, the second fails. */
async function startWithVersions(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  await server.create(PASS, { publish: true });
  await server.sfn.updateStateMachine({
    stateMachineArn: MACHINE,
    definition: JSON.stringify(FAIL),
    publish: true,
  });
  const alias = (name: string, routingConfiguration: ReturnType<typeof to>, description?: string) =>
    server.sfn.createStateMachineAlias({ name, routingConfiguration, description });
  return { ...server, alias };
}

describe('aliases', () => {
  test('are created, described and updated', async () => {
    const clock = createManualClock(START);
    const { sfn, alias } = await startWithVersions({ clock });
    expect(await answer(alias('live', to([1, 100]), 'what users get'))).toEqual({
      stateMachineAliasArn: ALIAS,
      creationDate: new Date(START),
    });
    await clock.advance(1000);
    const described = {
      stateMachineAliasArn: ALIAS,
      name: 'live',
      description: 'what users get',
      routingConfiguration: to([1, 100]),
      creationDate: new Date(START),
      updateDate: new Date(START),
    };
    const describeAlias = () => answer(sfn.describeStateMachineAlias({ stateMachineAliasArn: ALIAS }));
    expect(await describeAlias()).toEqual(described);
    const update = (input: object) => answer(sfn.updateStateMachineAlias({ stateMachineAliasArn: ALIAS, ...input }));
    const updateDate = new Date(START + 1000);
    expect(await update({ description: 'new' })).toEqual({ updateDate });
    expect(await describeAlias()).toEqual({ ...described, description: 'new', updateDate });
    await update({ routingConfiguration: to([1, 50], [2, 50]) });
    expect(await describeAlias()).toEqual({
      ...described,
      description: 'new',
      updateDate,
      routingConfiguration: to([1, 50], [2, 50]),
    });
  });

  test('are created once under a name', async () => {
    const { alias } = await startWithVersions();
    const created = await answer(alias('live', to([1, 100])));
    expect(await answer(alias('live', to([1, 100])))).toEqual(created);
    const conflict =
      'ConflictException: Failed to create alias because an alias with the same name and a different routing configuration already exists.';
    expect(await refusal(alias('live', to([2, 100])))).toBe(conflict);
    expect(await refusal(alias('live', to([1, 100]), 'other'))).toBe(conflict);
  });

  test('are listed of a state machine and of a version, in pages, and not after they were deleted', async () => {
    const { sfn, alias } = await startWithVersions();
    await alias('b', to([1, 100]));
    await alias('a', to([2, 100]));
    const list = async (input: object = {}, stateMachineArn = MACHINE) => {
      const { stateMachineAliases, nextToken } = await sfn.listStateMachineAliases({ stateMachineArn, ...input });
      return { names: stateMachineAliases?.map((item) => item.stateMachineAliasArn?.split(':').at(-1)), nextToken };
    };
    expect(await list()).toEqual({ names: ['b', 'a'], nextToken: undefined });
    expect(await list({}, `${MACHINE}:2`)).toEqual({ names: ['a'], nextToken: undefined });
    const { names, nextToken } = await list({ maxResults: 1 });
    expect([names, (await list({ nextToken })).names]).toEqual([['b'], ['a']]);
    for (const _ of [1, 2]) {
      expect(await answer(sfn.deleteStateMachineAlias({ stateMachineAliasArn: `${MACHINE}:b` }))).toEqual({});
    }
    expect((await list()).names).toEqual(['a']);
  });

  test.each([
    [0, 'SUCCEEDED', 1],
    [0.2999, 'SUCCEEDED', 1],
    [0.3, 'FAILED', 2],
    [0.9999, 'FAILED', 2],
  ])('route by weight: %s of 30 to 70 ends %s', async (random, status, number) => {
    const { alias, run } = await startWithVersions({ random: () => random });
    await alias('live', to([1, 30], [2, 70]));
    expect(await run('a', ALIAS)).toMatchObject({
      status,
      executionArn: executionArn('a'),
      stateMachineArn: MACHINE,
      stateMachineVersionArn: `${MACHINE}:${number}`,
      stateMachineAliasArn: ALIAS,
    });
  });

  test('list the executions that were started with them', async () => {
    const { sfn, alias, run } = await startWithVersions();
    await alias('live', to([1, 100]));
    await run('with-alias', ALIAS);
    await run('with-version', `${MACHINE}:1`);
    const { executions } = await sfn.listExecutions({ stateMachineArn: ALIAS });
    expect(executions?.map(({ name, stateMachineAliasArn }) => [name, stateMachineAliasArn])).toEqual([
      ['with-alias', ALIAS],
    ]);
  });

  test('keep their versions from being deleted', async () => {
    const { sfn, alias } = await startWithVersions();
    await alias('live', to([1, 100]));
    await alias('next', to([1, 50], [2, 50]));
    const remove = () => sfn.deleteStateMachineVersion({ stateMachineVersionArn: `${MACHINE}:1` });
    expect(await refusal(remove())).toBe(
      'ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live, next]',
    );
  });

  const PATTERN =
    'failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$';
  const three = to([1, 50], [2, 30], [3, 20]);
  test.each<[string, string, object[], string]>([
    ['a number as name', '123', to([1, 100]), `1 validation error detected: Value '123' at 'name' ${PATTERN}`],
    ['a name with a space', 'a b', to([1, 100]), `1 validation error detected: Value 'a b' at 'name' ${PATTERN}`],
    [
      'no route',
      'live',
      [],
      "1 validation error detected: Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'three routes',
      'live',
      three,
      `1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=${MACHINE}:1, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=${MACHINE}:2, weight=30), RoutingConfigurationListItem(stateMachineVersionArn=${MACHINE}:3, weight=20)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2`,
    ],
    [
      'a weight over 100',
      'live',
      to([1, 101]),
      "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      'the same version twice',
      'live',
      to([1, 50], [1, 50]),
      `Routing configuration must contain distinct state machine version ARNs. Received: [${MACHINE}:1, ${MACHINE}:1]`,
    ],
    [
      'a state machine instead of a version',
      'live',
      [{ stateMachineVersionArn: MACHINE, weight: 50 }, ...to([2, 50])],
      `Routing configuration must contain state machine version ARNs. Received: [${MACHINE}, ${MACHINE}:2]`,
    ],
    [
      'weights of less than 100',
      'live',
      to([1, 70], [2, 29]),
      'Sum of routing configuration weights must equal 100. Received: [70, 29]',
    ],
  ])('refuse %s', async (_, name, routingConfiguration, message) => {
    const { alias } = await startWithVersions();
    expect(await refusal(alias(name, routingConfiguration as ReturnType<typeof to>))).toBe(
      `ValidationException: ${message}`,
    );
  });

  test('are not found where they are not', async () => {
    const { sfn } = await startWithVersions();
    const notFound = 'ResourceNotFound: Request references a resource that does not exist.';
    expect(await refusal(sfn.describeStateMachineAlias({ stateMachineAliasArn: ALIAS }))).toBe(notFound);
    const update = (input: object) => refusal(sfn.updateStateMachineAlias({ stateMachineAliasArn: ALIAS, ...input }));
    expect(await update({ description: 'x' })).toBe(notFound);
    expect(await update({})).toBe(
      'ValidationException: Either the description or the RoutingConfiguration must be specified',
    );
    expect(await refusal(sfn.startExecution({ stateMachineArn: ALIAS }))).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${ALIAS}'`,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, FAIL, MACHINE, PASS, refusal, startServer, WAIT } from './helpers.ts';

const version = (number: number): string => `${MACHINE}:${number}`;
const update = (definition: object) => ({ stateMachineArn: MACHINE, definition: JSON.stringify(definition) });

describe('versions', () => {
  test('are published when a state machine is created, and described by their own ARN', async () => {
    const { sfn, create } = await startServer();
    expect(await create(PASS, { publish: true, versionDescription: 'first' })).toEqual({
      stateMachineArn: MACHINE,
      creationDate: new Date(START),
      stateMachineVersionArn: version(1),
    });
    const described = await answer(sfn.describeStateMachine({ stateMachineArn: version(1) }));
    expect(described).toMatchObject({ stateMachineArn: version(1), name: 'machine', description: 'first' });
    expect(await sfn.describeStateMachine({ stateMachineArn: MACHINE })).not.toHaveProperty('description');
  });

  test('are published by an update, and keep the revision they were made of', async () => {
    const clock = createManualClock(START);
    const { sfn, create } = await startServer({ clock });
    await create(PASS);
    const first = await answer(sfn.updateStateMachine({ ...update(WAIT), publish: true }));
    expect(first).toMatchObject({ stateMachineVersionArn: version(1) });
    await clock.advance(1000);
    const second = await answer(sfn.updateStateMachine({ ...update(FAIL), publish: true, versionDescription: 'two' }));
    expect(second).toMatchObject({ stateMachineVersionArn: version(2) });
    expect(await sfn.describeStateMachine({ stateMachineArn: version(1) })).toMatchObject({
      definition: JSON.stringify(WAIT),
      revisionId: first.revisionId,
      creationDate: new Date(START),
    });
    expect(await sfn.describeStateMachine({ stateMachineArn: version(2) })).toMatchObject({
      definition: JSON.stringify(FAIL),
      revisionId: second.revisionId,
      creationDate: new Date(START + 1000),
      description: 'two',
    });
    expect(await answer(sfn.listStateMachineVersions({ stateMachineArn: MACHINE }))).toEqual({
      stateMachineVersions: [
        { stateMachineVersionArn: version(2), creationDate: new Date(START + 1000) },
        { stateMachineVersionArn: version(1), creationDate: new Date(START) },
      ],
    });
  });

  test('are published once for a revision', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    const publish = () => answer(sfn.publishStateMachineVersion({ stateMachineArn: MACHINE, description: 'one' }));
    const published = { stateMachineVersionArn: version(1), creationDate: new Date(START) };
    expect(await publish()).toEqual(published);
    expect(await publish()).toEqual(published);
    const updated = await answer(sfn.updateStateMachine({ ...update(PASS), publish: true }));
    expect(updated).toEqual({ updateDate: new Date(START), stateMachineVersionArn: version(1) });
  });

  test('never get the number of one that was deleted', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { publish: true });
    await sfn.updateStateMachine({ ...update(WAIT), publish: true });
    await sfn.deleteStateMachineVersion({ stateMachineVersionArn: version(2) });
    expect(await sfn.publishStateMachineVersion({ stateMachineArn: MACHINE })).toMatchObject({
      stateMachineVersionArn: version(3),
    });
  });

  test('are listed in pages', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { publish: true });
    for (const definition of [WAIT, FAIL]) await sfn.updateStateMachine({ ...update(definition), publish: true });
    const list = (input: object) => sfn.listStateMachineVersions({ stateMachineArn: MACHINE, ...input });
    const { stateMachineVersions, nextToken } = await list({ maxResults: 2 });
    const rest = await list({ nextToken });
    const arns = [stateMachineVersions, rest.stateMachineVersions].map((page) =>
      page?.map(({ stateMachineVersionArn }) => stateMachineVersionArn),
    );
    expect(arns).toEqual([[version(3), version(2)], [version(1)]]);
    expect(rest.nextToken).toBeUndefined();
  });

  test('may be deleted twice', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { publish: true });
    for (const _ of [1, 2]) {
      expect(await answer(sfn.deleteStateMachineVersion({ stateMachineVersionArn: version(1) }))).toEqual({});
    }
    expect((await sfn.listStateMachineVersions({ stateMachineArn: MACHINE })).stateMachineVersions).toEqual([]);
  });

  test('are published only of the revision that was meant', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    const publish = (revisionId: string) =>
      refusal(sfn.publishStateMachineVersion({ stateMachineArn: MACHINE, revisionId }));
    expect(await publish('old')).toBe(
      'ConflictException: Failed to publish the State Machine version for revision old. The current State Machine revision is INITIAL.',
    );
    expect(await publish('INITIAL')).toBe('nothing refused');
    const { revisionId } = await sfn.updateStateMachine(update(WAIT));
    expect(await publish('INITIAL')).toBe(
      `ConflictException: Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is ${revisionId}.`,
    );
  });

  test('are not there without their state machine', async () => {
    const { sfn } = await startServer();
    expect(await refusal(sfn.publishStateMachineVersion({ stateMachineArn: MACHINE }))).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}'`,
    );
    expect((await sfn.listStateMachineVersions({ stateMachineArn: MACHINE })).stateMachineVersions).toEqual([]);
  });

  test('run what they were made of, and their executions say so', async () => {
    const { sfn, create, run } = await startServer();
    await create(PASS, { publish: true });
    await sfn.updateStateMachine(update(FAIL));
    const ofVersion = await run('of-version', version(1));
    expect(ofVersion).toMatchObject({
      status: 'SUCCEEDED',
      executionArn: executionArn('of-version'),
      stateMachineArn: MACHINE,
      stateMachineVersionArn: version(1),
    });
    expect(ofVersion).not.toHaveProperty('stateMachineAliasArn');
    const ofMachine = await run('of-machine');
    expect(ofMachine).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(ofMachine).not.toHaveProperty('stateMachineVersionArn');
    const { executions } = await sfn.listExecutions({ stateMachineArn: version(1) });
    expect(executions?.map(({ name, stateMachineVersionArn }) => [name, stateMachineVersionArn])).toEqual([
      ['of-version', version(1)],
    ]);
  });
});

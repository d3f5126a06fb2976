import { describe, expect, test } from '@jest/globals';
import { activityArn, answer, executionArn, MACHINE, PASS, refusal, startServer } from './helpers.ts';

describe('tags', () => {
  test('are given at creation, added, replaced and removed', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { tags: [{ key: 'team', value: 'one' }] });
    const tags = async () => (await sfn.listTagsForResource({ resourceArn: MACHINE })).tags;
    expect(await tags()).toEqual([{ key: 'team', value: 'one' }]);
    const added = [
      { key: 'team', value: 'two' },
      { key: '7', value: '' },
      { key: '__proto__', value: 'x' },
    ];
    expect(await answer(sfn.tagResource({ resourceArn: MACHINE, tags: added }))).toEqual({});
    expect(await tags()).toEqual(added);
    expect(await answer(sfn.untagResource({ resourceArn: MACHINE, tagKeys: ['team', '__proto__', 'none'] }))).toEqual(
      {},
    );
    expect(await tags()).toEqual([{ key: '7', value: '' }]);
  });

  test('belong to activities, too', async () => {
    const { sfn } = await startServer();
    await sfn.createActivity({ name: 'work', tags: [{ key: 'a', value: 'b' }] });
    const resourceArn = activityArn('work');
    expect((await sfn.listTagsForResource({ resourceArn })).tags).toEqual([{ key: 'a', value: 'b' }]);
  });

  test('are 50 at most', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: '' }));
    await sfn.tagResource({ resourceArn: MACHINE, tags: tags(50) });
    expect(await refusal(sfn.tagResource({ resourceArn: MACHINE, tags: tags(51) }))).toBe(
      `TooManyTags: A resource can have 50 tags, but '${MACHINE}' would have 51`,
    );
  });

  test.each<[string, string, object[], string]>([
    ['a version', `${MACHINE}:1`, [], `ResourceNotFound: Resource not found: '${MACHINE}:1'`],
    [
      'an activity that is not there',
      activityArn('x'),
      [],
      `ResourceNotFound: Resource not found: '${activityArn('x')}'`,
    ],
    [
      'an execution',
      executionArn('a'),
      [],
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
    ],
    [
      'a key without a character',
      MACHINE,
      [{ key: '', value: 'x' }],
      "ValidationException: 1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])('are refused for %s', async (_, resourceArn, tags, message) => {
    const { sfn, create } = await startServer();
    await create(PASS, { publish: true });
    expect(await refusal(sfn.tagResource({ resourceArn, tags }))).toBe(message);
  });
});

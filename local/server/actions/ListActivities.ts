import { type Action, toSeconds } from '../context.ts';
import { PAGE, takePage } from '../pages.ts';
import { readParameters } from '../parameters.ts';

/** By name, as ListStateMachines. */
export const ListActivities: Action = (body, { store }) => {
  const request = readParameters(body, PAGE);
  const all = store.activities.list().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { page, next } = takePage(all, ({ activityArn }) => activityArn, request);
  const activities = page.map(({ activityArn, name, creationDate }) => ({
    activityArn,
    name,
    creationDate: toSeconds(creationDate),
  }));
  return { activities, ...next };
};

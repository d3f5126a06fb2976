import type { ModelEntry } from '../../functions/shared/models.ts';
import { checkAvailability } from './availability.ts';
import type { Clients } from './clients.ts';
import type { Finding } from './finding.ts';
import { checkLifecycle } from './lifecycle.ts';
import { checkProfile } from './profiles.ts';
import { checkQuotas } from './quotas.ts';

export { checkStateMachine } from './state-machine.ts';

/** All that the account can tell of these models, in a fixed order; `now` is in ms. */
export async function checkModels(
  { bedrock, quotas }: Clients,
  entries: readonly ModelEntry[],
  region: string,
  now: number,
): Promise<Finding[]> {
  const each = (check: (entry: ModelEntry) => Promise<Finding | undefined>) => Promise.all(entries.map(check));
  const found = await Promise.all([
    each((entry) => checkAvailability(bedrock, entry)),
    each((entry) => checkLifecycle(bedrock, entry, now)),
    each((entry) => checkProfile(bedrock, entry, region)),
    checkQuotas(quotas, entries),
  ]);
  return found.flat().filter((finding) => finding !== undefined);
}

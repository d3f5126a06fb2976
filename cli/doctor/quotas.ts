import { paginateListServiceQuotas, type ServiceQuota, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { ModelEntry } from '../../functions/shared/models.ts';
import { describeFailure } from './failure.ts';
import { type Finding, ok, warn } from './finding.ts';

const MORE = 'ask for more in Service Quotas, Amazon Bedrock';

/** The account's tokens and requests per minute of each model, as far as Service Quotas names them. */
export async function checkQuotas(client: ServiceQuotasClient, entries: readonly ModelEntry[]): Promise<Finding[]> {
  try {
    const quotas: ServiceQuota[] = [];
    for await (const page of paginateListServiceQuotas({ client, pageSize: 100 }, { ServiceCode: 'bedrock' }))
      quotas.push(...(page.Quotas ?? []));
    return entries.map((entry) => describeQuotas(entry, quotas));
  } catch (error) {
    return [describeFailure('Quotas', error, 'servicequotas:ListServiceQuotas')];
  }
}

function describeQuotas(entry: ModelEntry, quotas: readonly ServiceQuota[]): Finding {
  const what = `Quotas of ${entry.modelId}`;
  const own = quotas.flatMap(({ QuotaName = '', Value }) => {
    const unit = unitOf(QuotaName, entry);
    return unit && Value !== undefined ? [{ unit, value: Value }] : [];
  });
  if (own.length === 0) return warn(what, 'not named in Service Quotas', 'look for them in the Bedrock console');
  const found = own.map(({ unit, value }) => `${value.toLocaleString('en-US')} ${unit} per minute`).join(', ');
  return own.some(({ value }) => value === 0) ? warn(what, found, MORE) : ok(what, found);
}

/** Service Quotas has one name for each kind of profile: `Global cross-region model inference tokens per minute for Anthropic Claude Haiku 4.5`. */
function unitOf(quotaName: string, { model, profile }: ModelEntry): string | undefined {
  const kind = profile === undefined ? 'on-demand' : profile === 'global' ? 'global cross-region' : 'cross-region';
  const [, found, unit, name] =
    /^(.+) model inference (tokens|requests) per minute for Anthropic (.+?)(?: V\d+)?$/i.exec(quotaName) ?? [];
  return found?.toLowerCase() === kind && name?.toLowerCase() === model.name.toLowerCase() ? unit : undefined;
}

import type { BedrockClient } from '@aws-sdk/client-bedrock';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { STSClient } from '@aws-sdk/client-sts';

/** The services that are asked; every call of theirs only reads. */
export interface Clients {
  readonly sts: STSClient;
  readonly bedrock: BedrockClient;
  readonly quotas: ServiceQuotasClient;
  readonly sfn: SFNClient;
}

/** A machine without network gets its answer within seconds. */
const REQUEST_HANDLER = { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true };

/** Clients with the SDK's standard credentials, in this Region. */
export async function openClients(region: string): Promise<Clients> {
  const [{ STSClient }, { BedrockClient }, { ServiceQuotasClient }, { SFNClient }] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('@aws-sdk/client-bedrock'),
    import('@aws-sdk/client-service-quotas'),
    import('@aws-sdk/client-sfn'),
  ]);
  const config = { region, requestHandler: REQUEST_HANDLER, maxAttempts: 2 };
  return {
    sts: new STSClient(config),
    bedrock: new BedrockClient(config),
    quotas: new ServiceQuotasClient(config),
    sfn: new SFNClient(config),
  };
}

/** The Region of the AWS configuration files; undefined when there is none. */
export async function findRegion(): Promise<string | undefined> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  return new STSClient({}).config.region().catch(() => undefined);
}

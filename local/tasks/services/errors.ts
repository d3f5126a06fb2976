import { StateFailure } from '../../asl/errors.ts';
import { javaName } from './names.ts';

/** How an integration names errors, and what it says of them. */
export interface ErrorStyle {
  /** Before the dot of an error's name. */
  readonly prefix: string;
  /** Of an error that the service's model does not have. */
  readonly unmodeled: string;
  describe(message: string, code: string, status: number, requestId: string): string;
}

/** Optimized integrations use version 1 of AWS's SDK for Java; the names are as recorded on AWS. */
const OPTIMIZED: Readonly<Record<string, readonly [prefix: string, unmodeled: string, service: string]>> = {
  dynamodb: ['DynamoDB', 'AmazonDynamoDBException', 'AmazonDynamoDBv2'],
  sns: ['SNS', 'AmazonSNSException', 'AmazonSNS'],
};

export const OPTIMIZED_SERVICES: readonly string[] = Object.keys(OPTIMIZED);

export function optimizedStyle(service: string): ErrorStyle {
  const [prefix, unmodeled, name] = OPTIMIZED[service] ?? [service, 'SdkClientException', service];
  return {
    prefix,
    unmodeled,
    describe: (message, code, status, requestId) =>
      `${message} (Service: ${name}; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  };
}

/** The others use version 2: `DynamoDb.ConditionalCheckFailedException`, `SecretsManager.SecretsManagerException`. */
export function sdkStyle(serviceId: string): ErrorStyle {
  const prefix = javaName(serviceId);
  return {
    prefix,
    unmodeled: `${prefix}Exception`,
    describe: (message, _, status, requestId) =>
      `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId}) (SDK Attempt Count: 1)`,
  };
}

interface ServiceError extends Error {
  readonly Code?: string;
  readonly code?: string;
  readonly Error?: { readonly Code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** What a client threw as the failure of its task. */
export function toFailure(thrown: unknown, style: ErrorStyle): StateFailure {
  const error = thrown as ServiceError;
  const { httpStatusCode: status, requestId = 'none' } = error.$metadata ?? {};
  if (status === undefined) {
    const why = error.message || error.code || error.name;
    return new StateFailure(`${style.prefix}.SdkClientException`, `Unable to execute HTTP request: ${why}`);
  }
  const code = error.Error?.Code ?? error.Code ?? error.name;
  // The client has a class of its own for each error of the model.
  const isModeled = !/ServiceException$/.test(error.constructor.name) || error.constructor.name === error.name;
  const name = isModeled ? exceptionName(error.name) : style.unmodeled;
  return new StateFailure(`${style.prefix}.${name}`, style.describe(error.message, code, status, requestId));
}

/** `NotFound` -> `NotFoundException`, as the SDK for Java names its classes. */
function exceptionName(name: string): string {
  return `${javaName(name.replace(/(Fault|Exception)$/, ''))}Exception`;
}

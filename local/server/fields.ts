import { boolean, integer, list, oneOf, structure, text } from './parameters.ts';

/** The shapes that many actions share, with the bounds that the API's service model gives them. */

export const arn = text({ least: 1, most: 256 });
export const longArn = text({ least: 1, most: 2000 });
export const name = text({ least: 1, most: 80 });
export const definition = text({ least: 1, most: 1_048_576, isSensitive: true });
export const data = text({ most: 262_144, isSensitive: true });
export const error = text({ most: 256, isSensitive: true });
export const cause = text({ most: 32_768, isSensitive: true });
export const description = text({ most: 256, isSensitive: true });
export const traceHeader = text({ most: 256, pattern: String.raw`\p{ASCII}*` });
export const taskToken = text({ least: 1, most: 2048 });
export const pageSize = integer(0, 1000);
export const pageToken = text({ least: 1, most: 1024 });
export const machineType = oneOf('STANDARD', 'EXPRESS');
export const includedData = oneOf('ALL_DATA', 'METADATA_ONLY');

export const tags = list(structure({ key: text({ least: 1, most: 128 }), value: text({ most: 256 }) }));

export const loggingConfiguration = structure({
  level: oneOf('ALL', 'ERROR', 'FATAL', 'OFF'),
  includeExecutionData: boolean,
  destinations: list(structure({ cloudWatchLogsLogGroup: structure({ logGroupArn: arn }) })),
});

export const tracingConfiguration = structure({ enabled: boolean });

export const encryptionConfiguration = structure({
  type: oneOf('AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY'),
  kmsKeyId: text({ least: 1, most: 2048 }),
  kmsDataKeyReusePeriodSeconds: integer(60, 900),
});

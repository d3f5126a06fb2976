import { boolean, integer, list, map, number, oneOf, required, structure, text } from './parameters.ts';

/** The shapes that the actions of EventBridge share, with the bounds that its service model gives them. */

const NAME = String.raw`[\.\-_A-Za-z0-9]+`;
const BUS_ARN = String.raw`(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?`;

export const ruleName = text({ least: 1, most: 64, pattern: NAME });
export const busName = text({ least: 1, most: 256, pattern: String.raw`[/\.\-_A-Za-z0-9]+` });
export const busNameOrArn = text({ least: 1, most: 1600, pattern: String.raw`${BUS_ARN}[/\.\-_A-Za-z0-9]+` });
export const longArn = text({ least: 1, most: 1600 });
export const eventPattern = text({ most: 4096 });
export const description = text({ most: 512 });
export const ruleState = oneOf('ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
export const force = boolean;

const inputPath = text({ most: 256 });
const targetId = text({ least: 1, most: 64, pattern: NAME });

export const targetIds = list(targetId, { least: 1, most: 100 });

export const targets = list(
  structure({
    Id: required(targetId),
    Arn: required(longArn),
    RoleArn: longArn,
    Input: text({ most: 8192 }),
    InputPath: inputPath,
    InputTransformer: structure({
      InputPathsMap: map(inputPath, { key: text({ least: 1, most: 256, pattern: '[A-Za-z0-9_-]+' }), most: 100 }),
      InputTemplate: required(text({ least: 1, most: 8192 })),
    }),
    DeadLetterConfig: structure({ Arn: longArn }),
    RetryPolicy: structure({ MaximumRetryAttempts: integer(0, 185), MaximumEventAgeInSeconds: integer(60, 86_400) }),
  }),
  { least: 1, most: 100 },
);

/** The last time that a date can have, in seconds. */
const MOST_SECONDS = 8.64e12;

export const entries = list(
  structure({
    Time: number(-MOST_SECONDS, MOST_SECONDS),
    Source: text({}),
    Resources: list(text({ most: 2048 })),
    DetailType: text({}),
    Detail: text({}),
    EventBusName: text({ least: 1, most: 1600, pattern: BUS_ARN + NAME }),
    TraceHeader: text({ least: 1, most: 500 }),
  }),
  { least: 1, most: 10, show: (items) => `${items.length} entries` },
);

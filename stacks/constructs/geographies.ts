import { Token } from 'aws-cdk-lib/core';
import type { Model, ProfilePrefix } from '../../functions/shared/models.ts';
import { ConfigurationError } from '../configuration-error.ts';

/** A profile that keeps requests inside one geography; `global` is the only one that does not. */
export type Geography = Exclude<ProfilePrefix, 'global'>;

/** From each Region that a profile can be called from, the Regions that it may route a request to. */
type Routes = Readonly<Record<string, readonly string[]>>;

const US = ['us-east-1', 'us-east-2', 'us-west-2'];
const EU = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
const JP = ['ap-northeast-1', 'ap-northeast-3'];
const AU = ['ap-southeast-2', 'ap-southeast-4'];

/** Regions that route to the geography's own ones; a guest adds itself for its own requests only. */
const routes = (own: readonly string[], guests: readonly string[] = []): Routes =>
  Object.fromEntries([
    ...own.map((source) => [source, own] as const),
    ...guests.map((source) => [source, [...own, source]] as const),
  ]);

/**
 * Source: the Amazon Bedrock user guide, "Supported Regions and models for inference profiles", its tables of us, eu and
 * au for Claude Haiku 4.5. Second-hand: jp, from a summary of AWS's announcement of Claude Haiku 5.5, and Auckland
 * (ap-southeast-6), from one of Bedrock in New Zealand. Claude Haiku 5.5 is taken to route as 4.5 does.
 * `aws bedrock get-inference-profile` says what holds for an account.
 */
const GEOGRAPHIES: Readonly<Record<Geography, Routes>> = {
  us: routes(US, ['us-west-1', 'ca-central-1']),
  eu: routes(EU, ['eu-central-2', 'eu-west-2']),
  jp: routes(JP),
  au: routes(AU, ['ap-southeast-6']),
};

/** The Regions that a geographic profile can be called from. */
export function sourceRegions(geography: Geography): string[] {
  return Object.keys(GEOGRAPHIES[geography]);
}

/**
 * The Regions that a geographic profile of the model may route to when called from `region`.
 * Throws a ConfigurationError when it cannot be called from there, or when the Region is only known at deployment.
 */
export function destinationRegions(model: Model, geography: Geography, region: string): readonly string[] {
  const found = `modelIds: found ${geography}.${model.id}`;
  const allowed = `profile ${geography}. can be called from ${sourceRegions(geography).join(', ')}`;
  if (Token.isUnresolved(region)) {
    throw new ConfigurationError(`${found}, but the Region is not known: ${allowed}; set AWS_REGION to one`);
  }
  const destinations = GEOGRAPHIES[geography][region];
  if (destinations) return destinations;
  const others = model.profiles.filter((profile) => profile === 'global' || GEOGRAPHIES[profile][region]);
  const instead = others.map((profile) => `${profile}.${model.id}`).join(' or ');
  throw new ConfigurationError(
    `${found}, but the Region is ${region}: ${allowed}${instead ? `; use ${instead} instead` : ''}`,
  );
}

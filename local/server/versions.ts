import type { StateMachineRecord, Store, VersionRecord } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';

/** Throws the ValidationException that AWS answers to a description of a version that is not asked for. */
export function checkPublication(publish: boolean | undefined, versionDescription: string | undefined): void {
  if (publish || versionDescription === undefined) return;
  throw new ApiError('ValidationException', 'Version description can only be set when publish is true');
}

/** The version that was published of this revision, unless it was deleted. */
export function findVersion(store: Store, { stateMachineArn, revisionId }: StateMachineRecord) {
  return listVersions(store, stateMachineArn).find(({ stateMachine }) => stateMachine.revisionId === revisionId);
}

/** A state machine's versions, the latest first. */
export function listVersions(store: Store, stateMachineArn: string): VersionRecord[] {
  const versions = store.versions.list().filter(({ stateMachine }) => stateMachine.stateMachineArn === stateMachineArn);
  return versions.toReversed();
}

/** Publishes the revision as the next version, or answers the version that it is already. */
export function publishVersion(
  { store, clock }: ServerContext,
  machine: StateMachineRecord,
  description: string | undefined,
): VersionRecord {
  const existing = findVersion(store, machine);
  if (existing) return existing;
  const number = (machine.lastVersion ?? 0) + 1;
  const numbered = { ...machine, lastVersion: number };
  const version = {
    stateMachineVersionArn: `${machine.stateMachineArn}:${number}`,
    stateMachine: numbered,
    number,
    ...(description !== undefined && { description }),
    creationDate: clock.now(),
  };
  store.stateMachines.put(numbered);
  store.versions.put(version);
  return version;
}

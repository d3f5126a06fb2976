import { findModel } from '../../functions/shared/models.ts';
import type { Clients } from '../doctor/clients.ts';
import { checkConfiguration } from '../doctor/configuration.ts';
import { type Finding, fail, ok, warn } from '../doctor/finding.ts';
import { checkNode } from '../doctor/node.ts';
import type { Environment } from '../environment.ts';
import { EXIT } from '../exit-codes.ts';
import { toOneLine } from '../log/log-line.ts';
import type { Writer } from '../log/writer.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';

export interface DoctorIo {
  readonly stdout: Writer;
  readonly env: NodeJS.ProcessEnv;
  /** As `v20.19.0`. */
  readonly nodeVersion: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The Region of the AWS configuration, where AWS_REGION is not set. */
  findRegion(): Promise<string | undefined>;
  openClients(region: string): Promise<Clients>;
}

/** Checks the laptop, and the account as far as there are credentials. Returns the exit code. */
export async function doctor({ isJson }: { isJson: boolean }, io: DoctorIo): Promise<number> {
  const findings: Finding[] = [];
  const report = (...found: readonly Finding[]): void => {
    findings.push(...found);
    if (!isJson) for (const finding of found) io.stdout.write(`${wordFinding(finding)}\n`);
  };
  report(checkNode(io.nodeVersion));
  const { findings: configured, environment } = checkConfiguration(io.env, io.now());
  report(...configured);
  await checkAccount(environment, io, report);
  if (isJson) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  return findings.some(({ status }) => status === 'FAIL') ? EXIT.failed : EXIT.answered;
}

async function checkAccount(environment: Environment, io: DoctorIo, report: (...found: Finding[]) => void) {
  const { stateMachineArn = '', modelIds } = environment;
  const deployedIn = regionOfStateMachine(stateMachineArn);
  if (stateMachineArn && !deployedIn) {
    report(
      fail('State machine', `STATE_MACHINE_ARN "${stateMachineArn}"`, 'set the ARN that "npm run deploy" printed'),
    );
  }
  const region = environment.region ?? (await io.findRegion()) ?? deployedIn;
  if (!region) {
    report(warn('Region', 'none', 'set AWS_REGION for checks in the account, in the environment or in .env'));
    return;
  }
  report(ok('Region', region));
  // Each check's module brings its client, and geographies.ts the CDK: only who has credentials waits for them.
  const clients = await io.openClients(region);
  const { checkIdentity } = await import('../doctor/identity.ts');
  const identity = await checkIdentity(clients.sts);
  report(identity);
  if (identity.status !== 'OK') {
    const skipped = ['Access', 'Lifecycle', 'Profiles', 'Quotas', ...(deployedIn ? ['State machine'] : [])];
    report(...skipped.map((what) => warn(what, 'not checked', 'see Credentials')));
    return;
  }
  const checks = await import('../doctor/account.ts');
  const entries = modelIds.flatMap((modelId) => findModel(modelId) ?? []);
  report(...(await checks.checkModels(clients, entries, region, io.now())));
  if (deployedIn) {
    const inItsRegion = deployedIn === region ? clients : await io.openClients(deployedIn);
    report(await checks.checkStateMachine(inItsRegion.sfn, stateMachineArn));
  } else if (!stateMachineArn)
    report(ok('State machine', 'STATE_MACHINE_ARN is not set: npm start runs it on this machine'));
}

/** `WARN  Quotas: not checked; see Credentials`. */
function wordFinding({ status, what, found, todo }: Finding): string {
  return toOneLine(`${status.padEnd(5)} ${what}: ${found}${todo ? `; ${todo}` : ''}`);
}

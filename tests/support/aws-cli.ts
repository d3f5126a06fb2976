import { execFile, spawnSync } from 'node:child_process';

/** Whether the tests with the AWS CLI can run. */
export const hasAwsCli = spawnSync('aws', ['--version']).status === 0;
if (!hasAwsCli) process.stderr.write('Skipped the tests with the AWS CLI: there is no `aws` on the PATH\n');

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the AWS CLI against an endpoint, with no setting of whoever runs the tests. */
export function runAwsCli(url: string, words: readonly string[]): Promise<Printed> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
  };
  return new Promise((resolve) => {
    execFile('aws', [...words, '--endpoint-url', url, '--output', 'json'], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

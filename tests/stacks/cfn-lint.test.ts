import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { pipelineStack } from './synthesise.ts';

const isInstalled = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'cfn-lint')));
if (!isInstalled) console.warn('The template was not linted: cfn-lint is not on the PATH (pip install cfn-lint)');

(isInstalled ? test : test.skip)(
  'cfn-lint finds nothing in the template, nor in that of the role that GitHub deploys with',
  () => {
    const template = Template.fromStack(pipelineStack()).toJSON();
    const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
    const asDeployed = join(folder, 'template.json');
    writeFileSync(asDeployed, JSON.stringify(template));
    // The template exempts its definition, as the rule knows no placeholder within an ARN. Without one it must pass.
    const withPartition = join(folder, 'with-partition.json');
    template['Metadata'] = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };
    writeFileSync(withPartition, JSON.stringify(template).replaceAll('arn:${Partition}:', 'arn:aws:'));

    const { status, stdout, stderr } = spawnSync('cfn-lint', [asDeployed, withPartition, '.github/deploy-role.yml'], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  },
  60_000,
);

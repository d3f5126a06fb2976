import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import type { ModelEntry } from '../../functions/shared/models.ts';

/** Only a warning: the template is right in every partition, whether or not the model is offered there. */
export function warnOutsideCommercialRegions(scope: Construct, models: readonly ModelEntry[]): void {
  const { region } = Stack.of(scope);
  const globals = models.filter(({ profile }) => profile === 'global').map(({ modelId }) => modelId);
  if (globals.length === 0 || Token.isUnresolved(region)) return;
  if ((RegionInfo.get(region).partition ?? 'aws') === 'aws') return;
  Annotations.of(scope).addWarningV2(
    'orchestrated-bedrock-pipeline:globalProfileRegion',
    `Global profiles can be called from commercial Regions only, not from ${region}: ${globals.join(', ')}`,
  );
}

import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../configuration-error.ts';

export interface NetworkProps {
  /** The VPC that the functions run in. Default: none of the account's. */
  readonly vpc?: IVpc | undefined;
  /** Which of its subnets, private ones. Default: the private ones with a way out. */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** Default: one for all functions, which lets HTTPS out and nothing in. */
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
}

/** Where functions run inside of a VPC. */
export interface Network {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/** Throws a ConfigurationError. One network for all functions, as those with the same subnets and security groups share network interfaces. */
export function chooseNetwork(
  scope: Construct,
  { vpc, vpcSubnets, securityGroups }: NetworkProps,
): Network | undefined {
  if (!vpc) {
    const stray = vpcSubnets ? 'vpcSubnets' : securityGroups && 'securityGroups';
    if (stray) throw new ConfigurationError(`${stray}: found without vpc, allowed is only beside vpc`);
    return undefined;
  }
  if (securityGroups?.length === 0) {
    throw new ConfigurationError('securityGroups: found none, allowed is at least one, or no property');
  }
  return {
    vpc,
    ...(vpcSubnets && { vpcSubnets }),
    securityGroups: securityGroups ? [...securityGroups] : [httpsOut(scope, vpc)],
  };
}

function httpsOut(scope: Construct, vpc: IVpc): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Functions of the Bedrock pipeline: HTTPS out',
    allowAllOutbound: false,
  });
  group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'The APIs of AWS');
  return group;
}

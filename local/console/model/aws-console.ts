/** Addresses in the AWS Management Console, for what an ARN names. */

const DOMAINS: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

function home(arn: string, service: string): string {
  const [, partition = '', , region = ''] = arn.split(':');
  return `https://${DOMAINS[partition] ?? 'console.aws.amazon.com'}/${service}/home?region=${region}`;
}

export function executionUrl(executionArn: string): string {
  return `${home(executionArn, 'states')}#/v2/executions/details/${executionArn}`;
}

export function functionUrl(functionArn: string): string {
  return `${home(functionArn, 'lambda')}#/functions/${functionArn.split(':')[6]}`;
}

/** `arn` is of anything in the same partition and Region. CloudWatch escapes a name twice, with `$` for `%`. */
export function logGroupUrl(arn: string, group: string): string {
  const name = encodeURIComponent(encodeURIComponent(group)).replaceAll('%', '$');
  return `${home(arn, 'cloudwatch')}#logsV2:log-groups/log-group/${name}`;
}

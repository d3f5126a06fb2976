import { randomUUID } from 'node:crypto';
import { xmlDocument } from '../s3/xml.ts';
import type { Service } from './router.ts';

/** The name of a service in the scope of its signature: AKID/20261124/us-east-1/lambda/aws4_request. */
const SCOPE = /^AWS4-\S+ Credential=[^/,]*\/[^/,]*\/[^/,]*\/([\w-]+)\/aws4_request/;

const SERVED = new Set(['states', 'events', 's3', 'logs']);

/** Refuses what is signed for a service that is not here, which otherwise one that is would take for its own. */
export function createOtherServices(): Service {
  return {
    takes: ({ headers }) => {
      const service = SCOPE.exec(headers.authorization ?? '')?.[1];
      return service !== undefined && !SERVED.has(service);
    },
    async answer({ headers }, response) {
      const service = SCOPE.exec(headers.authorization ?? '')?.[1] ?? '';
      const type = 'UnknownOperationException';
      const message = `${service} is not served here, but Step Functions, EventBridge, S3 and CloudWatch Logs are`;
      // The query protocol, of STS, IAM, SNS and CloudFormation, answers in XML.
      const isQuery = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
      response.writeHead(400, {
        'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.0',
        'x-amzn-errortype': type,
        'x-amzn-requestid': randomUUID(),
      });
      const error = { Error: { Code: type, Message: message } };
      response.end(isQuery ? xmlDocument('ErrorResponse', error) : JSON.stringify({ __type: type, message }));
    },
  };
}

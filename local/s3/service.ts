import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { findAction } from './actions/index.ts';
import { readRequest } from './request.ts';
import { S3_ERRORS, S3Error, type S3ErrorCode, type S3Storage } from './s3.ts';
import { xmlDocument } from './xml.ts';

/** A signature in a header, and one in a presigned URL, which the AWS CLI may make in the old way. */
const SIGNATURE = /^AWS4-/;
const PRESIGNED = /[?&](X-Amz-)?Signature=/i;

/**
 * The S3 API (REST, XML) over a storage. A request is S3's when it is signed as AWS requests are and names no target, as
 * those of the JSON APIs do; the signature itself is not checked.
 */
export function createS3Service(storage: S3Storage) {
  return {
    takes({ headers, url = '' }: IncomingMessage): boolean {
      const isSigned = SIGNATURE.test(headers.authorization ?? '') || PRESIGNED.test(url);
      return isSigned && headers['x-amz-target'] === undefined;
    },
    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      response.setHeader('x-amz-request-id', randomUUID());
      response.setHeader('server', 'AmazonS3');
      try {
        const asked = readRequest(request);
        const action = findAction(request.method ?? '', asked);
        if (!action) throw new S3Error('NotImplemented', `${request.method} ${request.url}`);
        const { status, headers, body } = await action(asked, storage);
        const isDocument = typeof body === 'string' && body !== '';
        response.writeHead(status, { ...(isDocument && { 'content-type': 'application/xml' }), ...headers });
        if (body === undefined || typeof body === 'string') response.end(body);
        else await pipeline(body, response);
      } catch (error) {
        refuse(error, request, response);
      }
    },
  };
}

function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  // An object that broke off can only be shown to be incomplete.
  if (response.headersSent || request.socket.destroyed) return void response.destroy();
  const code: S3ErrorCode = error instanceof S3Error ? error.code : 'InternalError';
  const [status] = S3_ERRORS[code];
  const Message = error instanceof Error ? error.message : String(error);
  const content = {
    Code: code,
    Message,
    Resource: request.url,
    RequestId: String(response.getHeader('x-amz-request-id')),
  };
  response.writeHead(status, { 'content-type': 'application/xml' });
  // The answer to HEAD has no body, and so the caller sees the status only.
  response.end(request.method === 'HEAD' ? undefined : xmlDocument('Error', content));
}

import { randomUUID } from 'node:crypto';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { INTERNAL } from './errors.js';
import { isWorded, wordsOf, type WordedStatus } from './words.js';

const CODES: Readonly<Partial<Record<WordedStatus, string>>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'BAD_REQUEST',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'SERVICE_UNAVAILABLE',
};

/** Answers what went wrong before GraphQL (a body too large, no JSON, no such path) in GraphQL's form. */
@Catch()
export class HttpErrorsFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(exception);
    const code = isWorded(status) ? CODES[status] : undefined;
    if (isWorded(status) && code !== undefined) {
      void reply
        .code(status)
        .send({ errors: [{ message: wordsOf(status), extensions: { code } }] });
      return;
    }
    const id = randomUUID();
    this.log.error({ id, err: exception }, 'unexpected error');
    const extensions = { code: 'INTERNAL_SERVER_ERROR', id };
    void reply.code(500).send({ errors: [{ ...INTERNAL, extensions }] });
  }
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  if (typeof exception !== 'object' || exception === null || !('statusCode' in exception))
    return 500;
  return typeof exception.statusCode === 'number' ? exception.statusCode : 500;
}

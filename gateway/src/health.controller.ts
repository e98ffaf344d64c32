import { Controller, Get, Header, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiSchema } from './edge.js';

@Controller()
export class HealthController {
  constructor(@Inject(ApiSchema) private readonly apiSchema: ApiSchema) {}

  /** The event loop turns. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** There is a schema to serve. Subgraphs are not asked: one that is down must not take the others with it. */
  @Get('health/ready')
  ready(): { status: 'ok' } {
    if (this.apiSchema.sdl === null) throw new ServiceUnavailableException('no schema yet');
    return { status: 'ok' };
  }

  /** The published API in every environment; introspection is for development. */
  @Get('schema.graphql')
  @Header('content-type', 'text/plain; charset=utf-8')
  schema(): string {
    if (this.apiSchema.sdl === null) throw new ServiceUnavailableException('no schema yet');
    return this.apiSchema.sdl;
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { register } from 'prom-client';

/** What a monitoring system scrapes: counts and ages, never a value of the business. */
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}

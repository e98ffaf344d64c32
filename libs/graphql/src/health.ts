import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Database } from '@mulin/database';
import { READINESS, type Readiness } from './tokens.js';

/** Liveness: the event loop turns. Readiness: the database answers, and every part says it is well. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(READINESS) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<Record<string, string>> {
    const report: Record<string, string> = { database: await this.databaseState() };
    for (const [name, check] of this.readiness.checks) report[name] = check();
    const well = Object.values(report).every((state) => state === 'ok');
    if (!well) throw new ServiceUnavailableException(report);
    return report;
  }

  private async databaseState(): Promise<string> {
    try {
      await this.database.app.query('select 1');
      return 'ok';
    } catch {
      return 'unreachable';
    }
  }
}

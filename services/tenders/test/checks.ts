import { expect } from '@jest/globals';
import type { TestService } from '@mulin/testing';
import { checks } from '../src/index.js';

/** Every sentence of checks.ts holds for whatever a suite left behind. */
export async function expectChecksToHold(mulin: TestService): Promise<void> {
  for (const { name, sql } of checks)
    expect({ name, violations: await mulin.database.query(sql) }).toEqual({ name, violations: [] });
}

import { expect } from '@jest/globals';
import type { TestService } from '@mulin/testing';
import { checks, proofs } from '../src/checks.js';

/** Every sentence of checks.ts holds for whatever a suite left behind. */
export async function expectChecksToHold(mulin: TestService): Promise<void> {
  for (const { name, sql } of checks)
    expect({ name, violations: await mulin.database.query(sql) }).toEqual({ name, violations: [] });
  for (const { name, find } of proofs)
    expect({ name, violations: await find((sql) => mulin.database.query(sql)) }).toEqual({
      name,
      violations: [],
    });
}

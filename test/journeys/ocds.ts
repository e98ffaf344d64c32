import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AnySchemaObject } from 'ajv';
import { HUB, serveExtensions } from './ocds-extensions.js';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const ZIP = new URL('../../../shared/data/ocds-1.1.5-schema.zip', import.meta.url).pathname;
const FOLDER = 'standard-1__1__5/schema';
const run = promisify(execFile);
const ROOT = new URL('../../', import.meta.url).pathname;
const VENV = `${ROOT}node_modules/.cache/mulin/ocds`;
const TOOL = `${VENV}/bin/libcoveocds`;

/**
 * Validates by the schema of OCDS 1.1.5 (draft-04) and answers what is wrong; null where the schema is not at hand:
 * it is not ours to copy into the repository.
 */
export async function ocdsValidator(
  name: 'release-package-schema.json' | 'record-package-schema.json',
): Promise<((value: unknown) => string[]) | null> {
  if (!existsSync(ZIP) || !(await canUnzip())) return null;
  const read = async (file: string) => {
    const { stdout } = await run('unzip', ['-p', ZIP, `${FOLDER}/${file}`], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as AnySchemaObject;
  };
  const ajv = new Draft04.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const file of ['release-schema.json', 'versioned-release-validation-schema.json'])
    ajv.addSchema(await read(file));
  const validate = ajv.compile(await read(name));
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function canUnzip(): Promise<boolean> {
  try {
    await run('unzip', ['-v']);
    return true;
  } catch {
    console.warn('There is no unzip on this machine: the OCDS schema cannot be read.');
    return false;
  }
}

/** What the reference checker of OCDS says of a package, section by section. */
export interface CoveResult {
  count: number;
  validation_errors: unknown[];
  deprecated_fields: unknown[];
  additional_fields: unknown[];
  additional_checks: object;
  additional_closed_codelist_values: object;
  additional_open_codelist_values: object;
  conformance_errors?: object;
}

/**
 * Checks a package by libcoveocds, with the definitions of the extensions served from here; null where the schema is not at hand, or the tool can neither be found nor installed
 * (it needs python3 and, the first time, the network).
 */
export async function cove(text: string): Promise<CoveResult | null> {
  if (!existsSync(ZIP) || !(await installed())) return null;
  const folder = await mkdtemp(join(tmpdir(), 'mulin-ocds-'));
  const extensions = await serveExtensions();
  try {
    const file = join(folder, 'package.json');
    await writeFile(file, text.replaceAll(HUB, extensions.base));
    const { stdout } = await run(TOOL, [file, '--standard-zip', ZIP], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as CoveResult;
  } finally {
    await extensions.close();
    await rm(folder, { recursive: true });
  }
}

async function installed(): Promise<boolean> {
  if (existsSync(TOOL)) return true;
  const requirements = `${ROOT}test/journeys/ocds-requirements.txt`;
  try {
    await run('python3', ['-m', 'venv', VENV]);
    await run(`${VENV}/bin/pip`, ['install', '--quiet', '-r', requirements]);
    return existsSync(TOOL);
  } catch (error) {
    console.warn(
      'libcoveocds could not be installed:',
      error instanceof Error ? error.message : '',
    );
    return false;
  }
}

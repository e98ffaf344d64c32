import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { AnySchemaObject } from 'ajv';
import { checkerState, checkerTool, SCHEMA_ZIP } from '../../infra/dev/lib/ocds-checker.mjs';
import { HUB, serveExtensions } from './ocds-extensions.js';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const FOLDER = 'standard-1__1__5/schema';
const STANDARD = 'https://standard.open-contracting.org/schema/1__1__5';
const VERSIONED = '/versioned-release-validation-schema.json';
const LARGEST = 64 * 1024 * 1024;
/** Copies a ZIP file with one text in it replaced by another: from, to, text, by. */
const REWRITE = `import sys, zipfile
old, new = (text.encode() for text in sys.argv[3:5])
with zipfile.ZipFile(sys.argv[1]) as source, zipfile.ZipFile(sys.argv[2], 'w') as copy:
    for entry in source.infolist():
        copy.writestr(entry, source.read(entry).replace(old, new))`;
const run = promisify(execFile);

/**
 * Validates by the schema of OCDS 1.1.5 (draft-04) and answers what is wrong; null where the schema is not at hand:
 * it is not ours to copy into the repository.
 */
export async function ocdsValidator(
  name: 'release-package-schema.json' | 'record-package-schema.json',
): Promise<((value: unknown) => string[]) | null> {
  if (!existsSync(SCHEMA_ZIP) || !(await canUnzip())) return null;
  const read = async (file: string) => JSON.parse(await schemaText(file)) as AnySchemaObject;
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

/** One file of the standard's schema. */
async function schemaText(file: string): Promise<string> {
  const { stdout } = await run('unzip', ['-p', SCHEMA_ZIP, `${FOLDER}/${file}`], {
    maxBuffer: LARGEST,
  });
  return stdout;
}

async function canUnzip(): Promise<boolean> {
  try {
    await run('unzip', ['-v']);
    return true;
  } catch {
    const missing = 'There is no unzip on this machine: the OCDS schema cannot be read.';
    if (process.env.CI) throw new Error(missing);
    console.warn(missing);
    return false;
  }
}

/** What a package without a fault looks like: every section of the checker's answer is empty. */
export const NO_FINDING = {
  ...{ validation_errors: [], deprecated_fields: [], additional_fields: [], additional_checks: {} },
  ...{ additional_closed_codelist_values: {}, additional_open_codelist_values: {} },
};

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
 * Checks a package by libcoveocds, with the definitions of the extensions served from here; null where the schema is not
 * at hand. With the schema CI must have the tool (the step `checker` installs it); elsewhere its absence is said.
 */
export async function cove(text: string): Promise<CoveResult | null> {
  const tool = toolOrNull('libcoveocds');
  if (!tool) return null;
  const served = await serveExtensions({ [VERSIONED]: await schemaText(VERSIONED.slice(1)) });
  try {
    return await inFile(text.replaceAll(HUB, served.base), async (file) => {
      const zip = `${file}.zip`;
      // A record package names one of the standard's schemas by its address; here it is asked for on this machine.
      const python = join(dirname(tool), 'python');
      await run(python, [
        '-c',
        REWRITE,
        SCHEMA_ZIP,
        zip,
        `${STANDARD}${VERSIONED}`,
        `${served.base}${VERSIONED}`,
      ]);
      const { stdout } = await run(tool, [file, '--standard-zip', zip], { maxBuffer: LARGEST });
      return JSON.parse(stdout) as CoveResult;
    });
  } finally {
    await served.close();
  }
}

const COMPILE = `import json, sys, ocdsmerge
schema, releases = (json.load(open(name)) for name in sys.argv[1:3])
print(json.dumps(ocdsmerge.Merger(schema).create_compiled_release(releases)))`;

/** The releases of one process as the standard's own tool merges them; null where it is not at hand, as above. */
export async function merged(releases: object[]): Promise<unknown> {
  const python = toolOrNull('python');
  if (!python) return null;
  const schema = await schemaText('release-schema.json');
  return inFile(schema, (schemaFile) =>
    inFile(JSON.stringify(releases), async (file) => {
      const { stdout } = await run(python, ['-c', COMPILE, schemaFile, file], {
        maxBuffer: LARGEST,
      });
      return JSON.parse(stdout) as unknown;
    }),
  );
}

/** A tool of the checker's folder; null where tests may go on without it. */
export function toolOrNull(name: string): string | null {
  if (checkerState() === 'absent') {
    console.warn('The OCDS schema is not at hand (../shared/data): not checked by it.');
    return null;
  }
  const tool = checkerTool(name);
  const missing = 'The OCDS checker is not installed: run node infra/dev/ocds-checker.mjs.';
  if (!tool && process.env.CI) throw new Error(missing);
  if (!tool) console.warn(missing);
  return tool;
}

/** Writes text to a file of its own for as long as the work takes. */
export async function inFile<T>(text: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mulin-ocds-'));
  try {
    const file = join(folder, 'package.json');
    await writeFile(file, text);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

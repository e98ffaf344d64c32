import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { AnySchemaObject } from 'ajv';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const ZIP = new URL('../../../shared/data/ocds-1.1.5-schema.zip', import.meta.url).pathname;
const FOLDER = 'standard-1__1__5/schema';
const run = promisify(execFile);

/**
 * Validates by the schema of OCDS 1.1.5 (draft-04) and answers what is wrong; null where the schema is not at hand:
 * it is not ours to copy into the repository.
 */
export async function ocdsValidator(
  name: 'release-package-schema.json' | 'record-package-schema.json',
): Promise<((value: unknown) => string[]) | null> {
  if (!existsSync(ZIP)) return null;
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

/**
 * A guard nobody saw fail guards nothing: this hands the linter one forbidden import of each kind, as if
 * it stood in a service or a library, and fails when the linter lets it pass. (The real files are checked
 * by the lint step itself.)
 */
import { ESLint } from 'eslint';
import { fail, green, red, say } from './lib/log.mjs';
import { serviceNames } from './lib/plan.mjs';
import { ROOT } from './lib/state.mjs';

const [first = 'organisations', second] = serviceNames();

const FORBIDDEN = [
  ...(second
    ? [
        {
          where: `services/${first}/src/index.ts`,
          imports: `@mulin/${second}`,
          because: 'a service imports another service',
        },
      ]
    : []),
  ...(second
    ? [
        {
          where: `services/${first}/src/index.ts`,
          imports: `../../${second}/src/index.js`,
          because: 'a service reaches into another by path',
        },
      ]
    : []),
  {
    where: 'libs/money/src/index.ts',
    imports: `@mulin/${first}`,
    because: 'a library imports a service',
  },
];

async function main() {
  // On CI the TypeScript parser reads each file once, from the disk: it would not see our text.
  process.env.TSESTREE_SINGLE_RUN = 'false';
  const eslint = new ESLint({ cwd: ROOT });
  let passed = 0;
  for (const { where, imports, because } of FORBIDDEN) {
    const [result] = await eslint.lintText(`export * from '${imports}';\n`, { filePath: where });
    const refused =
      result?.messages.some(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries') ?? false;
    if (refused) passed += 1;
    say(
      `${refused ? green('✓') : red('✗')} ${because}: ${refused ? 'refused' : 'NOT refused'} (${where} → ${imports})`,
    );
  }
  process.exitCode = passed === FORBIDDEN.length ? 0 : 1;
}

main().catch(fail);

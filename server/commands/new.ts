import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapterFiles } from './new-templates.ts';

const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, char: string) => char.toUpperCase());
const titleOf = (name: string) =>
  name.replace(/(^|-)([a-z0-9])/g, (_, dash: string, char: string) => (dash && ' ') + char.toUpperCase());

/** Why a name cannot be had, in plain words; nothing when it can. */
function objection(name: string | undefined, integrations: string, catalogue: string): string | undefined {
  if (!name) return 'Say what it is called: npm run new -- acme-crm';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    return `"${name}" is no name for a folder here: small letters, digits and single dashes, a letter first, 40 at most.`;
  if (['sdk', 'index', 'default'].includes(name)) return `"${name}" means something here already.`;
  if (existsSync(join(integrations, name)) || new RegExp(`\\badapter as ${camel(name)}\\b`).test(catalogue))
    return `"${name}" is taken: integrations/${name} is there.`;
}

/**
 * Writes `<integrations>/<name>/` with a working adapter against the sandbox CRM, and its line in the catalogue (R80).
 * Answers what to do next. A name that is taken or no name is an Error in plain words, and then no file changes.
 */
export function newAdapter(name: string | undefined, integrations: string): string {
  const index = join(integrations, 'index.ts');
  const catalogue = readFileSync(index, 'utf8');
  const no = objection(name, integrations, catalogue);
  if (no || !name) throw new Error(no);
  const folder = join(integrations, name);
  mkdirSync(folder);
  try {
    for (const [file, text] of Object.entries(adapterFiles(name, titleOf(name))))
      writeFileSync(join(folder, file), text);
    const lines = catalogue.trimEnd().split('\n');
    const exported = lines.filter((line) => line.startsWith('export '));
    const rest = lines.filter((line) => !line.startsWith('export '));
    const sorted = [...exported, `export { adapter as ${camel(name)} } from './${name}/adapter.ts';`].sort((a, b) =>
      (a.split("'")[1] ?? '') < (b.split("'")[1] ?? '') ? -1 : 1,
    );
    writeFileSync(`${index}.new`, `${[...rest, ...sorted].join('\n')}\n`);
    renameSync(`${index}.new`, index);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${index}.new`, { force: true });
    throw error;
  }
  return `integrations/${name} is there and works against the sandbox CRM.

  npm test -- ${name}        its tests, green now
  npm start                  connect ${titleOf(name)} in the console and send to it

Then make it yours: facts.ts says who the partner is and which calls it takes, adapter.ts which fields it needs, why, and
what is asked of the partner. integrations/README.md has the rest, on one page.`;
}

if (import.meta.main) {
  try {
    console.log(newAdapter(process.argv[2], fileURLToPath(new URL('../../integrations/', import.meta.url))));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
